//! What `authn.migrate()` runs to make the storage, in this order.
//!
//! A step belongs to the version that brought it and never changes after that version was released:
//! a later version appends steps.

use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

struct Step {
    since: Version,
    name: &'static str,
    script: &'static str,
}

/// Major, minor, patch.
type Version = (u32, u32, u32);

macro_rules! step {
    ($since:expr, $name:literal) => {
        Step {
            since: $since,
            name: $name,
            script: include_str!(concat!("../../sql/", $name, ".sql")),
        }
    };
}

const STEPS: &[Step] = &[
    step!((0, 1, 0), "storage/schema_version"),
    step!((0, 1, 0), "storage/tenants"),
    step!((0, 1, 0), "storage/role_bindings"),
    step!((0, 1, 0), "storage/apps"),
    step!((0, 1, 0), "storage/users"),
    step!((0, 1, 0), "storage/devices"),
    step!((0, 1, 0), "storage/authenticators"),
    step!((0, 1, 0), "storage/contexts"),
    step!((0, 1, 0), "storage/reservations"),
    step!((0, 1, 0), "storage/locks"),
    step!((0, 1, 0), "storage/lockout_policies"),
    step!((0, 1, 0), "storage/events"),
    step!((0, 1, 0), "storage/event_closings"),
    step!((0, 1, 0), "storage/imported_attempts"),
    step!((0, 1, 0), "storage/batches"),
    step!((0, 1, 0), "policies/tenants_and_apps"),
    step!((0, 1, 0), "policies/event_closings"),
    step!((0, 1, 0), "policies/engine"),
    step!((0, 1, 0), "triggers/users"),
    step!((0, 1, 0), "triggers/events"),
    step!((0, 1, 0), "triggers/event_closings"),
    step!((0, 1, 0), "views/world"),
    step!((0, 1, 0), "views/overlays"),
    step!((0, 1, 0), "views/context_facts"),
    step!((0, 1, 0), "views/standing_facts"),
    step!((0, 1, 0), "views/contexts"),
    step!((0, 1, 0), "views/standings"),
    step!((0, 1, 0), "views/authenticators"),
    step!((0, 1, 0), "views/deactivated_now"),
    step!((0, 1, 0), "views/expiries"),
    step!((0, 1, 0), "views/events"),
    step!((0, 1, 0), "views/event_closings"),
    step!((0, 1, 0), "views/reports"),
];

/// The steps that lead from an installed version (null: nothing is there) to this one.
#[pg_extern(immutable, parallel_safe, name = "_storage_steps")]
fn storage_steps(
    installed: Option<&str>,
) -> TableIterator<
    'static,
    (
        name!(position, i32),
        name!(name, &'static str),
        name!(script, &'static str),
    ),
> {
    let installed = installed.map(|version| {
        parse(version).unwrap_or_else(|| pgrx::error!("the storage has no version {version}"))
    });
    TableIterator::new(
        (1..)
            .zip(STEPS)
            .filter(move |(_, step)| installed.is_none_or(|installed| step.since > installed))
            .map(|(position, step)| (position, step.name, step.script)),
    )
}

fn parse(version: &str) -> Option<Version> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    let parsed = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(parsed)
}
