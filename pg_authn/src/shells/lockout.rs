use authn_rules::{
    AfterFailure, Facts, Instant, Level, LockCause, Micros, Policy, PolicyInput, Tier, TierInput,
    default_policy, fail, slots, validate,
};
use pgrx::datum::{Interval, TimestampWithTimeZone};
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

use super::methods::method_named;
use super::problem::problem_row;

/// The built-in policy of a method; no row for one that cannot lock.
#[pg_extern(immutable, parallel_safe, strict, name = "_default_policy")]
fn default_policy_of(
    method: &str,
) -> TableIterator<
    'static,
    (
        name!(tier_failures, Vec<i32>),
        name!(tier_durations, Vec<Option<Interval>>),
        name!(failures_expire_after, Option<Interval>),
        name!(then_permanent, bool),
    ),
> {
    TableIterator::new(default_policy(method_named(method)).map(|policy| {
        (
            policy
                .tiers
                .iter()
                .map(|tier| stored(tier.failures))
                .collect(),
            policy
                .tiers
                .iter()
                .map(|tier| tier.duration.map(to_interval))
                .collect(),
            policy.failures_expire_after.map(to_interval),
            policy.then_permanent,
        )
    }))
}

/// What is wrong with a policy for an app or for the tenant; no row when nothing.
#[pg_extern(immutable, parallel_safe, name = "_policy_problem")]
fn policy_problem(
    method: &str,
    of_app: bool,
    tier_failures: Vec<i32>,
    tier_durations: Vec<Option<Interval>>,
    failures_expire_after: Option<Interval>,
    then_permanent: bool,
    hard_cap: i32,
) -> TableIterator<
    'static,
    (
        name!(condition, String),
        name!(argument, String),
        name!(message, String),
        name!(hint, String),
    ),
> {
    let level = if of_app { Level::App } else { Level::Tenant };
    let input = PolicyInput {
        tiers: tier_failures
            .into_iter()
            .zip(tier_durations)
            .map(|(failures, duration)| TierInput {
                failures: i64::from(failures),
                duration: duration.map(to_micros),
            })
            .collect(),
        failures_expire_after: failures_expire_after.map(to_micros),
        then_permanent,
        hard_cap: counted(hard_cap),
    };
    TableIterator::new(problem_row(validate(method_named(method), level, &input)))
}

/// The facts of a lock domain after one more failure, and what locked, if anything did.
#[pg_extern(immutable, parallel_safe, name = "_after_failure")]
#[allow(
    clippy::too_many_arguments,
    reason = "facts and policy, column by column"
)]
fn after_failure(
    tier_failures: Vec<i32>,
    tier_durations: Vec<Option<Interval>>,
    failures_expire_after: Option<Interval>,
    then_permanent: bool,
    hard_cap: i32,
    failures: i32,
    failures_since_success: i32,
    tier: i32,
    last_failure_at: Option<TimestampWithTimeZone>,
    locked_until: Option<TimestampWithTimeZone>,
    at: TimestampWithTimeZone,
) -> TableIterator<
    'static,
    (
        name!(failures, i32),
        name!(failures_since_success, i32),
        name!(tier, i32),
        name!(locked_until, Option<TimestampWithTimeZone>),
        name!(cause, Option<&'static str>),
        name!(lock_tier, Option<i32>),
    ),
> {
    let policy = policy(
        tier_failures,
        tier_durations,
        failures_expire_after,
        then_permanent,
        hard_cap,
    );
    let facts = facts(
        failures,
        failures_since_success,
        tier,
        last_failure_at,
        locked_until,
    );
    let AfterFailure { facts, lock } = fail(facts, &policy, to_instant(at));
    let (cause, lock_tier) = match lock.map(|lock| lock.cause) {
        None => (None, None),
        Some(LockCause::Tier(number)) => (Some("tier"), Some(stored(number))),
        Some(LockCause::ThenPermanent) => (Some("then_permanent"), None),
        Some(LockCause::HardCap) => (Some("hard_cap"), None),
    };
    TableIterator::once((
        stored(facts.failures),
        stored(facts.failures_since_success),
        stored(facts.tier),
        facts.locked_until.map(to_timestamp),
        cause,
        lock_tier,
    ))
}

/// How many more attempts may be in flight on a lock domain beside `in_flight` others.
#[pg_extern(immutable, parallel_safe, name = "_free_slots")]
#[allow(
    clippy::too_many_arguments,
    reason = "facts and policy, column by column"
)]
fn free_slots(
    tier_failures: Vec<i32>,
    tier_durations: Vec<Option<Interval>>,
    failures_expire_after: Option<Interval>,
    then_permanent: bool,
    hard_cap: i32,
    failures: i32,
    failures_since_success: i32,
    tier: i32,
    last_failure_at: Option<TimestampWithTimeZone>,
    locked_until: Option<TimestampWithTimeZone>,
    at: TimestampWithTimeZone,
    in_flight: i32,
) -> i32 {
    let policy = policy(
        tier_failures,
        tier_durations,
        failures_expire_after,
        then_permanent,
        hard_cap,
    );
    let facts = facts(
        failures,
        failures_since_success,
        tier,
        last_failure_at,
        locked_until,
    );
    stored(slots(facts, &policy, to_instant(at), counted(in_flight)))
}

pub(super) fn policy(
    tier_failures: Vec<i32>,
    tier_durations: Vec<Option<Interval>>,
    failures_expire_after: Option<Interval>,
    then_permanent: bool,
    hard_cap: i32,
) -> Policy {
    Policy {
        tiers: tier_failures
            .into_iter()
            .zip(tier_durations)
            .map(|(failures, duration)| Tier {
                failures: counted(failures),
                duration: duration.map(to_micros),
            })
            .collect(),
        failures_expire_after: failures_expire_after.map(to_micros),
        then_permanent,
        hard_cap: counted(hard_cap),
    }
}

fn facts(
    failures: i32,
    failures_since_success: i32,
    tier: i32,
    last_failure_at: Option<TimestampWithTimeZone>,
    locked_until: Option<TimestampWithTimeZone>,
) -> Facts {
    Facts {
        failures: counted(failures),
        failures_since_success: counted(failures_since_success),
        tier: counted(tier),
        last_failure_at: last_failure_at.map(to_instant),
        locked_until: locked_until.map(to_instant),
    }
}

/// Counts are never negative in the tables (`counters_are_not_negative`).
fn counted(count: i32) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

fn stored(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// PostgreSQL's own 'infinity' is the largest count of microseconds, and so is `Instant::FOREVER`.
pub(super) fn to_instant(at: TimestampWithTimeZone) -> Instant {
    Instant(at.into())
}

pub(super) fn to_timestamp(at: Instant) -> TimestampWithTimeZone {
    TimestampWithTimeZone::try_from(at.0)
        .unwrap_or_else(|_| TimestampWithTimeZone::positive_infinity())
}

fn to_micros(interval: Interval) -> Micros {
    Micros(i64::try_from(interval.as_micros()).unwrap_or(i64::MAX))
}

pub(super) fn to_interval(duration: Micros) -> Interval {
    Interval::from_micros(duration.0)
}
