//! What an attempt that was let through changes: the lock domain, the context, the log. The caller holds the lock.

use authn_rules::{Instant, LockCause, fail};
use pgrx::IntoDatum;

use super::caller::{Caller, Request, request_id};
use super::door::Target;
use super::facts::{Facts, Status, timestamp};
use super::outcome::Outcome;
use super::policy::Effective;
use super::statement::{Value, statements};
use crate::shells::lockout::stored;

statements! {
    WRITE_DOMAIN = "write_domain" [
        UUIDOID, UUIDOID, INT4OID, INT4OID, INT4OID, INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,
        TIMESTAMPTZOID, UUIDOID, TIMESTAMPTZOID, INT8OID,
    ];
    WRITE_SUCCESS = "write_success" [UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID, UUIDOID];
    WRITE_FAILURE = "write_failure" [UUIDOID, UUIDOID, TIMESTAMPTZOID];
    ACTIVATE_USER = "activate_user" [UUIDOID, TIMESTAMPTZOID];
    REGISTER_IN_APP = "register_in_app" [UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID];
    WRITE_LOCK = "write_lock" [
        UUIDOID, UUIDOID, INT8OID, UUIDOID, UUIDOID, UUIDOID, TEXTOID, TEXTOID, INT4OID, TEXTOID, INT4OID, INT4OID,
        TIMESTAMPTZOID, TIMESTAMPTZOID,
    ];
    DESCRIBE_LOCK = "describe_lock" [TIMESTAMPTZOID, INT4OID, TEXTOID, INT4OID, TEXTOID, INT4OID];
    WRITE_EVENT = "write_event" [
        UUIDOID, UUIDOID, INT8OID, TIMESTAMPTZOID, UUIDOID, TEXTOID, UUIDOID, UUIDOID, UUIDOID, TEXTOID, TEXTOID,
        TEXTOID, TEXTOID, TEXTOID, INETOID, TEXTOID, TEXTOID, JSONBOID, UUIDOID,
    ];
}

/// An attempt that was let through.
pub(super) struct Attempt {
    pub(super) target: Target,
    pub(super) device: Value,
    pub(super) request: Request,
    /// Whether it held a slot of its lock domain.
    pub(super) reserved: bool,
    /// Its id, where nobody completed it.
    pub(super) abandoned: Value,
}

/// What an attempt leaves in the row of its lock domain.
struct Left {
    counted: authn_rules::Facts,
    locked_since: Option<Instant>,
    succeeded_at: Option<Instant>,
    events: i64,
}

impl Attempt {
    /// Records its success.
    pub(super) fn succeed(&self, facts: &Facts, caller: &Caller) -> Outcome {
        let at = timestamp(facts.at);
        let Target {
            user,
            authenticator,
            app,
        } = self.target;
        self.write_domain(
            facts,
            &Left {
                counted: authn_rules::succeed(facts.domain.counted, facts.at),
                locked_since: None,
                succeeded_at: Some(facts.at),
                events: 1,
            },
        );
        // A global authenticator's context in an app begins with its first success there.
        if facts.counts_elsewhere() {
            if !facts.has_context {
                REGISTER_IN_APP.run([user, authenticator, app, at]);
            }
            WRITE_SUCCESS.run([user, authenticator, app, at, self.device_of(facts)]);
        }
        if !facts.activated {
            ACTIVATE_USER.run([user, at]);
        }
        self.write_event(
            facts,
            caller,
            &Event {
                kind: "attempt_succeeded",
                after: Status::Active,
                number: facts.domain.event_number + 1,
                app,
                details: None,
            },
        );
        Outcome {
            outcome: "succeeded",
            status: Some(Status::Active),
            failures: Some(0),
            locked_until: None,
        }
    }

    /// Records its failure, and the lock that it brings.
    pub(super) fn fail(&self, facts: &Facts, caller: &Caller) -> Outcome {
        let effective = facts
            .method
            .lockable()
            .then(|| Effective::now(facts.tenant, facts.method, self.target.app));
        let (source, version) = effective
            .as_ref()
            .map_or(("default", 0), |policy| (policy.source, policy.version));
        let (counted, lock) = match effective.and_then(Effective::policy) {
            Some(policy) => {
                let after = fail(facts.domain.counted, &policy, facts.at);
                (after.facts, after.lock)
            }
            // Nothing locks it, so nothing is counted.
            None => (
                authn_rules::Facts {
                    last_failure_at: Some(facts.at),
                    ..facts.domain.counted
                },
                None,
            ),
        };
        let locks = lock.is_some();
        self.write_domain(
            facts,
            &Left {
                counted,
                locked_since: locks.then_some(facts.at),
                succeeded_at: None,
                events: 1 + i64::from(locks),
            },
        );
        if facts.has_context && facts.counts_elsewhere() {
            WRITE_FAILURE.run([
                self.target.user,
                facts.context.into_datum(),
                timestamp(facts.at),
            ]);
        }
        let after = match facts.status {
            Status::Deactivated => Status::Deactivated,
            _ if locks => Status::Locked,
            before => before,
        };
        self.write_event(
            facts,
            caller,
            &Event {
                kind: "attempt_failed",
                after,
                number: facts.domain.event_number + 1,
                app: self.target.app,
                details: None,
            },
        );
        if let Some(lock) = lock {
            let number = facts.domain.event_number + 2;
            let (cause, tier) = match lock.cause {
                LockCause::Tier(tier) => ("tier", Some(stored(tier))),
                LockCause::ThenPermanent => ("then_permanent", None),
                LockCause::HardCap => ("hard_cap", None),
            };
            let failures = stored(counted.failures).into_datum();
            let until = counted.locked_until.and_then(timestamp);
            let (source, version) = (source.into_datum(), version.into_datum());
            let (cause, tier) = (cause.into_datum(), tier.into_datum());
            WRITE_LOCK.run([
                self.target.user,
                facts.domain.id.into_datum(),
                number.into_datum(),
                facts.tenant.into_datum(),
                self.target.authenticator,
                facts.domain.app.into_datum(),
                facts.method_label(),
                source,
                version,
                cause,
                tier,
                failures,
                timestamp(facts.at),
                until,
            ]);
            let described = DESCRIBE_LOCK.run([until, failures, cause, tier, source, version]);
            self.write_event(
                facts,
                caller,
                &Event {
                    kind: "locked",
                    after: Status::Locked,
                    number,
                    app: facts.domain.app.into_datum(),
                    details: described.first().and_then(|row| row.value(0)),
                },
            );
        }
        Outcome {
            outcome: "failed",
            status: Some(after),
            failures: Some(counted.failures),
            locked_until: counted.locked_until,
        }
    }

    fn write_domain(&self, facts: &Facts, left: &Left) {
        WRITE_DOMAIN.run([
            self.target.user,
            facts.domain.id.into_datum(),
            stored(left.counted.failures).into_datum(),
            stored(left.counted.failures_since_success).into_datum(),
            stored(left.counted.tier).into_datum(),
            (facts.domain.in_flight - i32::from(self.reserved)).into_datum(),
            left.locked_since.and_then(timestamp),
            left.counted.locked_until.and_then(timestamp),
            left.counted.last_failure_at.and_then(timestamp),
            left.succeeded_at.and_then(timestamp),
            self.device_of(facts),
            timestamp(facts.at),
            (facts.domain.event_number + left.events).into_datum(),
        ]);
    }

    fn write_event(&self, facts: &Facts, caller: &Caller, event: &Event) {
        WRITE_EVENT.run([
            self.target.user,
            facts.domain.id.into_datum(),
            event.number.into_datum(),
            timestamp(facts.at),
            facts.tenant.into_datum(),
            event.kind.into_datum(),
            self.target.authenticator,
            event.app,
            self.device_of(facts),
            facts.method_label(),
            facts.status.label().into_datum(),
            event.after.label().into_datum(),
            caller.actor,
            caller.role,
            self.request.ip,
            self.request.user_agent,
            request_id(),
            event.details,
            self.abandoned,
        ]);
    }

    fn device_of(&self, facts: &Facts) -> Value {
        self.device.or_else(|| facts.device.into_datum())
    }
}

struct Event {
    kind: &'static str,
    after: Status,
    number: i64,
    app: Value,
    details: Value,
}
