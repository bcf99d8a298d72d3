use authn_rules::{
    AfterFailure, Facts, Instant, Level, LockCause, Micros, Policy, PolicyInput, Tier, TierInput,
    default_policy, fail, slots, validate,
};
use pgrx::datum::{Interval, TimestampWithTimeZone};
use pgrx::heap_tuple::{PgHeapTuple, PgHeapTupleError};
use pgrx::iter::TableIterator;
use pgrx::{AllocatedByRust, IntoDatum, PgTupleDesc, name, pg_extern, pg_sys};

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
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._after_failure(
    tier_failures integer[],
    tier_durations interval[],
    failures_expire_after interval,
    then_permanent boolean,
    hard_cap integer,
    failures integer,
    failures_since_success integer,
    tier integer,
    last_failure_at timestamptz,
    locked_until timestamptz,
    at timestamptz
)
returns authn._next_facts
language c
immutable
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
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
    call: pg_sys::FunctionCallInfo,
) -> pgrx::composite_type!('static, "authn._next_facts") {
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
    next_facts(call, &facts, cause, lock_tier)
        .unwrap_or_else(|error| pgrx::error!("authn._next_facts is not what it was: {error}"))
}

/// The row that `authn._after_failure` answers. Its type is that of the function: looking it up by name
/// would cost more than the rules.
fn next_facts(
    call: pg_sys::FunctionCallInfo,
    facts: &Facts,
    cause: Option<&str>,
    lock_tier: Option<i32>,
) -> Result<PgHeapTuple<'static, AllocatedByRust>, PgHeapTupleError> {
    // SAFETY: PostgreSQL calls a function with its own call information.
    let row_type = unsafe { pg_sys::get_func_rettype((*(*call).flinfo).fn_oid) };
    let columns = PgTupleDesc::for_composite_type_by_oid(row_type)
        .ok_or(PgHeapTupleError::NotACompositeType(row_type))?;
    let values = [
        stored(facts.failures).into_datum(),
        stored(facts.failures_since_success).into_datum(),
        stored(facts.tier).into_datum(),
        facts.locked_until.map(to_timestamp).into_datum(),
        cause.into_datum(),
        lock_tier.into_datum(),
    ];
    // SAFETY: these are the columns of authn._next_facts, in their order (sql/types/composites.sql).
    unsafe { PgHeapTuple::from_datums(columns, values) }
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
