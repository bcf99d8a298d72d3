//! A replay against the engine it runs, step by step, with the time under locks counted instant by
//! instant.

use authn_rules::{Facts, Instant, Micros, Policy, Replay, Tier, fail, locked, succeed, unlock};
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Action {
    Fail,
    Succeed,
    Unlock,
}

prop_compose! {
    fn any_policy()(
        steps in prop::collection::vec((1..=3_u32, prop::option::weighted(0.9, 1..=20_i64)), 1..=4),
        window in prop::option::of(1..=30_i64),
        then_permanent in any::<bool>(),
        hard_cap in prop_oneof![1..=12_u32, Just(100)],
    ) -> Policy {
        let mut failures = 0;
        Policy {
            tiers: steps
                .into_iter()
                .map(|(step, duration)| {
                    failures += step;
                    Tier { failures, duration: duration.map(Micros) }
                })
                .collect(),
            failures_expire_after: window.map(Micros),
            then_permanent,
            hard_cap,
        }
    }
}

fn timeline() -> impl Strategy<Value = Vec<(i64, Action)>> {
    let action =
        prop_oneof![8 => Just(Action::Fail), 2 => Just(Action::Succeed), 1 => Just(Action::Unlock)];
    prop::collection::vec((0..=25_i64, action), 1..=40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_counts_what_the_engine_did(
        policy in any_policy(),
        timeline in timeline(),
        rest in 0..=30_i64,
    ) {
        let mut replay = Replay::under(policy.clone());
        let mut facts = Facts::default();
        let mut now = 0;
        let (mut locks, mut locked_for, mut refused, mut kept_out, mut attempts) = (0, 0, 0, 0, 0);
        for (gap, action) in timeline {
            locked_for += (now..now + gap).filter(|at| locked(facts, Instant(*at))).count();
            now += gap;
            let at = Instant(now);
            match action {
                Action::Unlock => {
                    replay.unlock(at);
                    facts = unlock(facts);
                    continue;
                }
                Action::Fail => replay.attempt(at, false),
                Action::Succeed => replay.attempt(at, true),
            }
            attempts += 1;
            if locked(facts, at) {
                refused += 1;
                kept_out += u64::from(matches!(action, Action::Succeed));
            } else if matches!(action, Action::Succeed) {
                facts = succeed(facts, at);
            } else {
                let after = fail(facts, &policy, at);
                locks += u64::from(after.lock.is_some());
                facts = after.facts;
            }
        }
        locked_for += (now..now + rest).filter(|at| locked(facts, Instant(*at))).count();
        let end = Instant(now + rest);
        let tally = replay.tally(end);
        prop_assert_eq!(tally.attempts, attempts);
        prop_assert_eq!(tally.locks, locks);
        prop_assert_eq!(tally.locked_for, Micros(i64::try_from(locked_for).unwrap()));
        prop_assert_eq!((tally.refused, tally.refused_successes), (refused, kept_out));
        prop_assert_eq!(tally.locked_until, facts.locked_until.filter(|_| locked(facts, end)));
        prop_assert_eq!(replay.tally(end), tally, "looking changes nothing");
    }
}
