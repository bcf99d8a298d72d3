use authn_rules::{Method, Scope};
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern, pg_sys};

use super::enum_value::with_label;

/// Every method with what was decided about it, for the check that ends the install script.
#[pg_extern(immutable, parallel_safe, name = "_methods")]
fn methods() -> TableIterator<
    'static,
    (
        name!(method, String),
        name!(scope, String),
        name!(lockable, bool),
        name!(registration, String),
    ),
> {
    TableIterator::new(Method::ALL.iter().map(|method| {
        (
            method.to_string(),
            method.scope().to_string(),
            method.lockable(),
            method.registration().to_string(),
        )
    }))
}

/// Whether the scope of a method is the whole tenant.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._is_global(method authn.method)
returns boolean
language c
immutable
strict
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn is_global(method: pg_sys::Oid) -> bool {
    with_label(method, method_named).scope() == Scope::GlobalUser
}

/// The method with this label. SQL hands in labels of the enum only, and the install script checks
/// that the rules know each: any other label is a bug, answered with an error and never with a guess.
pub(crate) fn method_named(label: &str) -> Method {
    match label.parse() {
        Ok(method) => method,
        Err(_) => pgrx::error!("the rules know no method {label}"),
    }
}
