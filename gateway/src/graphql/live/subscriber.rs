//! One subscription: what was missed, then the common stream; and again, for who falls behind.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;

use super::Live;
use super::established::Established;
use super::follower::{Follower, Joined, Registered};
use super::interest::{Interest, Objects};
use super::reading::{Range, read};
use super::sight::Sight;
use crate::db::{Caller, Database, DatabaseError};
use crate::graphql::documents::Documents;
use crate::graphql::types::{AuthenticatorChange, ChangesPage};

/// A subscriber in the order of its changes.
pub(crate) struct Subscriber {
    database: Database,
    caller: Arc<Caller>,
    interest: Interest,
    follower: Arc<Follower>,
    _registered: Registered,
    /// Behind what it was told or passed over.
    cursor: Option<String>,
    queue: VecDeque<AuthenticatorChange>,
    state: State,
    established: Established,
}

enum State {
    /// Has no place in the common stream.
    Apart,
    /// Has one, and reads what is before it.
    CatchingUp(Joined),
    /// Takes what comes.
    Following(Joined),
    Ended,
}

impl Subscriber {
    /// Of everything behind a cursor, or from now on.
    pub(crate) fn new(
        live: &Live,
        caller: Arc<Caller>,
        interest: Interest,
        after: Option<String>,
        established: Established,
    ) -> Self {
        let follower = live.follower(Sight::of(&caller));
        Self {
            database: live.0.database.clone(),
            caller,
            _registered: follower.register(interest.clone()),
            interest,
            follower,
            cursor: after,
            queue: VecDeque::new(),
            state: State::Apart,
            established,
        }
    }

    /// The next change. An error is the last.
    pub(crate) async fn next(&mut self) -> Option<Result<AuthenticatorChange, DatabaseError>> {
        loop {
            if let Some(change) = self.queue.pop_front() {
                return Some(Ok(change));
            }
            if matches!(self.state, State::Ended) {
                return None;
            }
            if let Err(error) = self.step().await {
                self.state = State::Ended;
                return Some(Err(error));
            }
        }
    }

    async fn step(&mut self) -> Result<(), DatabaseError> {
        // Taken out while it is worked on: whoever drops this future drops the subscriber too.
        self.state = match std::mem::replace(&mut self.state, State::Ended) {
            State::Apart => {
                let joined = self.follower.join().await?;
                self.established.tell();
                State::CatchingUp(joined)
            }
            State::CatchingUp(joined) => self.catch_up(joined).await?,
            State::Following(joined) => self.follow(joined).await?,
            State::Ended => State::Ended,
        };
        Ok(())
    }

    /// With its own rights, up to its place in the stream: also where nothing is missed, since that is how
    /// the database gets to refuse.
    async fn catch_up(&mut self, joined: Joined) -> Result<State, DatabaseError> {
        let range = Range {
            after: Some(self.cursor.clone().unwrap_or_else(|| joined.upto.clone())),
            upto: Some(joined.upto.clone()),
            user: self.interest.user,
        };
        let objects = Objects::of(&self.interest);
        let page = read(&self.database, &self.caller, range, objects).await?;
        self.take(&page);
        Ok(match page.page.more {
            true => State::CatchingUp(joined),
            false => State::Following(joined),
        })
    }

    async fn follow(&mut self, mut joined: Joined) -> Result<State, DatabaseError> {
        match joined.pages.recv().await {
            Ok(page) => {
                self.take(&page);
                Ok(State::Following(joined))
            }
            // It fell behind, or the follower began anew: the log has what it missed.
            Err(RecvError::Lagged(_) | RecvError::Closed) => Ok(State::Apart),
        }
    }

    fn take(&mut self, page: &Arc<Documents<ChangesPage>>) {
        let user = self.interest.user;
        let wanted = AuthenticatorChange::all(page)
            .filter(|change| user.is_none_or(|user| change.row().user_id == user));
        self.queue.extend(wanted);
        self.cursor = Some(page.page.cursor.clone());
    }
}
