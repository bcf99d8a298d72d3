//! Reservations that nobody completed: each counts as a failure, at the instant it ran out.

use authn_rules::{Instant, locked};
use pgrx::datum::{TimestampWithTimeZone, Uuid};
use pgrx::{IntoDatum, pg_extern};

use super::caller::{Caller, Request};
use super::count::Attempt;
use super::door::Target;
use super::facts::{Facts, instant, timestamp};
use super::reserve::{end_reservation, free_slot};
use super::statement::{Value, connected, statements};

statements! {
    READ_DUE_RESERVATIONS = "read_due_reservations" [UUIDOID, UUIDOID, TIMESTAMPTZOID];
}

/// Counts the reservations of a lock domain that nobody completed; false where none is due. The caller holds the
/// domain.
pub(super) fn expire(user: Value, domain: Uuid, at: Instant, caller: &Caller) -> bool {
    let due = READ_DUE_RESERVATIONS.run([user, domain.into_datum(), timestamp(at)]);
    for row in due.iter() {
        let attempt = row.value(0);
        let target = Target {
            user,
            authenticator: row.value(1),
            app: row.value(2),
        };
        // At the instant it ran out: everything later on this domain comes after this.
        let facts = Facts::read(&target, instant(&row, 6)).expect("a reservation has its domain");
        end_reservation(user, attempt, facts.at, "expired");
        // Under a lock nothing counts, and an attempt that nobody completed is no exception.
        if locked(facts.domain.counted, facts.at) {
            free_slot(user, domain.into_datum());
            continue;
        }
        let attempt = Attempt {
            target,
            device: row.value(3),
            request: Request::or_setting(row.value(4), row.value(5)),
            reserved: true,
            abandoned: attempt,
        };
        attempt.fail(&facts, caller);
    }
    due.any()
}

/// Counts what ran out by an instant, for whoever else holds a lock domain.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._expire_reservations(user_id uuid, context_id uuid, at timestamptz)
returns boolean
language c
volatile
strict
security definer
set search_path = pg_catalog, pg_temp
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn expire_reservations(user: Uuid, domain: Uuid, at: TimestampWithTimeZone) -> bool {
    connected(|| {
        expire(
            user.into_datum(),
            domain,
            Instant(at.into()),
            &Caller::found(),
        )
    })
}
