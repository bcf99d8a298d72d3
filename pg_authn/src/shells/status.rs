use pgrx::{pg_extern, pg_sys};

use super::enum_value::sibling;

/// One step of `authn.overall_status`, and its combination: two that agree, or mixed.
///
/// An enum value is passed as the oid of its label. That two agree, by far the most, costs one
/// comparison and no look-up; SQL could not do it without planning an expression for each row.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._overall_status_step(state authn.status, next authn.status)
returns authn.status
language c
immutable
strict
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn overall_status_step(state: pg_sys::Oid, next: pg_sys::Oid) -> pg_sys::Oid {
    if state == next {
        state
    } else {
        sibling(state, "mixed")
    }
}
