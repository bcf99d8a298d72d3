use authn_rules::{Level, validate_settings};
use pgrx::iter::TableIterator;
use pgrx::{JsonB, name, pg_extern};

use super::methods::method_named;
use super::problem::problem_row;

/// What is wrong with a method's settings, for an app or for the tenant; no row when nothing.
#[pg_extern(immutable, parallel_safe, strict, name = "_settings_problem")]
fn settings_problem(
    method: &str,
    of_app: bool,
    settings: JsonB,
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
    TableIterator::new(problem_row(validate_settings(
        method_named(method),
        level,
        &settings.0,
    )))
}
