use authn_rules::Method;
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

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

/// The method with this label. SQL hands in labels of the enum only, and the install script checks
/// that the rules know each: any other label is a bug, answered with an error and never with a guess.
pub(super) fn method_named(label: &str) -> Method {
    match label.parse() {
        Ok(method) => method,
        Err(_) => pgrx::error!("the rules know no method {label}"),
    }
}
