//! One lock domain, from README, "Semantics", Lockout. It keeps no counters: every answer is worked out
//! from the whole list of what happened to the domain.

use authn_rules::{Instant, LockCause, Policy};

/// What somebody does to the domain.
#[derive(Debug, Clone)]
pub enum Action {
    /// An attempt with a wrong credential.
    Fail,
    /// An attempt with the right credential.
    Succeed,
    /// An admin unlocks.
    Unlock,
    /// An admin configures another policy.
    Configure(Policy),
}

/// How an attempt is answered, or that there was none to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A lock was in force.
    Refused,
    /// The failure was counted, and set this lock or none.
    Failed(Option<(Instant, LockCause)>),
    /// The success was let in.
    Succeeded,
    /// Not an attempt.
    Done,
}

/// One failure that was counted.
#[derive(Debug, Clone, Copy)]
struct Counted {
    at: Instant,
    /// It counted as 1: the policy of its time had let the count before it expire.
    is_first: bool,
    lock: Option<(Instant, LockCause)>,
}

/// What is on record since everything was last cleared, and the policy in force.
#[derive(Debug, Clone)]
pub struct Domain {
    counted: Vec<Counted>,
    policy: Policy,
}

impl Domain {
    /// A domain to which nothing has happened.
    #[must_use]
    pub fn new(policy: Policy) -> Domain {
        Domain {
            counted: Vec::new(),
            policy,
        }
    }

    /// Replays `timeline` on a new domain and returns it with the answer to the last action.
    #[must_use]
    pub fn replay(policy: &Policy, timeline: &[(Instant, Action)]) -> (Domain, Answer) {
        let mut domain = Domain::new(policy.clone());
        let mut answer = Answer::Done;
        for (at, action) in timeline {
            answer = domain.apply(*at, action);
        }
        (domain, answer)
    }

    /// Does one thing more to the domain.
    pub fn apply(&mut self, at: Instant, action: &Action) -> Answer {
        match action {
            Action::Configure(policy) => {
                self.policy = policy.clone();
                Answer::Done
            }
            Action::Unlock => {
                self.counted.clear();
                Answer::Done
            }
            Action::Fail | Action::Succeed if self.is_locked(at) => Answer::Refused,
            Action::Succeed => {
                self.counted.clear();
                Answer::Succeeded
            }
            Action::Fail => {
                let failure = Counted {
                    at,
                    is_first: self.count(at) == 0,
                    lock: self.lock_of_a_failure(at),
                };
                self.counted.push(failure);
                Answer::Failed(failure.lock)
            }
        }
    }

    /// "Ends are half-open: at t >= until it is over."
    #[must_use]
    pub fn is_locked(&self, at: Instant) -> bool {
        self.locked_until(at).is_some()
    }

    /// The end of the lock in force at `at`.
    #[must_use]
    pub fn locked_until(&self, at: Instant) -> Option<Instant> {
        self.counted
            .iter()
            .filter_map(|failure| failure.lock)
            .map(|(until, _)| until)
            .find(|until| *until == Instant::FOREVER || at < *until)
    }

    /// How many consecutive failures the last one was, whatever has expired since.
    #[must_use]
    pub fn count_on_record(&self) -> u32 {
        let run = self.counted.iter().rev();
        let before = run.take_while(|failure| !failure.is_first).count();
        u32::try_from(before).unwrap() + u32::from(!self.counted.is_empty())
    }

    /// The failures that count towards the policy at `at`, the latest first.
    fn run(&self, at: Instant) -> Vec<Counted> {
        let mut run = Vec::new();
        let Some(last) = self.counted.last() else {
            return run;
        };
        if !self.is_locked(at) {
            // "Once that long has passed since the last failure, the count starts again."
            if let Some(window) = self.policy.failures_expire_after
                && at.0 - last.at.0 >= window.0
            {
                return run;
            }
            // "When the lock has expired the user has a fresh counter of N."
            let simple = self.policy.tiers.len() == 1 && !self.policy.then_permanent;
            if simple && last.lock.is_some() {
                return run;
            }
        }
        for failure in self.counted.iter().rev() {
            run.push(*failure);
            if failure.is_first {
                break;
            }
        }
        run
    }

    /// How many consecutive failures count at `at`.
    ///
    /// # Panics
    /// Never: nobody lists that many.
    #[must_use]
    pub fn count(&self, at: Instant) -> u32 {
        u32::try_from(self.run(at).len()).unwrap()
    }

    /// How many failures lie behind us since the last success or unlock.
    ///
    /// # Panics
    /// Never: nobody lists that many.
    #[must_use]
    pub fn count_since_success(&self) -> u32 {
        u32::try_from(self.counted.len()).unwrap()
    }

    fn lock_of_a_failure(&self, at: Instant) -> Option<(Instant, LockCause)> {
        // "Consecutive failures since the last success lock until an admin unlocks, whatever the
        // window."
        if self.count_since_success() + 1 >= self.policy.hard_cap {
            return Some((Instant::FOREVER, LockCause::HardCap));
        }

        let run = self.run(at);
        let count_before = u32::try_from(run.len()).unwrap();
        let count = count_before + 1;
        let last_tier_locked = run
            .iter()
            .find_map(|failure| match failure.lock {
                Some((_, LockCause::Tier(number))) => Some(number),
                _ => None,
            })
            .unwrap_or(0);
        let numbered = || (1..).zip(&self.policy.tiers);
        // A tier is behind us once it, or a later one, has locked, at a count that reaches it.
        let ahead: Vec<_> = numbered()
            .filter(|(number, tier)| *number > last_tier_locked || tier.failures > count_before)
            .collect();
        if ahead.is_empty() && self.policy.then_permanent {
            return Some((Instant::FOREVER, LockCause::ThenPermanent));
        }
        if !ahead.is_empty() && ahead.iter().all(|(_, tier)| tier.failures > count) {
            return None;
        }
        // "After the last of several tiers every further failure locks for the last tier's duration."
        let (number, tier) = numbered()
            .filter(|(_, tier)| tier.failures <= count)
            .last()
            .expect("a lock is due only when a tier is reached");
        let until = match tier.duration {
            Some(duration) => Instant(at.0 + duration.0),
            None => Instant::FOREVER,
        };
        Some((until, LockCause::Tier(number)))
    }
}
