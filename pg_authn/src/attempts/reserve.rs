//! The reserve protocol: begin, commit, verify, complete. A slot is held from begin to complete, so that not even
//! the verification runs more often than the policy says.

use authn_rules::{Instant, slots};
use pgrx::datum::Uuid;
use pgrx::heap_tuple::PgHeapTuple;
use pgrx::{AllocatedByRust, IntoDatum, fcinfo, pg_extern, pg_sys};

use super::abandoned;
use super::caller::{Caller, Request};
use super::count::Attempt;
use super::door::{Decision, Target, admit, clock, has_device, hold, look};
use super::facts::{Facts, instant, timestamp};
use super::outcome::Outcome;
use super::policy::Effective;
use super::refusal;
use super::statement::{Value, connected, statements};
use crate::shells::composite::row_of;

statements! {
    READ_RESERVATION = "read_reservation" [UUIDOID, UUIDOID];
    WRITE_RESERVATION = "write_reservation" [
        UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, INETOID, TEXTOID, TIMESTAMPTZOID, INTERVALOID,
    ];
    END_RESERVATION = "end_reservation" [UUIDOID, UUIDOID, TIMESTAMPTZOID, TEXTOID];
    FORGET_RESERVATIONS = "forget_reservations" [UUIDOID, TIMESTAMPTZOID];
    NEXT_FREE_SLOT = "next_free_slot" [UUIDOID, UUIDOID];
    TAKE_SLOT = "take_slot" [UUIDOID, UUIDOID, TIMESTAMPTZOID];
    FREE_SLOT = "free_slot" [UUIDOID, UUIDOID];
}

/// The answer to an attempt that begins: the columns of `authn._begun_attempt`.
struct Begun {
    decision: &'static str,
    attempt: Option<Uuid>,
    retry_at: Option<Instant>,
}

/// Reserves a slot; null where the call is wrong, about which `authn._refuse_attempt` has the last word.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._begin_attempt(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    ip inet,
    user_agent text
)
returns authn._begun_attempt
language c
volatile
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn begin_attempt(
    call: pg_sys::FunctionCallInfo,
) -> Option<pgrx::composite_type!('static, "authn._begun_attempt")> {
    // SAFETY: each position holds what the function is declared with.
    let argument = |position| unsafe { fcinfo::pg_getarg_datum(call, position) };
    let target = Target {
        user: argument(0),
        authenticator: argument(1),
        app: argument(2),
    };
    let begun = connected(|| begin(&target, argument(3), argument(4), argument(5)));
    begun.map(|begun| begun.row(call))
}

impl Begun {
    fn row(self, call: pg_sys::FunctionCallInfo) -> PgHeapTuple<'static, AllocatedByRust> {
        row_of(
            call,
            [
                self.decision.into_datum(),
                self.attempt.into_datum(),
                self.retry_at.and_then(timestamp),
            ],
        )
    }
}

fn begin(target: &Target, device: Value, ip: Value, user_agent: Value) -> Option<Begun> {
    let caller = Caller::found();
    if !caller.may_attempt {
        return None;
    }
    let (facts, decision) = admit(target, &caller)?;
    if !has_device(target.user, device, &facts) {
        return None;
    }
    let domain = facts.domain.id.into_datum();
    if decision != Decision::Open {
        let request = Request::or_setting(ip, user_agent);
        refusal::note(target, device, &facts, decision, &request, &caller);
        return Some(Begun {
            decision: decision.label(),
            attempt: None,
            retry_at: match decision {
                Decision::Locked => facts.domain.counted.locked_until,
                Decision::Deactivated => facts.blocked_until,
                Decision::Open | Decision::NotAvailable => None,
            },
        });
    }

    let policy = Effective::now(facts.tenant, facts.method, target.app);
    let time_to_live = policy.reservation_ttl;
    if free_slots(&facts, policy) == 0 {
        let next = NEXT_FREE_SLOT.run([target.user, domain]);
        return Some(Begun {
            decision: "busy",
            attempt: None,
            retry_at: next.first().and_then(|row| instant(&row, 0)),
        });
    }

    // Looked for now and then, not every time.
    if facts.domain.event_number % 16 == 0 {
        FORGET_RESERVATIONS.run([target.user, timestamp(facts.at)]);
    }
    let written = WRITE_RESERVATION.run([
        target.user,
        facts.tenant.into_datum(),
        domain,
        target.authenticator,
        target.app,
        device,
        ip,
        user_agent,
        timestamp(facts.at),
        time_to_live.into_datum(),
    ]);
    TAKE_SLOT.run([target.user, domain, timestamp(facts.at)]);
    Some(Begun {
        decision: "admitted",
        attempt: written.first().and_then(|row| row.get(0)),
        retry_at: None,
    })
}

/// Turns a reservation into a success or failure, by the status at this instant; null where the call is wrong,
/// about which `authn._refuse_completion` has the last word.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._complete_attempt(user_id uuid, attempt_id uuid, succeeded boolean)
returns authn.attempt_outcome
language c
volatile
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn complete_attempt(
    call: pg_sys::FunctionCallInfo,
) -> Option<pgrx::composite_type!('static, "authn.attempt_outcome")> {
    // SAFETY: each position holds what the function is declared with.
    let (user, attempt, succeeded) = unsafe {
        let succeeded: Option<bool> = fcinfo::pg_getarg(call, 2);
        (
            fcinfo::pg_getarg_datum(call, 0),
            fcinfo::pg_getarg_datum(call, 1),
            succeeded?,
        )
    };
    let outcome = connected(|| complete(user, attempt, succeeded));
    outcome.map(|outcome| outcome.row(call))
}

fn complete(user: Value, attempt: Value, succeeded: bool) -> Option<Outcome> {
    let caller = Caller::found();
    if !caller.may_attempt {
        return None;
    }
    let read = READ_RESERVATION.run([user, attempt]);
    let reservation = read.first()?;
    if !caller.sees_tenant(reservation.is(0)) {
        return None;
    }
    if let Some(outcome) = reservation.get::<&str>(7) {
        return Some(ended(outcome));
    }
    let domain: Uuid = reservation.is(1);
    let target = Target {
        user,
        authenticator: reservation.value(2),
        app: reservation.value(3),
    };
    let device = reservation.value(4);
    let request = Request::or_setting(reservation.value(5), reservation.value(6));

    // Removed meanwhile: nobody can complete it any more, so it runs out and counts; removing and adding again
    // would be a way to free guesses otherwise.
    let Some((facts, decision)) = admit_or_refuse(&target, domain, &caller) else {
        return Some(Outcome::bare("not_available"));
    };
    let outcome = match decision {
        Decision::NotAvailable => "not_available",
        Decision::Locked | Decision::Deactivated => "refused",
        Decision::Open if succeeded => "succeeded",
        Decision::Open => "failed",
    };
    if !end_reservation(user, attempt, facts.at, outcome) {
        let read = READ_RESERVATION.run([user, attempt]);
        let outcome = read.first().map(|row| ended(row.is(7)));
        return Some(outcome.expect("a reservation that was there has ended"));
    }
    if decision == Decision::Open {
        let attempt = Attempt {
            target,
            device,
            request,
            reserved: true,
            abandoned: None,
        };
        return Some(if succeeded {
            attempt.succeed(&facts, &caller)
        } else {
            attempt.fail(&facts, &caller)
        });
    }
    free_slot(user, domain.into_datum());
    refusal::note(&target, device, &facts, decision, &request, &caller);
    Some(refusal::outcome(&facts, decision))
}

/// As [`admit`], but holds the domain of a reservation whatever the decision: a refusal holds nothing yet, and
/// ending an attempt takes its domain first, like everybody; what ran out by then is counted before.
fn admit_or_refuse(target: &Target, domain: Uuid, caller: &Caller) -> Option<(Facts, Decision)> {
    loop {
        let (facts, decision) = admit(target, caller)?;
        if decision == Decision::Open {
            return Some((facts, decision));
        }
        hold(target.user, domain);
        abandoned::expire(target.user, domain, clock(), caller);
        let Some((facts, decision)) = look(target, caller) else {
            continue;
        };
        if decision != Decision::Open {
            return Some((facts, decision));
        }
    }
}

/// The answer to the completion of an attempt that has ended with this outcome.
fn ended(outcome: &str) -> Outcome {
    Outcome::bare(match outcome {
        "void" => "void",
        "expired" => "expired",
        _ => "already_completed",
    })
}

/// How many more attempts may be in flight on a lock domain.
pub(super) fn free_slots(facts: &Facts, policy: Effective) -> u32 {
    // Nothing locks it, so nothing limits it.
    policy.policy().map_or(1, |policy| {
        let in_flight = u32::try_from(facts.domain.in_flight).unwrap_or(0);
        slots(facts.domain.counted, &policy, facts.at, in_flight)
    })
}

/// Ends a reservation; false where it has ended.
pub(super) fn end_reservation(
    user: Value,
    attempt: Value,
    at: Instant,
    outcome: &'static str,
) -> bool {
    let ended = END_RESERVATION.run([user, attempt, timestamp(at), outcome.into_datum()]);
    ended.any()
}

/// Gives back the slot of a reservation that counted for nothing.
pub(super) fn free_slot(user: Value, domain: Value) {
    FREE_SLOT.run([user, domain]);
}
