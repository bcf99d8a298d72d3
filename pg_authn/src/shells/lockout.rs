use authn_rules::{Instant, Level, Micros, Policy, PolicyInput, Tier, TierInput, validate};
use pgrx::datum::{Interval, TimestampWithTimeZone};
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

use super::methods::method_named;
use super::problem::problem_row;

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

pub(crate) fn policy(
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

/// Counts are never negative in the tables (`counters_are_not_negative`).
fn counted(count: i32) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

pub(crate) fn stored(count: u32) -> i32 {
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

pub(crate) fn to_micros(interval: Interval) -> Micros {
    Micros(i64::try_from(interval.as_micros()).unwrap_or(i64::MAX))
}

pub(crate) fn to_interval(duration: Micros) -> Interval {
    Interval::from_micros(duration.0)
}
