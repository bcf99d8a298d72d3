//! The engine against the naive account of `authn_reference`, and against what must hold for any history,
//! on thousands of random policies and timelines.
//!
//! Units are single microseconds and everything is small, so that failures, ends of locks and ends
//! of windows fall on the same instant all the time: that is where the mistakes are.

use authn_reference::{Action, Answer, Domain};
use authn_rules::{
    Facts, Instant, Level, LockCause, Method, Micros, Policy, PolicyInput, Tier, TierInput,
    current, fail, locked, next_threshold, slots, succeed, unlock, validate,
};
use proptest::prelude::*;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 4096,
        // Some properties speak of one case in three.
        max_global_rejects: 100_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

prop_compose! {
    fn any_policy()(
        steps in prop::collection::vec((1..=3_u32, 1..=20_i64), 1..=4),
        last_is_endless in prop::bool::weighted(0.2),
        window in prop::option::of(1..=30_i64),
        then_permanent in any::<bool>(),
        hard_cap in prop_oneof![1..=12_u32, Just(100)],
    ) -> Policy {
        let last = steps.len() - 1;
        let mut failures = 0;
        let tiers = steps
            .into_iter()
            .enumerate()
            .map(|(index, (step, duration))| {
                failures += step;
                let endless = last_is_endless && index == last;
                Tier { failures, duration: (!endless).then_some(Micros(duration)) }
            })
            .collect();
        Policy {
            tiers,
            failures_expire_after: window.map(Micros),
            then_permanent,
            hard_cap,
        }
    }
}

fn simple_policy() -> impl Strategy<Value = Policy> {
    any_policy().prop_map(|policy| Policy {
        tiers: policy.tiers[..1].to_vec(),
        then_permanent: false,
        ..policy
    })
}

/// Mostly attacks: many failures, few of anything else.
fn timeline(
    other: impl Strategy<Value = Action> + 'static,
) -> impl Strategy<Value = Vec<(Instant, Action)>> {
    let gap = prop_oneof![3 => Just(0), 4 => 1..=5_i64, 4 => 1..=25_i64, 1 => Just(1_000)];
    let action = prop_oneof![12 => Just(Action::Fail), 3 => other];
    prop::collection::vec((gap, action), 1..=40).prop_map(|steps| {
        let mut now = 0;
        steps
            .into_iter()
            .map(|(gap, action)| {
                now += gap;
                (Instant(now), action)
            })
            .collect()
    })
}

fn success_or_unlock() -> impl Strategy<Value = Action> {
    prop_oneof![Just(Action::Succeed), Just(Action::Unlock)]
}

fn anything_else() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Succeed),
        Just(Action::Unlock),
        any_policy().prop_map(Action::Configure),
    ]
}

/// One lock domain driven through the engine as enforcement drives it.
struct Engine {
    facts: Facts,
    policy: Policy,
}

impl Engine {
    fn new(policy: &Policy) -> Engine {
        Engine {
            facts: Facts::default(),
            policy: policy.clone(),
        }
    }

    fn apply(&mut self, at: Instant, action: &Action) -> Answer {
        match action {
            Action::Configure(policy) => {
                self.policy = policy.clone();
                Answer::Done
            }
            Action::Unlock => {
                self.facts = unlock(self.facts);
                Answer::Done
            }
            Action::Fail | Action::Succeed if locked(self.facts, at) => Answer::Refused,
            Action::Succeed => {
                self.facts = succeed(self.facts, at);
                Answer::Succeeded
            }
            Action::Fail => {
                let after = fail(self.facts, &self.policy, at);
                self.facts = after.facts;
                Answer::Failed(after.lock.map(|lock| (lock.until, lock.cause)))
            }
        }
    }

    fn after(policy: &Policy, timeline: &[(Instant, Action)]) -> (Engine, Instant) {
        let mut engine = Engine::new(policy);
        let mut now = Instant(0);
        for (at, action) in timeline {
            engine.apply(*at, action);
            now = *at;
        }
        (engine, now)
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_engine_and_the_reference_agree_at_every_step(
        policy in any_policy(),
        timeline in timeline(anything_else()),
    ) {
        let mut engine = Engine::new(&policy);
        for (index, (at, action)) in timeline.iter().enumerate() {
            let answer = engine.apply(*at, action);
            let (domain, expected) = Domain::replay(&policy, &timeline[..=index]);
            prop_assert_eq!(answer, expected, "step {}", index);
            for later in [0, 1, 4, 5, 10, 15, 20, 29, 30, 2_000] {
                let then = Instant(at.0 + later);
                prop_assert_eq!(locked(engine.facts, then), domain.is_locked(then));
                let shown = current(engine.facts, &engine.policy, then);
                prop_assert_eq!(shown.failures, domain.count(then), "step {}", index);
                prop_assert_eq!(shown.failures_since_success, domain.count_since_success());
            }
        }
    }

    /// The central promise, counted here and not by the engine.
    #[test]
    fn no_more_than_n_wrong_guesses_are_answered_in_a_row(
        policy in simple_policy(),
        timeline in timeline(success_or_unlock()),
    ) {
        let most = policy.tiers[0].failures.min(policy.hard_cap);
        let mut engine = Engine::new(&policy);
        let mut in_a_row = 0;
        let mut last_failure = None;
        for (at, action) in &timeline {
            let window_passed = policy
                .failures_expire_after
                .zip(last_failure)
                .is_some_and(|(window, Instant(last))| at.0 - last >= window.0);
            match engine.apply(*at, action) {
                Answer::Failed(lock) => {
                    in_a_row = if window_passed { 1 } else { in_a_row + 1 };
                    last_failure = Some(*at);
                    prop_assert!(in_a_row <= most, "{} guesses, at most {}", in_a_row, most);
                    if lock.is_some() {
                        in_a_row = 0;
                    }
                }
                Answer::Succeeded => in_a_row = 0,
                Answer::Done => in_a_row = 0,
                Answer::Refused => {}
            }
        }
    }

    #[test]
    fn between_two_locks_of_a_progressive_policy_lie_no_more_guesses_than_between_its_tiers(
        policy in any_policy(),
        timeline in timeline(success_or_unlock()),
    ) {
        let mut most = 1;
        let mut previous = 0;
        for tier in &policy.tiers {
            most = most.max(tier.failures - previous);
            previous = tier.failures;
        }
        // Without a window, which would begin at the first tier again.
        let policy = Policy { failures_expire_after: None, ..policy };
        let mut engine = Engine::new(&policy);
        let mut in_a_row = 0;
        for (at, action) in &timeline {
            match engine.apply(*at, action) {
                Answer::Failed(None) => in_a_row += 1,
                Answer::Failed(Some(_)) | Answer::Succeeded | Answer::Done => in_a_row = 0,
                Answer::Refused => {}
            }
            prop_assert!(in_a_row < most);
        }
    }

    #[test]
    fn nobody_guesses_more_often_than_the_hard_cap_without_a_success_or_an_unlock(
        policy in any_policy(),
        timeline in timeline(success_or_unlock()),
    ) {
        let mut engine = Engine::new(&policy);
        let mut guesses = 0;
        for (at, action) in &timeline {
            match engine.apply(*at, action) {
                Answer::Failed(lock) => {
                    guesses += 1;
                    prop_assert!(guesses <= policy.hard_cap);
                    if guesses == policy.hard_cap {
                        prop_assert_eq!(lock, Some((Instant::FOREVER, LockCause::HardCap)));
                    }
                }
                Answer::Succeeded | Answer::Done => guesses = 0,
                Answer::Refused => {}
            }
        }
    }

    #[test]
    fn a_lock_lasts_its_full_duration_from_the_failure_that_set_it(
        policy in any_policy(),
        timeline in timeline(success_or_unlock()),
    ) {
        let mut engine = Engine::new(&policy);
        for (at, action) in &timeline {
            if let Answer::Failed(Some((until, cause))) = engine.apply(*at, action) {
                let full = match cause {
                    LockCause::Tier(number) => policy.tiers[number as usize - 1].duration,
                    LockCause::ThenPermanent | LockCause::HardCap => None,
                };
                let end = full.map_or(Instant::FOREVER, |duration| Instant(at.0 + duration.0));
                prop_assert_eq!(until, end);
            }
        }
    }

    #[test]
    fn under_a_lock_neither_right_nor_wrong_changes_anything(
        policy in any_policy(),
        timeline in timeline(anything_else()),
        later in 0..=30_i64,
    ) {
        let (engine, now) = Engine::after(&policy, &timeline);
        let then = Instant(now.0 + later);
        prop_assume!(locked(engine.facts, then));
        let after = fail(engine.facts, &engine.policy, then);
        prop_assert_eq!((after.facts, after.lock), (engine.facts, None));
        prop_assert_eq!(succeed(engine.facts, then), engine.facts);
        prop_assert_eq!(slots(engine.facts, &engine.policy, then, 0), 0);
    }

    #[test]
    fn a_success_and_an_unlock_leave_nothing_that_a_new_domain_does_not_have(
        policy in any_policy(),
        timeline in timeline(anything_else()),
        later in 0..=30_i64,
    ) {
        let (engine, now) = Engine::after(&policy, &timeline);
        let then = Instant(now.0 + later);
        let new = Facts { last_failure_at: engine.facts.last_failure_at, ..Facts::default() };
        prop_assert_eq!(unlock(engine.facts), new);
        if !locked(engine.facts, then) {
            prop_assert_eq!(succeed(engine.facts, then), new);
        }
        let mut once_more = new;
        let mut fresh = Facts::default();
        for _ in 0..engine.policy.tiers[0].failures {
            once_more = fail(once_more, &engine.policy, then).facts;
            fresh = fail(fresh, &engine.policy, then).facts;
        }
        prop_assert_eq!(once_more, fresh);
    }

    #[test]
    fn after_an_unlock_one_wrong_try_does_not_lock(
        policy in any_policy(),
        timeline in timeline(success_or_unlock()),
    ) {
        prop_assume!(policy.tiers[0].failures > 1 && policy.hard_cap > 1);
        let (engine, now) = Engine::after(&policy, &timeline);
        let after = fail(unlock(engine.facts), &policy, now);
        prop_assert_eq!((after.facts.failures, after.lock), (1, None));
    }

    #[test]
    fn slots_are_exactly_the_failures_that_the_instant_still_answers(
        policy in any_policy(),
        timeline in timeline(anything_else()),
        later in 0..=30_i64,
        in_flight in 0..=20_u32,
    ) {
        let (engine, now) = Engine::after(&policy, &timeline);
        let then = Instant(now.0 + later);
        let free = slots(engine.facts, &engine.policy, then, 0);
        let mut facts = engine.facts;
        let mut answered = 0;
        while !locked(facts, then) {
            facts = fail(facts, &engine.policy, then).facts;
            answered += 1;
        }
        prop_assert_eq!(free, answered);
        let left = slots(engine.facts, &engine.policy, then, in_flight);
        prop_assert_eq!(left, free.saturating_sub(in_flight));
        let count = current(engine.facts, &engine.policy, then).failures;
        prop_assert!(next_threshold(engine.facts, &engine.policy, then) > count);
    }

    /// Why a progressive policy's window must be longer than its longest tier.
    #[test]
    fn whoever_fails_as_soon_as_each_lock_ends_goes_through_every_tier_of_an_accepted_policy(
        policy in any_policy(),
    ) {
        let input = PolicyInput {
            tiers: policy
                .tiers
                .iter()
                .map(|tier| TierInput {
                    failures: i64::from(tier.failures),
                    duration: tier.duration,
                })
                .collect(),
            failures_expire_after: policy.failures_expire_after,
            then_permanent: policy.then_permanent,
            hard_cap: policy.hard_cap,
        };
        let accepted = validate(Method::Password, Level::App, &input);
        prop_assume!(accepted.as_ref().is_ok_and(|policy| !policy.is_simple()));
        let policy = accepted.unwrap();

        let mut facts = Facts::default();
        let mut now = Instant(0);
        let mut causes = Vec::new();
        while now != Instant::FOREVER && causes.len() <= policy.tiers.len() {
            let after = fail(facts, &policy, now);
            facts = after.facts;
            if let Some(lock) = after.lock {
                causes.push(lock.cause);
                now = lock.until;
            }
        }
        let last = u32::try_from(policy.tiers.len()).unwrap();
        let endless = policy.tiers.last().is_some_and(|tier| tier.duration.is_none());
        let mut expected: Vec<LockCause> = (1..=last).map(LockCause::Tier).collect();
        if !endless {
            expected.push(if policy.then_permanent {
                LockCause::ThenPermanent
            } else {
                LockCause::Tier(last)
            });
        }
        if let Some(capped) = causes.iter().position(|cause| *cause == LockCause::HardCap) {
            prop_assert_eq!(facts.failures_since_success, policy.hard_cap);
            expected.truncate(capped);
            expected.push(LockCause::HardCap);
        }
        prop_assert_eq!(causes, expected);
    }

    #[test]
    fn no_facts_no_policy_and_no_instant_make_the_engine_panic(
        tiers in prop::collection::vec((any::<u32>(), prop::option::of(any::<i64>())), 0..=3),
        window in prop::option::of(any::<i64>()),
        then_permanent in any::<bool>(),
        counts in any::<(u32, u32, u32, u32)>(),
        instants in any::<(Option<i64>, Option<i64>, i64)>(),
    ) {
        let (hard_cap, failures, failures_since_success, tier) = counts;
        let (last_failure_at, locked_until, at) = instants;
        let policy = Policy {
            tiers: tiers
                .into_iter()
                .map(|(failures, duration)| Tier { failures, duration: duration.map(Micros) })
                .collect(),
            failures_expire_after: window.map(Micros),
            then_permanent,
            hard_cap,
        };
        let facts = Facts {
            failures,
            failures_since_success,
            tier,
            last_failure_at: last_failure_at.map(Instant),
            locked_until: locked_until.map(Instant),
        };
        let at = Instant(at);
        let after = fail(facts, &policy, at);
        prop_assert_eq!(after.facts == facts && after.lock.is_none(), locked(facts, at));
        prop_assert_eq!(succeed(facts, at) == facts, locked(facts, at) || unlock(facts) == facts);
        let count = current(facts, &policy, at).failures;
        prop_assert!(next_threshold(facts, &policy, at) >= count);
        prop_assert_eq!(slots(facts, &policy, at, u32::MAX), 0);
    }
}
