//! The engine: what a failure, a success, an unlock and the passing of time do to the facts.

use super::{AfterFailure, Facts, Lock, LockCause, Policy};
use crate::time::Instant;

/// Whether a lock is in force at `at`. Half-open: at its end it is over.
#[must_use]
pub fn locked(facts: Facts, at: Instant) -> bool {
    facts
        .locked_until
        .is_some_and(|until| until == Instant::FOREVER || at < until)
}

/// The facts as they stand at `at`: an expired lock and an expired count are gone. A lock in force
/// keeps the facts as they are. For showing and deciding; what is stored comes from [`fail`].
#[must_use]
pub fn current(facts: Facts, policy: &Policy, at: Instant) -> Facts {
    if locked(facts, at) {
        return facts;
    }
    let window_passed = policy
        .failures_expire_after
        .zip(facts.last_failure_at)
        .is_some_and(|(window, last)| at >= last.plus(window));
    let simple_lock_expired = policy.is_simple() && facts.locked_until.is_some();

    let unlocked = Facts {
        locked_until: None,
        ..facts
    };
    if window_passed || simple_lock_expired {
        Facts {
            failures: 0,
            tier: 0,
            ..unlocked
        }
    } else {
        unlocked
    }
}

/// Counts one failed credential at `at`, and locks where the policy says so.
///
/// The policy is the one in force at `at`: one that has changed since the last failure takes effect
/// here, and never before. Ask [`locked`] first: what is refused under a lock does not count, so
/// under a lock the facts come back unchanged. An `at` before the last failure is taken as the
/// instant of that failure: the time of a domain does not run backwards.
#[must_use]
pub fn fail(facts: Facts, policy: &Policy, at: Instant) -> AfterFailure {
    if locked(facts, at) {
        return AfterFailure { facts, lock: None };
    }
    let at = facts.last_failure_at.map_or(at, |last| at.max(last));
    let before = current(facts, policy, at);
    let lock = lock_of_next_failure(before, policy, at);
    AfterFailure {
        facts: Facts {
            failures: before.failures.saturating_add(1),
            failures_since_success: before.failures_since_success.saturating_add(1),
            tier: match lock.map(|lock| lock.cause) {
                Some(LockCause::Tier(number)) => number,
                Some(LockCause::ThenPermanent | LockCause::HardCap) | None => before.tier,
            },
            last_failure_at: Some(at),
            locked_until: lock.map(|lock| lock.until),
        },
        lock,
    }
}

/// What a success at `at` leaves: everything counted is cleared, unless a lock is in force, which
/// neither ends nor changes.
#[must_use]
pub fn succeed(facts: Facts, at: Instant) -> Facts {
    if locked(facts, at) {
        facts
    } else {
        unlock(facts)
    }
}

/// What an unlock leaves: lock, count, tier position and the count towards the hard cap are cleared.
/// Facts that come back equal had nothing to clear.
#[must_use]
pub fn unlock(facts: Facts) -> Facts {
    Facts {
        last_failure_at: facts.last_failure_at,
        ..Facts::default()
    }
}

/// The count of failures at which the tiers lock next, seen from `at`; always above the count of
/// [`current`]. The hard cap is apart: it has its own count.
#[must_use]
pub fn next_threshold(facts: Facts, policy: &Policy, at: Instant) -> u32 {
    threshold_after(current(facts, policy, at), policy)
}

/// How many more attempts may be in flight at `at` beside `in_flight` others, so that even if all of
/// them fail no guess is answered beyond a threshold. While a lock is in force: none.
#[must_use]
pub fn slots(facts: Facts, policy: &Policy, at: Instant, in_flight: u32) -> u32 {
    if locked(facts, at) {
        return 0;
    }
    let now = current(facts, policy, at);
    let to_threshold = threshold_after(now, policy).saturating_sub(now.failures);
    let to_cap = policy.hard_cap.saturating_sub(now.failures_since_success);
    to_threshold.min(to_cap).max(1).saturating_sub(in_flight)
}

/// How many tiers lie behind the count. The position alone does not say: after a policy change it
/// may point past thresholds that the count has yet to reach.
fn tiers_served(now: Facts, policy: &Policy) -> usize {
    policy
        .tiers
        .iter()
        .zip(1..)
        .take_while(|(tier, number)| *number <= now.tier && tier.failures <= now.failures)
        .count()
}

/// The threshold of the next tier; the very next failure, where that tier's threshold was passed
/// before it existed, or where no tier is left.
fn threshold_after(now: Facts, policy: &Policy) -> u32 {
    let of_tier = policy
        .tiers
        .get(tiers_served(now, policy))
        .map_or(0, |tier| tier.failures);
    of_tier.max(now.failures.saturating_add(1))
}

fn lock_of_next_failure(now: Facts, policy: &Policy, at: Instant) -> Option<Lock> {
    if now.failures_since_success.saturating_add(1) >= policy.hard_cap {
        return Some(Lock {
            until: Instant::FOREVER,
            cause: LockCause::HardCap,
        });
    }
    let count = now.failures.saturating_add(1);
    if count < threshold_after(now, policy) {
        return None;
    }
    let all_served = tiers_served(now, policy) == policy.tiers.len();
    let reached = (1..)
        .zip(&policy.tiers)
        .take_while(|(_, tier)| tier.failures <= count)
        .last();
    Some(match reached {
        Some((number, tier)) if !(all_served && policy.then_permanent) => Lock {
            until: tier
                .duration
                .map_or(Instant::FOREVER, |duration| at.plus(duration)),
            cause: LockCause::Tier(number),
        },
        _ => Lock {
            until: Instant::FOREVER,
            cause: LockCause::ThenPermanent,
        },
    })
}
