//! A replica, and when it may be read from: when it answers, is not too far behind, and shows what this
//! gateway changed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::changes::{About, Changes};
use super::position::Position;
use super::server::Server;

/// The server that follows, and what is known about how far it is.
pub(super) struct Replica {
    server: Server,
    max_lag: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Up to where it shows everything; `None` while it does not answer, or follows nobody.
    replayed: Option<Position>,
    /// Where the primary was at an instant, until the replica is there too.
    ahead: Option<(Instant, Position)>,
    changes: Changes,
}

impl Replica {
    pub(super) fn new(server: Server, max_lag: Duration) -> Self {
        Self {
            server,
            max_lag,
            state: Mutex::default(),
        }
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// Whether a statement about somebody of this tenant would be answered as the primary would, but for what
    /// others changed in the time that a replica may be behind.
    pub(super) fn may_answer(&self, tenant: Uuid, about: &About) -> bool {
        let state = self.state();
        let late = state
            .ahead
            .is_some_and(|(since, _)| since.elapsed() > self.max_lag);
        let needed = state.changes.needed(tenant, about);
        !late && state.replayed.is_some_and(|replayed| replayed >= needed)
    }

    /// Remembers a change that was committed on the primary before `at`.
    pub(super) fn changed(&self, tenant: Uuid, about: &About, at: Position) {
        self.state().changes.note(tenant, about, at);
    }

    /// Takes note of where the primary is.
    pub(super) fn primary_is_at(&self, at: Position) {
        let mut state = self.state();
        if state.ahead.is_none() && state.replayed.is_none_or(|replayed| replayed < at) {
            state.ahead = Some((Instant::now(), at));
        }
    }

    /// Takes note of where the replica is; `None`: it does not answer, or follows nobody.
    pub(super) fn is_at(&self, replayed: Option<Position>) {
        let mut state = self.state();
        if replayed.is_some() != state.replayed.is_some() {
            match replayed {
                Some(_) => tracing::info!("the replica is read from"),
                None => tracing::warn!("the replica cannot be read from: the primary is"),
            }
        }
        state.replayed = replayed;
        if let Some(replayed) = replayed {
            state.ahead = state.ahead.filter(|(_, at)| *at > replayed);
            state.changes.forget(replayed);
        }
    }

    /// Every change to the state is whole, so one that panicked left it whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
