//! A follower: reads what one sight is told, once for all of its subscribers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::interest::{Interest, Interests, Objects};
use super::listener::Wakes;
use super::lock;
use super::reading::{Range, read};
use super::sight::Sight;
use crate::db::{Caller, Database, DatabaseError};
use crate::graphql::documents::Documents;
use crate::graphql::types::ChangesPage;

/// How many pages wait for a subscriber before it has to read for itself.
const PAGES: usize = 8;

/// Wake-ups in quick succession are one.
const PAUSE: Duration = Duration::from_millis(20);

/// How soon to look again for what is committed but not decided yet: twice as long each time.
const PENDING: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(1)];

/// How soon to ask a database again that did not answer: twice as long each time.
const FAILED: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// No end of a lock is waited for longer than this at once.
const LONGEST: Duration = Duration::from_secs(3600);

type Page = Arc<Documents<ChangesPage>>;

/// The way to a follower. It ends when nobody holds one any more.
pub(super) struct Follower {
    joins: mpsc::Sender<oneshot::Sender<Result<Joined, DatabaseError>>>,
    interests: Arc<Mutex<Interests>>,
}

/// A place in the common stream: `pages` go on where `upto` is.
pub(super) struct Joined {
    pub(super) upto: String,
    pub(super) pages: broadcast::Receiver<Page>,
}

/// As long as it lives, pages come with the objects that were asked for.
pub(super) struct Registered {
    interests: Arc<Mutex<Interests>>,
    id: u64,
}

impl Drop for Registered {
    fn drop(&mut self) {
        lock(&self.interests).remove(self.id);
    }
}

impl Follower {
    pub(super) fn start(database: Database, sight: Sight, wakes: watch::Receiver<Wakes>) -> Self {
        let (joins, joining) = mpsc::channel(64);
        let interests = Arc::<Mutex<Interests>>::default();
        let task = Task {
            database,
            caller: sight.caller(),
            wakes,
            interests: Arc::clone(&interests),
            joining,
            pages: broadcast::Sender::new(PAGES),
            cursor: None,
            pause: PENDING[0],
            next: Instant::now(),
        };
        tokio::spawn(task.run());
        Self { joins, interests }
    }

    pub(super) fn register(&self, interest: Interest) -> Registered {
        Registered {
            id: lock(&self.interests).add(interest),
            interests: Arc::clone(&self.interests),
        }
    }

    /// A place in the common stream: behind all that is decided now.
    pub(super) async fn join(&self) -> Result<Joined, DatabaseError> {
        let (reply, joined) = oneshot::channel();
        if self.joins.send(reply).await.is_err() {
            return Err(DatabaseError::Unexpected);
        }
        joined.await.unwrap_or(Err(DatabaseError::Unexpected))
    }
}

struct Task {
    database: Database,
    caller: Arc<Caller>,
    wakes: watch::Receiver<Wakes>,
    interests: Arc<Mutex<Interests>>,
    joining: mpsc::Receiver<oneshot::Sender<Result<Joined, DatabaseError>>>,
    pages: broadcast::Sender<Page>,
    /// Behind what was read; `None`: nothing yet.
    cursor: Option<String>,
    /// How long to wait before the next reading that nothing but time asks for.
    pause: Duration,
    next: Instant,
}

impl Task {
    async fn run(mut self) {
        let mut waiting = Vec::new();
        loop {
            tokio::select! {
                joined = self.joining.recv() => match joined {
                    Some(reply) => waiting.push(reply),
                    None => return,
                },
                // An error is a listener that is gone, which goes with the process.
                _ = self.wakes.changed() => tokio::time::sleep(PAUSE).await,
                () = sleep_until(self.next) => {}
            }
            while let Ok(reply) = self.joining.try_recv() {
                waiting.push(reply);
            }
            self.wakes.mark_unchanged();
            let read = self.read_on().await;
            for reply in waiting.drain(..) {
                // Whoever went away meanwhile needs no answer.
                let _ = reply.send(self.joined(&read));
            }
        }
    }

    fn joined(&self, read: &Result<(), DatabaseError>) -> Result<Joined, DatabaseError> {
        read.clone()?;
        Ok(Joined {
            upto: self.cursor.clone().ok_or(DatabaseError::Unexpected)?,
            pages: self.pages.subscribe(),
        })
    }

    /// Reads and tells whatever there is, and decides when to look again unasked.
    async fn read_on(&mut self) -> Result<(), DatabaseError> {
        let read = self.read_pages().await;
        let bounds = match &read {
            Ok(false) => {
                self.pause = PENDING[0];
                return Ok(());
            }
            Ok(true) => PENDING,
            Err(_) => FAILED,
        };
        self.pause = self.pause.clamp(bounds[0], bounds[1]);
        self.next = Instant::now() + self.pause;
        self.pause *= 2;
        read.map(|_| ())
    }

    /// Whether something is left that is not decided yet.
    async fn read_pages(&mut self) -> Result<bool, DatabaseError> {
        loop {
            let objects: Objects = lock(&self.interests).objects();
            let range = Range {
                after: self.cursor.clone(),
                ..Range::default()
            };
            let page = match read(&self.database, &self.caller, range, objects).await {
                // The log was cut or replaced under us: those who follow have to begin anew.
                Err(refused @ DatabaseError::Refused { .. }) => {
                    self.cursor = None;
                    self.pages = broadcast::Sender::new(PAGES);
                    return Err(refused);
                }
                other => other?,
            };
            let told = &page.page;
            self.cursor = Some(told.cursor.clone());
            self.next = Instant::now() + until_end(told.next_end_in);
            let (more, pending) = (told.more, told.pending);
            if !told.changes.is_empty() {
                // Nobody may be there to hear it.
                let _ = self.pages.send(page);
            }
            if !more {
                return Ok(pending);
            }
        }
    }
}

fn until_end(seconds: Option<f64>) -> Duration {
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        // Behind the instant, not before it.
        .map_or(LONGEST, |end| end + Duration::from_millis(1))
        .min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_waited_for_until_it_is_over() {
        assert_eq!(until_end(None), LONGEST);
        assert_eq!(until_end(Some(1e12)), LONGEST);
        assert_eq!(until_end(Some(f64::NAN)), LONGEST);
        assert_eq!(until_end(Some(0.0)), Duration::from_millis(1));
        // Looked for when it is over, and not so late that anybody would notice.
        for seconds in [0.000_001, 0.5, 2.0, 59.999_999, 3599.0] {
            let end = Duration::from_secs_f64(seconds);
            let waited = until_end(Some(seconds));
            assert!(
                waited > end && waited <= end + Duration::from_millis(10),
                "{waited:?}"
            );
        }
    }
}
