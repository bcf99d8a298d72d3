//! The rules of README, "Semantics", Lockout and Counting, one behaviour each, as timelines of what
//! happens to one lock domain, minute by minute.

use authn_rules::{
    Facts, HARD_CAP, Instant, Lock, LockCause, Method, Micros, Policy, Tier, current,
    default_policy, fail, locked, next_threshold, slots, succeed, unlock,
};

/// What happens, and what must come of it.
#[derive(Debug, Clone)]
enum Step {
    /// A wrong credential is counted as this many.
    Counts(u32),
    /// A wrong credential locks until this minute.
    Locks(i64, LockCause),
    /// A wrong credential locks until an admin unlocks.
    LocksForGood(LockCause),
    /// Right or wrong, the attempt is refused and changes nothing.
    Refused,
    /// A right credential is let in.
    Succeeds,
    /// An admin unlocks.
    Unlock,
    /// An admin configures another policy.
    Configure(Policy),
}
use LockCause::{HardCap, ThenPermanent, Tier as InTier};
use Step::{Configure, Counts, Locks, LocksForGood, Refused, Succeeds, Unlock};

fn minute(minute: i64) -> Instant {
    Instant(0).plus(Micros::minutes(minute))
}

/// Plays a timeline on a new domain, checks every step, and returns the facts it ends with.
fn play(policy: &Policy, timeline: &[(i64, Step)]) -> Facts {
    let mut policy = policy.clone();
    let mut facts = Facts::default();
    for (number, (at, step)) in timeline.iter().enumerate() {
        let at = minute(*at);
        let here = format!("step {number}, {step:?}, at {facts:?}");
        if matches!(step, Counts(_) | Locks(..) | LocksForGood(_) | Succeeds) {
            assert!(!locked(facts, at), "{here}");
        }
        facts = match step {
            Counts(count) => {
                let after = fail(facts, &policy, at);
                assert_eq!((after.facts.failures, after.lock), (*count, None), "{here}");
                after.facts
            }
            Locks(until, cause) => {
                let after = fail(facts, &policy, at);
                let until = minute(*until);
                let cause = *cause;
                assert_eq!(after.lock, Some(Lock { until, cause }), "{here}");
                assert!(locked(after.facts, at), "{here}");
                after.facts
            }
            LocksForGood(cause) => {
                let after = fail(facts, &policy, at);
                let (until, cause) = (Instant::FOREVER, *cause);
                assert_eq!(after.lock, Some(Lock { until, cause }), "{here}");
                assert!(locked(after.facts, at), "{here}");
                after.facts
            }
            Refused => {
                assert!(locked(facts, at), "{here}");
                let after = fail(facts, &policy, at);
                assert_eq!((after.facts, after.lock), (facts, None), "{here}");
                assert_eq!(succeed(facts, at), facts, "{here}");
                facts
            }
            Succeeds => succeed(facts, at),
            Unlock => unlock(facts),
            Configure(new) => {
                policy = new.clone();
                facts
            }
        };
    }
    facts
}

fn policy(tiers: &[(u32, Option<i64>)]) -> Policy {
    Policy {
        tiers: tiers
            .iter()
            .map(|(failures, duration)| Tier {
                failures: *failures,
                duration: duration.map(Micros::minutes),
            })
            .collect(),
        failures_expire_after: None,
        then_permanent: false,
        hard_cap: HARD_CAP,
    }
}

/// Three failures, fifteen minutes, no window.
fn simple() -> Policy {
    policy(&[(3, Some(15))])
}

/// Three failures: 5 minutes; five: 30 minutes; seven: 60 minutes.
fn progressive() -> Policy {
    policy(&[(3, Some(5)), (5, Some(30)), (7, Some(60))])
}

fn with_window(policy: Policy, minutes: i64) -> Policy {
    Policy {
        failures_expire_after: Some(Micros::minutes(minutes)),
        ..policy
    }
}

fn then_permanent(policy: Policy) -> Policy {
    Policy {
        then_permanent: true,
        ..policy
    }
}

fn with_cap(policy: Policy, hard_cap: u32) -> Policy {
    Policy { hard_cap, ..policy }
}

#[test]
fn the_nth_failure_locks_and_the_one_before_does_not() {
    play(
        &simple(),
        &[(0, Counts(1)), (1, Counts(2)), (2, Locks(17, InTier(1)))],
    );
}

#[test]
fn a_threshold_of_one_locks_on_the_first_failure() {
    play(
        &policy(&[(1, Some(15))]),
        &[(0, Locks(15, InTier(1))), (15, Locks(30, InTier(1)))],
    );
}

#[test]
fn while_locked_attempts_are_refused_do_not_count_and_do_not_prolong() {
    play(
        &simple(),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(15, InTier(1))),
            (1, Refused),
            (14, Refused),
            (15, Counts(1)),
        ],
    );
}

#[test]
fn a_lock_is_over_at_its_end_and_not_a_microsecond_earlier() {
    let until = minute(15);
    let facts = Facts {
        locked_until: Some(until),
        ..Facts::default()
    };
    assert!(locked(facts, Instant(until.0 - 1)));
    assert!(!locked(facts, until));
}

#[test]
fn a_lock_until_an_admin_unlocks_has_no_end_at_any_instant() {
    let facts = Facts {
        locked_until: Some(Instant::FOREVER),
        ..Facts::default()
    };
    assert!(locked(facts, Instant(i64::MAX - 1)));
    assert!(locked(facts, Instant::FOREVER));
}

#[test]
fn the_first_failure_after_a_simple_lock_counts_as_one_and_the_counter_is_fresh() {
    play(
        &simple(),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(15, InTier(1))),
            (15, Counts(1)),
            (16, Counts(2)),
            (17, Locks(32, InTier(1))),
        ],
    );
}

#[test]
fn a_second_lock_lasts_its_full_duration() {
    play(
        &policy(&[(1, Some(15))]),
        &[
            (0, Locks(15, InTier(1))),
            (40, Locks(55, InTier(1))),
            (54, Refused),
            (55, Locks(70, InTier(1))),
        ],
    );
}

#[test]
fn a_progressive_count_carries_on_across_locks_and_locks_only_at_the_next_tier() {
    play(
        &progressive(),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(5, InTier(1))),
            (5, Counts(4)),
            (5, Locks(35, InTier(2))),
            (35, Counts(6)),
            (35, Locks(95, InTier(3))),
        ],
    );
}

#[test]
fn after_the_last_tier_every_failure_locks_for_its_duration() {
    play(
        &policy(&[(1, Some(5)), (2, Some(10))]),
        &[
            (0, Locks(5, InTier(1))),
            (5, Locks(15, InTier(2))),
            (15, Locks(25, InTier(2))),
            (90, Locks(100, InTier(2))),
        ],
    );
}

#[test]
fn then_permanent_locks_for_good_on_the_first_failure_after_the_last_tier() {
    play(
        &then_permanent(policy(&[(1, Some(5)), (2, Some(10))])),
        &[
            (0, Locks(5, InTier(1))),
            (5, Locks(15, InTier(2))),
            (15, LocksForGood(ThenPermanent)),
            (1_000_000, Refused),
        ],
    );
}

#[test]
fn one_tier_then_permanent_counts_on_like_a_progressive_policy() {
    play(
        &then_permanent(simple()),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(15, InTier(1))),
            (15, LocksForGood(ThenPermanent)),
            (16, Unlock),
            (16, Counts(1)),
        ],
    );
}

#[test]
fn a_tier_without_a_duration_locks_for_good_with_every_timing_absent() {
    play(
        &policy(&[(2, None)]),
        &[
            (0, Counts(1)),
            (0, LocksForGood(InTier(1))),
            (1_000_000, Refused),
            (1_000_000, Unlock),
            (1_000_000, Counts(1)),
        ],
    );
}

#[test]
fn the_count_starts_again_when_the_window_has_passed_since_the_last_failure() {
    play(
        &with_window(simple(), 10),
        &[
            (0, Counts(1)),
            (9, Counts(2)),
            (19, Counts(1)),
            (28, Counts(2)),
            (37, Locks(52, InTier(1))),
        ],
    );
}

#[test]
fn the_window_is_over_at_its_edge_and_not_a_microsecond_earlier() {
    let policy = with_window(simple(), 10);
    let facts = fail(Facts::default(), &policy, minute(0)).facts;
    let edge = minute(10);
    assert_eq!(fail(facts, &policy, Instant(edge.0 - 1)).facts.failures, 2);
    assert_eq!(fail(facts, &policy, edge).facts.failures, 1);
}

#[test]
fn without_a_window_failures_never_expire() {
    play(
        &simple(),
        &[
            (0, Counts(1)),
            (500_000, Counts(2)),
            (1_000_000, Locks(1_000_015, InTier(1))),
        ],
    );
}

#[test]
fn the_window_takes_a_progressive_policy_back_to_its_first_tier() {
    play(
        &with_window(progressive(), 90),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(5, InTier(1))),
            (89, Counts(4)),
            (179, Counts(1)),
            (179, Counts(2)),
            (179, Locks(184, InTier(1))),
        ],
    );
}

#[test]
fn a_success_clears_everything_counted() {
    let facts = play(
        &progressive(),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(5, InTier(1))),
            (5, Succeeds),
        ],
    );
    assert_eq!(
        facts,
        Facts {
            last_failure_at: Some(minute(0)),
            ..Facts::default()
        }
    );
    play(
        &progressive(),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(5, InTier(1))),
            (5, Succeeds),
            (6, Counts(1)),
            (6, Counts(2)),
            (6, Locks(11, InTier(1))),
        ],
    );
}

#[test]
fn a_success_does_not_wipe_a_lock() {
    play(
        &policy(&[(1, Some(15))]),
        &[(0, Locks(15, InTier(1))), (14, Refused), (15, Succeeds)],
    );
}

#[test]
fn after_an_unlock_one_wrong_try_does_not_lock_again() {
    for policy in [
        simple(),
        progressive(),
        then_permanent(simple()),
        with_cap(simple(), 3),
    ] {
        let facts = play(&policy, &[(0, Counts(1)), (0, Counts(2))]);
        let facts = unlock(fail(facts, &policy, minute(0)).facts);
        let after = fail(facts, &policy, minute(1));
        assert_eq!((after.facts.failures, after.lock), (1, None));
    }
}

#[test]
fn an_unlock_with_nothing_to_clear_changes_nothing() {
    let facts = unlock(play(&simple(), &[(0, Counts(1))]));
    assert_eq!(unlock(facts), facts);
    assert_eq!(unlock(Facts::default()), Facts::default());
}

#[test]
fn the_hard_cap_locks_for_good_whatever_the_window() {
    let policy = with_window(policy(&[(5, Some(15))]), 15);
    let mut facts = Facts::default();
    for guess in 1..HARD_CAP {
        let after = fail(facts, &policy, minute(i64::from(guess) * 60));
        assert_eq!(
            (after.facts.failures, after.lock),
            (1, None),
            "guess {guess}"
        );
        facts = after.facts;
    }
    let after = fail(facts, &policy, minute(1_000_000));
    assert_eq!(
        after.lock,
        Some(Lock {
            until: Instant::FOREVER,
            cause: HardCap
        })
    );
}

#[test]
fn the_hard_cap_counts_on_across_the_fresh_counters_of_a_simple_policy() {
    play(
        &with_cap(policy(&[(2, Some(15))]), 5),
        &[
            (0, Counts(1)),
            (0, Locks(15, InTier(1))),
            (15, Counts(1)),
            (15, Locks(30, InTier(1))),
            (30, LocksForGood(HardCap)),
            (31, Unlock),
            (31, Counts(1)),
            (31, Locks(46, InTier(1))),
            (46, Counts(1)),
        ],
    );
}

#[test]
fn a_success_clears_the_count_towards_the_hard_cap() {
    play(
        &with_cap(simple(), 2),
        &[
            (0, Counts(1)),
            (1, Succeeds),
            (2, Counts(1)),
            (3, LocksForGood(HardCap)),
        ],
    );
}

#[test]
fn the_hard_cap_wins_over_a_tier() {
    play(
        &with_cap(simple(), 3),
        &[(0, Counts(1)), (0, Counts(2)), (0, LocksForGood(HardCap))],
    );
}

#[test]
fn a_threshold_lowered_below_the_count_locks_at_the_next_failure_and_not_before() {
    let five = policy(&[(5, Some(15))]);
    let facts = play(
        &five,
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Counts(3)),
            (0, Counts(4)),
            (1, Configure(simple())),
        ],
    );
    assert!(!locked(facts, minute(1)));
    assert_eq!(
        fail(facts, &simple(), minute(2)).lock,
        Some(Lock {
            until: minute(17),
            cause: InTier(1)
        })
    );
}

#[test]
fn a_count_that_jumps_past_tiers_gets_the_highest_it_has_reached() {
    play(
        &policy(&[(6, Some(1))]),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Counts(3)),
            (0, Counts(4)),
            (0, Counts(5)),
            (1, Configure(progressive())),
            (1, Locks(31, InTier(2))),
            (31, Locks(91, InTier(3))),
        ],
    );
}

#[test]
fn raised_thresholds_do_not_leave_the_next_tier_behind() {
    let raised = policy(&[(5, Some(5)), (9, Some(10))]);
    play(
        &progressive(),
        &[
            (0, Counts(1)),
            (0, Counts(2)),
            (0, Locks(5, InTier(1))),
            (5, Configure(raised)),
            (5, Counts(4)),
            (5, Locks(10, InTier(1))),
            (10, Counts(6)),
        ],
    );
}

#[test]
fn a_policy_with_fewer_tiers_treats_a_later_position_as_its_end() {
    play(
        &policy(&[(1, Some(1)), (2, Some(2)), (3, Some(3))]),
        &[
            (0, Locks(1, InTier(1))),
            (1, Locks(3, InTier(2))),
            (3, Locks(6, InTier(3))),
            (6, Configure(policy(&[(1, Some(10)), (2, Some(20))]))),
            (6, Locks(26, InTier(2))),
        ],
    );
}

#[test]
fn a_policy_change_does_not_rewrite_a_running_lock() {
    play(
        &policy(&[(1, Some(15))]),
        &[
            (0, Locks(15, InTier(1))),
            (1, Configure(policy(&[(9, Some(1))]))),
            (14, Refused),
            (15, Counts(1)),
        ],
    );
}

#[test]
fn time_does_not_run_backwards() {
    play(
        &with_window(policy(&[(2, Some(15))]), 10),
        &[(20, Counts(1)), (5, Locks(35, InTier(1)))],
    );
}

#[test]
fn what_stands_now_leaves_out_what_has_expired() {
    let policy = with_window(simple(), 60);
    let locked = play(
        &policy,
        &[(0, Counts(1)), (0, Counts(2)), (0, Locks(15, InTier(1)))],
    );
    assert_eq!(current(locked, &policy, minute(14)), locked);
    let expired = current(locked, &policy, minute(15));
    assert_eq!(
        (expired.failures, expired.tier, expired.locked_until),
        (0, 0, None)
    );
    assert_eq!(expired.failures_since_success, 3);
}

#[test]
fn slots_are_the_failures_left_less_the_attempts_in_flight() {
    let policy = with_cap(progressive(), 6);
    let mut facts = Facts::default();
    // (minute of the failure, slots after it, next threshold after it)
    for (at, free, threshold) in [
        (0, 2, 3),
        (0, 1, 3),
        (0, 0, 3),
        (5, 1, 5),
        (5, 0, 5),
        (35, 0, 7),
    ] {
        facts = fail(facts, &policy, minute(at)).facts;
        assert_eq!(slots(facts, &policy, minute(at), 0), free, "{facts:?}");
        if !locked(facts, minute(at)) {
            assert_eq!(
                next_threshold(facts, &policy, minute(at)),
                threshold,
                "{facts:?}"
            );
        }
    }
    let fresh = Facts::default();
    for (in_flight, free) in [(0, 3), (2, 1), (3, 0), (4, 0), (u32::MAX, 0)] {
        assert_eq!(slots(fresh, &policy, minute(0), in_flight), free);
    }
}

#[test]
fn there_is_one_slot_where_every_failure_locks() {
    let facts = play(
        &policy(&[(1, Some(5)), (2, Some(10))]),
        &[(0, Locks(5, InTier(1))), (5, Locks(15, InTier(2)))],
    );
    let policy = policy(&[(1, Some(5)), (2, Some(10))]);
    assert_eq!(slots(facts, &policy, minute(14), 0), 0);
    assert_eq!(slots(facts, &policy, minute(15), 0), 1);
    assert_eq!(slots(facts, &policy, minute(15), 1), 0);
}

#[test]
fn every_lockable_method_locks_by_default_and_only_those_have_a_default() {
    for method in Method::ALL.iter().copied() {
        let Some(policy) = default_policy(method) else {
            assert!(!method.lockable(), "{method} locks, so it needs a default");
            continue;
        };
        assert!(
            method.lockable(),
            "{method} never locks, so it has no default"
        );
        let (failures, window) = match method {
            Method::SmsOtp | Method::EmailOtp => (3, None),
            _ => (5, Some(Micros::minutes(15))),
        };
        assert_eq!(policy.failures_expire_after, window);
        let mut facts = Facts::default();
        for count in 1..failures {
            let after = fail(facts, &policy, minute(0));
            assert_eq!(
                (after.facts.failures, after.lock),
                (count, None),
                "{method}"
            );
            facts = after.facts;
        }
        let lock = fail(facts, &policy, minute(0)).lock;
        assert_eq!(
            lock,
            Some(Lock {
                until: minute(15),
                cause: InTier(1)
            }),
            "{method}"
        );
    }
}

#[test]
fn a_policy_that_makes_no_sense_locks_rather_than_let_guesses_through() {
    let no_tiers = policy(&[]);
    assert!(fail(Facts::default(), &no_tiers, minute(0)).lock.is_some());
    assert!(
        fail(Facts::default(), &with_cap(simple(), 0), minute(0))
            .lock
            .is_some()
    );
}
