//! Attempts that a lock or a deactivation refuses. A flood of them is a flood of reads.

use std::cell::RefCell;
use std::collections::HashMap;

use authn_rules::{Instant, Micros};

use pgrx::{IntoDatum, pg_sys};

use super::caller::{Caller, Request, request_id};
use super::door::{Decision, Target};
use super::facts::{Facts, Status, instant, timestamp};
use super::outcome::Outcome;
use super::statement::{Value, statements};

statements! {
    READ_REFUSALS = "read_refusals" [UUIDOID, UUIDOID, TIMESTAMPTZOID];
    WRITE_REFUSAL = "write_refusal" [
        UUIDOID, UUIDOID, TIMESTAMPTZOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, TEXTOID, TEXTOID, TIMESTAMPTZOID,
        TEXTOID, TEXTOID, INETOID, TEXTOID, TEXTOID,
    ];
    COUNT_REFUSALS = "count_refusals" [UUIDOID, UUIDOID, TIMESTAMPTZOID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID];
}

/// How often the count of the refusals after the first is written, at most.
const WRITTEN_EVERY: Micros = Micros(1_000_000);

/// Locks that one backend tallies at a time; beyond it begins anew, for the count is approximate.
const MAX_TALLIES: usize = 1024;

/// The refusals of a lock or deactivation that this backend has not written down.
#[derive(Default)]
struct Tally {
    refusals: i64,
    /// When anybody last wrote theirs, as far as this backend knows.
    counted_at: Option<Instant>,
}

/// A lock domain, and since when it is locked or blocked.
type Key = ([u8; 16], i64);

thread_local! {
    static TALLIES: RefCell<HashMap<Key, Tally>> = RefCell::default();
}

/// The answer to an attempt that was not let through.
pub(super) fn outcome(facts: &Facts, decision: Decision) -> Outcome {
    Outcome {
        outcome: match decision {
            Decision::NotAvailable => "not_available",
            _ => "refused",
        },
        status: match decision {
            Decision::Locked => Some(Status::Locked),
            Decision::Deactivated => Some(Status::Deactivated),
            Decision::NotAvailable | Decision::Open => None,
        },
        failures: Some(facts.domain.counted.failures),
        locked_until: facts
            .domain
            .counted
            .locked_until
            .filter(|until| *until > facts.at),
    }
}

/// Records the first attempt that a lock or deactivation refuses, and counts the rest approximately: they are
/// tallied in this backend, and written at most once a second by whoever need not wait.
pub(super) fn note(
    target: &Target,
    device: Value,
    facts: &Facts,
    decision: Decision,
    request: &Request,
    caller: &Caller,
) {
    let (status, since) = match decision {
        Decision::Locked => (Status::Locked, facts.domain.locked_since),
        Decision::Deactivated => (Status::Deactivated, facts.blocked_since),
        Decision::Open | Decision::NotAvailable => return,
    };
    // SAFETY: asks shared memory.
    if unsafe { pg_sys::RecoveryInProgress() } {
        return;
    }
    let Some(since) = since else {
        pgrx::error!("what refuses an attempt has no beginning");
    };
    let key = (*facts.domain.id.as_bytes(), since.0);
    if tally(key, facts.at) {
        return;
    }

    let domain = facts.domain.id.into_datum();
    let read = READ_REFUSALS.run([target.user, domain, timestamp(since)]);
    let Some(counted_at) = read.first().and_then(|row| instant(&row, 0)) else {
        TALLIES.with_borrow_mut(|tallies| tallies.remove(&key));
        WRITE_REFUSAL.run([
            target.user,
            domain,
            timestamp(since),
            facts.tenant.into_datum(),
            target.authenticator,
            target.app,
            device.or_else(|| facts.device.into_datum()),
            facts.method_label(),
            status.label().into_datum(),
            timestamp(facts.at),
            caller.actor,
            caller.role,
            request.ip,
            request.user_agent,
            request_id(),
        ]);
        return;
    };
    if facts.at < counted_at.plus(WRITTEN_EVERY) {
        know(key, counted_at);
        return;
    }
    let refusals =
        TALLIES.with_borrow(|tallies| tallies.get(&key).map_or(0, |tally| tally.refusals));
    let written = COUNT_REFUSALS.run([
        target.user,
        domain,
        timestamp(since),
        refusals.into_datum(),
        timestamp(facts.at),
        timestamp(counted_at),
    ]);
    if written.any() {
        TALLIES.with_borrow_mut(|tallies| tallies.remove(&key));
    }
}

/// Adds one refusal to a tally, and answers whether that is all there is to do: somebody wrote the count less than
/// a second ago.
fn tally(key: Key, at: Instant) -> bool {
    TALLIES.with_borrow_mut(|tallies| {
        if tallies.len() >= MAX_TALLIES && !tallies.contains_key(&key) {
            tallies.clear();
        }
        let tally = tallies.entry(key).or_default();
        tally.refusals = tally.refusals.saturating_add(1);
        tally
            .counted_at
            .is_some_and(|counted_at| at < counted_at.plus(WRITTEN_EVERY))
    })
}

/// Remembers when the count was written, so that the next second asks nobody; not in a transaction that has written
/// something, for what it read may be its own, and be rolled back.
fn know(key: Key, counted_at: Instant) {
    // SAFETY: asks this backend's own state.
    if unsafe { pg_sys::GetTopTransactionIdIfAny() } != pg_sys::InvalidTransactionId {
        return;
    }
    TALLIES.with_borrow_mut(|tallies| {
        if let Some(tally) = tallies.get_mut(&key) {
            tally.counted_at = Some(counted_at);
        }
    });
}
