//! What a policy would have made of recorded attempts: the engine itself, run over the past.

use super::{Facts, Lock, Policy, fail, locked, succeed, unlock};
use crate::time::{Instant, Micros};

/// The replay of one lock domain, attempt by attempt in the order in which they happened. Its size
/// does not depend on how many there are.
#[derive(Debug, Clone)]
pub struct Replay {
    policy: Policy,
    facts: Facts,
    running: Option<(Instant, Lock)>,
    tally: Tally,
}

/// What a replay has counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Attempts, refused ones included.
    pub attempts: u64,
    /// Locks that failures have set.
    pub locks: u64,
    /// How long locks were in force.
    pub locked_for: Micros,
    /// Attempts that came while a lock was in force.
    pub refused: u64,
    /// Those of them that really succeeded: whom the policy would have kept out.
    pub refused_successes: u64,
    /// The end of the lock that is in force at the end; `None`: none is.
    pub locked_until: Option<Instant>,
}

impl Replay {
    /// A domain that has seen nothing, under a policy that does not change.
    #[must_use]
    pub fn under(policy: Policy) -> Replay {
        Replay {
            policy,
            facts: Facts::default(),
            running: None,
            tally: Tally::default(),
        }
    }

    /// One attempt with a right or a wrong credential.
    pub fn attempt(&mut self, at: Instant, succeeded: bool) {
        self.tally.attempts += 1;
        if locked(self.facts, at) {
            self.tally.refused += 1;
            self.tally.refused_successes += u64::from(succeeded);
        } else if succeeded {
            self.facts = succeed(self.facts, at);
        } else {
            let after = fail(self.facts, &self.policy, at);
            self.facts = after.facts;
            if let Some(lock) = after.lock {
                self.settle(at);
                self.running = Some((at, lock));
                self.tally.locks += 1;
            }
        }
    }

    /// An unlock, as somebody once asked for it.
    pub fn unlock(&mut self, at: Instant) {
        self.settle(at);
        self.facts = unlock(self.facts);
    }

    /// What came of it, seen from `at`.
    #[must_use]
    pub fn tally(&self, at: Instant) -> Tally {
        let mut end = self.clone();
        end.settle(at);
        Tally {
            locked_until: self.facts.locked_until.filter(|_| locked(self.facts, at)),
            ..end.tally
        }
    }

    /// Counts the time of the last lock, which is over at `at` or seen from there.
    fn settle(&mut self, at: Instant) {
        if let Some((since, lock)) = self.running.take() {
            let until = lock.until.min(at).max(since);
            self.tally.locked_for.0 = self
                .tally
                .locked_for
                .0
                .saturating_add(until.0.saturating_sub(since.0));
        }
    }
}
