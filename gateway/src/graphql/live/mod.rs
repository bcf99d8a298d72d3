//! Changes as they happen. One connection listens; for each sight (a tenant, a role and the apps it is
//! confined to) that somebody subscribes with, one follower reads the log, once for all of them. Who
//! cannot keep up reads it for themselves and comes back.

mod established;
mod follower;
mod interest;
mod listener;
mod reading;
mod sight;
mod subscriber;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::watch;

use crate::db::Database;
pub(crate) use established::Established;
use follower::Follower;
pub(crate) use interest::Interest;
use listener::Wakes;
use sight::Sight;
pub(crate) use subscriber::Subscriber;

/// Where subscribers find their followers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Live(Arc<Inner>);

struct Inner {
    database: Database,
    /// There once somebody subscribed.
    wakes: Mutex<Option<watch::Receiver<Wakes>>>,
    followers: Mutex<HashMap<Sight, Weak<Follower>>>,
}

impl Live {
    pub(crate) fn new(database: Database) -> Self {
        Self(Arc::new(Inner {
            database,
            wakes: Mutex::default(),
            followers: Mutex::default(),
        }))
    }

    /// The follower with this sight, which ends with the last who holds it.
    fn follower(&self, sight: Sight) -> Arc<Follower> {
        let wakes = self.wakes();
        let mut followers = lock(&self.0.followers);
        if let Some(follower) = followers.get(&sight).and_then(Weak::upgrade) {
            return follower;
        }
        followers.retain(|_, follower| follower.strong_count() > 0);
        let follower = Arc::new(Follower::start(
            self.0.database.clone(),
            sight.clone(),
            wakes,
        ));
        followers.insert(sight, Arc::downgrade(&follower));
        follower
    }

    fn wakes(&self) -> watch::Receiver<Wakes> {
        lock(&self.0.wakes)
            .get_or_insert_with(|| listener::start(self.0.database.clone()))
            .clone()
    }
}

/// Nothing is done under these locks that could leave them half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
