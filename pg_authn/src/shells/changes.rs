use pgrx::{pg_extern, pg_sys};

use super::enum_value::with_label;

/// Whether an event of the log changes a status, or a fact that one depends on: every action does, hardly any attempt.
///
/// Every attempt asks, in a trigger and in the predicate of an index, which PostgreSQL prepares anew in each statement:
/// an expression that it inlines there costs more than the index.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._changes_status(kind authn.event_kind, status_before authn.status, status_after authn.status)
returns boolean
language c
immutable
leakproof
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn changes_status(
    kind: Option<pg_sys::Oid>,
    status_before: Option<pg_sys::Oid>,
    status_after: Option<pg_sys::Oid>,
) -> bool {
    let Some(kind) = kind else {
        return true;
    };
    with_label(kind, |kind| match kind {
        // The lock that a failure brings has an event of its own.
        "attempt_failed" => false,
        "attempt_succeeded" => status_before != status_after,
        _ => true,
    })
}
