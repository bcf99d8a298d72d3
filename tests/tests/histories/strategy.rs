//! Histories as somebody could live them: everything is small, so that failures, ends of locks, ends of
//! windows and ends of reservations fall on the same instant all the time.

use authn_reference::{App, Authenticator, Block, Cause, Device, Method, Step};
use authn_rules::{Micros, Policy, Tier};
use proptest::prelude::*;
use proptest::sample::select;

/// Steps, each so long after the one before.
pub(crate) type History = Vec<(i64, Step)>;

/// Everything, everywhere.
pub(crate) fn anything() -> impl Strategy<Value = History> {
    let authenticator = || select(Authenticator::ALL.to_vec()).boxed();
    history(
        40,
        prop_oneof![
            12 => attempt(authenticator(), any_app()),
            8 => reservation(authenticator(), any_app()),
            3 => unlock(),
            5 => administration(),
            3 => registration(),
            3 => configuration(),
        ],
    )
}

/// An attack on one authenticator by both protocols, and hardly anything else.
pub(crate) fn attack() -> impl Strategy<Value = History> {
    let targets = [
        (Authenticator::Password, vec![App::Shop]),
        (Authenticator::PhonePin, vec![App::Shop]),
        (Authenticator::Sms, App::ALL.to_vec()),
    ];
    select(targets.to_vec()).prop_flat_map(|(authenticator, apps)| {
        let target = || Just(authenticator).boxed();
        let apps = || select(apps.clone()).boxed();
        let method = authenticator.method();
        let app = (!method.is_global()).then_some(App::Shop);
        let policies = (any_policy(), any::<bool>()).prop_map(move |(policy, of_app)| {
            Step::Configure(
                method,
                app.filter(|_| of_app),
                Some(for_method(method, policy)),
            )
        });
        let first = (policies.clone(), ttl()).prop_map(|(policy, ttl)| vec![(0, policy), (0, ttl)]);
        let rest = history(
            40,
            prop_oneof![
                10 => attempt(target(), apps()),
                12 => reservation(target(), apps()),
                1 => any_cause().prop_map(move |cause| Step::Unlock(method, App::Shop, cause)),
                1 => policies,
                1 => cap(),
                1 => blocking(target(), apps()),
            ],
        );
        (first, rest).prop_map(|(mut first, rest)| {
            first.extend(rest);
            first
        })
    })
}

/// Blocks, removals and switches, with a few attempts to tell what they mean.
pub(crate) fn supervision() -> impl Strategy<Value = History> {
    let authenticator = || select(Authenticator::ALL.to_vec()).boxed();
    history(
        30,
        prop_oneof![
            6 => attempt(authenticator(), any_app()),
            2 => reservation(authenticator(), any_app()),
            3 => unlock(),
            8 => administration(),
            5 => registration(),
        ],
    )
}

fn history(longest: usize, step: impl Strategy<Value = Step>) -> impl Strategy<Value = History> {
    let gap = prop_oneof![4 => Just(0), 5 => 1..=5_i64, 3 => 1..=25_i64, 1 => Just(1_000)];
    prop::collection::vec((gap, step), 1..=longest)
}

fn any_app() -> BoxedStrategy<App> {
    // Mostly where things are registered.
    prop_oneof![5 => Just(App::Shop), 3 => Just(App::Wallet), 1 => Just(App::Desk)].boxed()
}

fn any_method() -> impl Strategy<Value = Method> + Clone {
    select(Method::ALL.to_vec())
}

fn any_cause() -> impl Strategy<Value = Cause> {
    prop_oneof![4 => Just(Cause::Automatic), 1 => Just(Cause::Manual), 2 => Just(Cause::Any)]
}

fn attempt(
    authenticator: BoxedStrategy<Authenticator>,
    app: BoxedStrategy<App>,
) -> impl Strategy<Value = Step> {
    let right = prop::bool::weighted(0.2);
    (authenticator, app, right)
        .prop_map(|(authenticator, app, right)| Step::Attempt(authenticator, app, right))
}

/// Completions name any reservation; one that was not begun is passed over.
fn reservation(
    authenticator: BoxedStrategy<Authenticator>,
    app: BoxedStrategy<App>,
) -> impl Strategy<Value = Step> {
    prop_oneof![
        (authenticator, app).prop_map(|(authenticator, app)| Step::Begin(authenticator, app)),
        (0..6_usize, prop::bool::weighted(0.3))
            .prop_map(|(number, right)| Step::Complete(number, right)),
    ]
}

fn unlock() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any_method(), any_app(), any_cause())
            .prop_map(|(method, app, cause)| Step::Unlock(method, app, cause)),
        (select(Authenticator::ALL.to_vec()), any_app(), any_cause()).prop_map(
            |(authenticator, app, cause)| Step::UnlockAuthenticator(authenticator, app, cause)
        ),
    ]
}

fn administration() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => blocking(select(Authenticator::ALL.to_vec()).boxed(), any_app()),
        1 => (any_app(), any_method(), prop::bool::weighted(0.6))
            .prop_map(|(app, method, offered)| Step::Offer(app, method, offered)),
    ]
}

fn blocking(
    authenticator: BoxedStrategy<Authenticator>,
    app: BoxedStrategy<App>,
) -> impl Strategy<Value = Step> {
    let block = prop_oneof![
        Just(Block::User),
        select(Device::ALL.to_vec()).prop_map(Block::Device),
        authenticator.clone().prop_map(Block::Everywhere),
        (authenticator, app).prop_map(|(authenticator, app)| Block::Here(authenticator, app)),
    ]
    .boxed();
    let duration = prop::option::weighted(0.7, (1..=20_i64).prop_map(Micros));
    prop_oneof![
        3 => (block.clone(), duration).prop_map(|(block, duration)| Step::Block(block, duration)),
        2 => block.prop_map(Step::Unblock),
    ]
}

fn registration() -> impl Strategy<Value = Step> {
    let authenticator = || select(Authenticator::ALL.to_vec());
    prop_oneof![
        (authenticator(), prop::option::weighted(0.7, any_app()))
            .prop_map(|(authenticator, app)| Step::Remove(authenticator, app)),
        (authenticator(), any_app())
            .prop_map(|(authenticator, app)| Step::Register(authenticator, Some(app))),
        Just(Step::Register(Authenticator::Sms, None)),
    ]
}

fn configuration() -> impl Strategy<Value = Step> {
    let lockable = select(vec![Method::Password, Method::Pin, Method::SmsOtp]);
    let policy = prop::option::weighted(0.8, any_policy());
    prop_oneof![
        4 => (lockable, prop::option::of(any_app()), policy).prop_map(|(method, app, policy)| {
            let policy = policy.map(|policy| for_method(method, policy));
            Step::Configure(method, app.filter(|_| !method.is_global()), policy)
        }),
        1 => cap(),
        1 => ttl(),
    ]
}

fn cap() -> impl Strategy<Value = Step> {
    prop_oneof![(2..=12_u32), Just(100)].prop_map(Step::Cap)
}

fn ttl() -> impl Strategy<Value = Step> {
    (1..=15_i64).prop_map(|ttl| Step::TimeToLive(Micros(ttl)))
}

/// A policy that can be configured.
fn any_policy() -> impl Strategy<Value = Policy> + Clone {
    (
        prop::collection::vec((1..=3_u32, 1..=15_i64), 1..=3),
        prop::bool::weighted(0.2),
        prop::option::of(1..=15_i64),
        any::<bool>(),
    )
        .prop_map(|(steps, last_is_endless, window, then_permanent)| {
            let last = steps.len() - 1;
            let mut failures = 0;
            let tiers: Vec<Tier> = steps
                .into_iter()
                .enumerate()
                .map(|(index, (step, duration))| {
                    failures += step;
                    let endless = last_is_endless && index == last;
                    Tier {
                        failures,
                        duration: (!endless).then_some(Micros(duration)),
                    }
                })
                .collect();
            let longest = tiers.iter().filter_map(|tier| tier.duration).max();
            let least = longest.map_or(0, |Micros(longest)| longest);
            Policy {
                tiers,
                failures_expire_after: window.map(|window| Micros(least + window)),
                then_permanent,
                hard_cap: 100,
            }
        })
}

/// "One-time-code methods are simple only"; a simple policy's window may be shorter than its lock.
fn for_method(method: Method, policy: Policy) -> Policy {
    if !method.is_global() {
        return policy;
    }
    Policy {
        tiers: policy.tiers[..1].to_vec(),
        failures_expire_after: policy
            .failures_expire_after
            .map(|Micros(window)| Micros(window / 2 + 1)),
        then_permanent: false,
        ..policy
    }
}
