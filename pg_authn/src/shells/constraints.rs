//! What the tables that every attempt writes refuse. PostgreSQL reads the expression of each check anew in every
//! statement that writes a row, so one that calls a function costs an attempt a tenth of what eight expressions do.

use authn_rules::Scope;
use pgrx::datum::Uuid;
use pgrx::{pg_extern, pg_sys};

use super::enum_value::with_label;
use super::methods::method_named;

/// The constraint that a row of `authn_data.contexts` breaks; null: none.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._broken_constraint(
    app_id uuid,
    method authn.method,
    registered_at timestamptz,
    last_success_at timestamptz,
    deactivated_since timestamptz,
    deactivated_until timestamptz,
    failures integer,
    failures_since_success integer,
    tier integer,
    in_flight integer,
    locked_since timestamptz,
    locked_until timestamptz
)
returns text
language c
immutable
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
#[allow(
    clippy::too_many_arguments,
    reason = "a row of contexts, column by column"
)]
fn broken_constraint(
    app: Option<Uuid>,
    method: pg_sys::Oid,
    registered_at: Option<i64>,
    last_success_at: Option<i64>,
    deactivated_since: Option<i64>,
    deactivated_until: Option<i64>,
    failures: i32,
    failures_since_success: i32,
    tier: i32,
    in_flight: i32,
    locked_since: Option<i64>,
    locked_until: Option<i64>,
) -> Option<&'static str> {
    let method = with_label(method, method_named);
    let is_global = method.scope() == Scope::GlobalUser;
    let is_tenant_wide = app.is_none();
    let counts = [failures, failures_since_success, tier];
    let is_counted = counts != [0; 3] || locked_until.is_some();
    let broken = [
        (
            is_tenant_wide && !is_global,
            "only_a_global_authenticator_has_a_tenant_wide_row",
        ),
        (
            !is_tenant_wide && is_global && (is_counted || in_flight != 0),
            "a_global_authenticator_is_counted_tenant_wide",
        ),
        (
            is_counted && !method.lockable(),
            "only_a_lockable_method_is_counted",
        ),
        (
            in_flight < 0 || counts.iter().any(|count| *count < 0),
            "counters_are_not_negative",
        ),
        (
            !spans(locked_since, locked_until, |since, until| since < until),
            "a_lock_has_a_beginning_and_an_end",
        ),
        (
            !spans(deactivated_since, deactivated_until, |since, until| {
                since <= until
            }),
            "a_deactivation_has_a_beginning_and_an_end",
        ),
        (
            is_tenant_wide && deactivated_until.is_some(),
            "the_tenant_wide_row_is_not_deactivated",
        ),
        (
            !is_tenant_wide && last_success_at.is_some() && registered_at.is_none(),
            "no_success_before_registration",
        ),
    ];
    broken
        .into_iter()
        .find_map(|(is_broken, name)| is_broken.then_some(name))
}

/// Whether two instants are both missing, or both there and in order.
fn spans(since: Option<i64>, until: Option<i64>, in_order: impl Fn(i64, i64) -> bool) -> bool {
    match (since, until) {
        (None, None) => true,
        (Some(since), Some(until)) => in_order(since, until),
        _ => false,
    }
}

/// Whether a reservation can end like this.
#[pg_extern(immutable, parallel_safe, strict, name = "_is_reservation_outcome")]
fn is_reservation_outcome(outcome: &str) -> bool {
    matches!(
        outcome,
        "succeeded" | "failed" | "refused" | "not_available" | "void" | "expired"
    )
}
