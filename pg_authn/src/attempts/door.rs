//! The door that every attempt goes through. One that is refused only reads; one that is open holds its lock domain
//! from then on. First the row lock, then the clock: nothing here may use `now()`, for a transaction can begin long
//! before it has the lock.

use authn_rules::Instant;
use pgrx::datum::Uuid;
use pgrx::{FromDatum, IntoDatum, pg_sys};

use super::abandoned;
use super::caller::Caller;
use super::facts::{Facts, Status, version};
use super::statement::{Value, statements};

statements! {
    READ_OFFER = "read_offer" [UUIDOID, TEXTOID];
    LOCK_DOMAIN = "lock_domain" [UUIDOID, UUIDOID];
    READ_CLOCK = "read_clock" [];
    APP_EXISTS = "app_exists" [UUIDOID, UUIDOID];
    DEVICE_EXISTS = "device_exists" [UUIDOID, UUIDOID];
}

/// What an attempt names.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) user: Value,
    pub(super) authenticator: Value,
    pub(super) app: Value,
}

/// Whether an attempt is let through, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is, and its lock domain is held.
    Open,
    Locked,
    Deactivated,
    NotAvailable,
}

impl Decision {
    pub(super) fn label(self) -> &'static str {
        match self {
            Decision::Open => "open",
            Decision::Locked => "locked",
            Decision::Deactivated => "deactivated",
            Decision::NotAvailable => "not_available",
        }
    }
}

/// Decides whether an attempt is open, and holds its lock domain if it is. `None`: one of the ids is wrong.
pub(super) fn admit(target: &Target, caller: &Caller) -> Option<(Facts, Decision)> {
    let mut held = None;
    loop {
        let (mut facts, decision) = look(target, caller)?;
        if decision != Decision::Open {
            return Some((facts, decision));
        }
        if held != Some(facts.domain.version) {
            held = hold(target.user, facts.domain.id);
            if held != Some(facts.domain.version) {
                // Somebody changed the row before it was held, and what was read beside it may be older than
                // that (whoever changes any of it writes this row too). Under the lock it stays true.
                continue;
            }
        }
        let now = clock();
        facts.at = facts.domain.latest_at.map_or(now, |latest| now.max(latest));
        if facts.domain.in_flight == 0
            || !abandoned::expire(target.user, facts.domain.id, facts.at, caller)
        {
            return Some((facts, Decision::Open));
        }
    }
}

/// Reads, without a lock, whether an attempt is open.
pub(super) fn look(target: &Target, caller: &Caller) -> Option<(Facts, Decision)> {
    let facts = Facts::read(target, None)?;
    // An authenticator that is bound to an app or device works where it was registered.
    if facts.removed || !(facts.has_context || facts.counts_elsewhere()) {
        return None;
    }
    // SAFETY: the functions are declared with an app's id.
    let app = unsafe { id(target.app?) };
    if !caller.sees(facts.tenant, app) {
        return None;
    }
    let offer = READ_OFFER.run([target.app, facts.method_label()]);
    let offered = match offer.first() {
        Some(row) if row.is::<Uuid>(0) == facts.tenant => row.is(1),
        // An app that was never given the method.
        None if APP_EXISTS
            .run([target.app, facts.tenant.into_datum()])
            .any() =>
        {
            false
        }
        _ => return None,
    };
    let decision = match facts.status {
        _ if !offered => Decision::NotAvailable,
        Status::Locked => Decision::Locked,
        Status::Deactivated => Decision::Deactivated,
        Status::Registered | Status::Active => Decision::Open,
    };
    Some((facts, decision))
}

/// Holds a lock domain until the end of the transaction, and answers which version of its row that is.
pub(super) fn hold(user: Value, domain: Uuid) -> Option<u32> {
    let rows = LOCK_DOMAIN.run([user, domain.into_datum()]);
    rows.first().map(|row| version(&row, 0))
}

/// The clock of enforcement: read after the row lock, never before.
pub(super) fn clock() -> Instant {
    let row = READ_CLOCK.run([]).first();
    Instant(row.expect("a select without a table answers a row").is(0))
}

/// Whether an attempt may name a device: none, the authenticator's, or, where that is bound to none, one of the user's.
pub(super) fn has_device(user: Value, device: Value, facts: &Facts) -> bool {
    let Some(named) = device else {
        return true;
    };
    // SAFETY: the functions are declared with a device's id.
    match facts.device {
        Some(own) => unsafe { id(named) == own },
        None => DEVICE_EXISTS.run([user, device]).any(),
    }
}

/// # Safety
/// The datum must be a `uuid`.
unsafe fn id(datum: pg_sys::Datum) -> Uuid {
    // SAFETY: by the caller's promise.
    unsafe { Uuid::from_datum(datum, false) }.expect("it is not null")
}
