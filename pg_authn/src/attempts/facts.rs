//! What decides about an attempt, and reading it: each table by its key, under one snapshot. One statement that joined
//! them would cost the executor three times as much to set up.

use authn_rules::{Instant, Method, Scope};
use pgrx::IntoDatum;
use pgrx::datum::Uuid;

use super::door::Target;
use super::statement::{Row, Snapshot, Value, statements};
use crate::shells::methods::method_named;

statements! {
    READ_CONTEXTS = "read_contexts" [UUIDOID, UUIDOID, UUIDOID];
    READ_USER = "read_user" [UUIDOID];
    READ_AUTHENTICATOR = "read_authenticator" [UUIDOID, UUIDOID];
    READ_DEVICE = "read_device" [UUIDOID, UUIDOID];
    READ_STATUS = "read_status" [TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID];
}

/// The status of one context at one instant, as `authn.status_rule` decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Registered,
    Active,
    Locked,
    Deactivated,
}

impl Status {
    pub(super) fn label(self) -> &'static str {
        match self {
            Status::Registered => "registered",
            Status::Active => "active",
            Status::Locked => "locked",
            Status::Deactivated => "deactivated",
        }
    }

    fn labelled(label: &str) -> Status {
        match label {
            "registered" => Status::Registered,
            "active" => Status::Active,
            "locked" => Status::Locked,
            "deactivated" => Status::Deactivated,
            _ => pgrx::error!("a context has no status {label}"),
        }
    }
}

/// Everything that decides about an attempt, and what its lock domain counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) tenant: Uuid,
    pub(super) activated: bool,
    pub(super) method: Method,
    pub(super) device: Option<Uuid>,
    pub(super) removed: bool,
    pub(super) domain: Domain,
    /// In the app, where there is one: of a method that is not global it is the domain.
    pub(super) context: Option<Uuid>,
    pub(super) has_context: bool,
    pub(super) blocked_since: Option<Instant>,
    pub(super) blocked_until: Option<Instant>,
    pub(super) at: Instant,
    pub(super) status: Status,
}

/// A lock domain: of a global authenticator its tenant-wide row, else the context in the app.
#[derive(Debug, Clone, Copy)]
pub(super) struct Domain {
    pub(super) id: Uuid,
    pub(super) app: Option<Uuid>,
    pub(super) locked_since: Option<Instant>,
    pub(super) counted: authn_rules::Facts,
    pub(super) in_flight: i32,
    pub(super) latest_at: Option<Instant>,
    pub(super) event_number: i64,
    /// Which version of the row this is.
    pub(super) version: u32,
}

impl Facts {
    /// The facts of an authenticator in an app, at an instant (`None`: now); `None` where one of them is not there.
    ///
    /// Its lock domain is read first: while the version of that row stays, so does all that was read after it.
    pub(super) fn read(target: &Target, at: Option<Instant>) -> Option<Facts> {
        let Target {
            user,
            authenticator,
            app,
        } = *target;
        let snapshot = Snapshot::taken();
        let contexts = READ_CONTEXTS.read(&snapshot, [user, authenticator, app]);
        let (mut wide, mut narrow) = (None, None);
        for row in contexts.iter() {
            let place = if row.value(1).is_none() {
                &mut wide
            } else {
                &mut narrow
            };
            *place = Some(row);
        }
        let of_user = READ_USER.read(&snapshot, [user]).first()?;
        let of_authenticator = READ_AUTHENTICATOR
            .read(&snapshot, [user, authenticator])
            .first()?;
        let device = of_authenticator.value(1);
        let of_device = device.and_then(|_| READ_DEVICE.read(&snapshot, [user, device]).first());

        let method = method_named(of_authenticator.is(0));
        let domain = if method.scope() == Scope::GlobalUser {
            &wide
        } else {
            &narrow
        };
        let domain = Domain::of(domain.as_ref()?);
        let in_app = |column| narrow.as_ref().and_then(|row| instant(row, column));
        let on_device = |column| of_device.as_ref().and_then(|row| instant(row, column));
        // `None` is less than every instant.
        let blocked_since = instant(&of_user, 2)
            .max(instant(&of_authenticator, 3))
            .max(on_device(0))
            .max(in_app(4));
        let blocked_until = instant(&of_user, 3)
            .max(instant(&of_authenticator, 4))
            .max(on_device(1))
            .max(in_app(5));
        let decided = READ_STATUS.read(
            &snapshot,
            [
                blocked_until.and_then(timestamp),
                domain.counted.locked_until.and_then(timestamp),
                in_app(3).and_then(timestamp),
                at.map(|at| at.max(domain.latest_at.unwrap_or(at)))
                    .and_then(timestamp),
            ],
        );
        let decided = decided.first()?;
        Some(Facts {
            tenant: of_user.is(0),
            activated: of_user.is(1),
            method,
            device: of_authenticator.get(1),
            removed: of_authenticator.is(2),
            domain,
            context: narrow.as_ref().map(|row| row.is(0)),
            has_context: narrow.as_ref().is_some_and(|row| row.is(2)),
            blocked_since,
            blocked_until,
            at: Instant(decided.is(0)),
            status: Status::labelled(decided.is(1)),
        })
    }

    /// Whether the lock domain is the tenant-wide row, and the context in the app another.
    pub(super) fn counts_elsewhere(&self) -> bool {
        self.domain.app.is_none()
    }

    pub(super) fn method_label(&self) -> Value {
        self.method.to_string().into_datum()
    }
}

impl Domain {
    /// A row of `read_contexts`.
    fn of(row: &Row) -> Domain {
        Domain {
            id: row.is(0),
            app: row.get(1),
            locked_since: instant(row, 6),
            counted: authn_rules::Facts {
                locked_until: instant(row, 7),
                failures: count(row, 8),
                failures_since_success: count(row, 9),
                tier: count(row, 10),
                last_failure_at: instant(row, 12),
            },
            in_flight: row.is(11),
            latest_at: instant(row, 13),
            event_number: row.is(14),
            version: version(row, 15),
        }
    }
}

/// A timestamp is its microseconds, and 'infinity' the largest count of them, as [`Instant::FOREVER`].
pub(super) fn instant(row: &Row, column: usize) -> Option<Instant> {
    row.get(column).map(Instant)
}

/// Counts are never negative in the tables (`counters_are_not_negative`).
fn count(row: &Row, column: usize) -> u32 {
    u32::try_from(row.is::<i32>(column)).unwrap_or(0)
}

/// The `xmin` of a row.
pub(super) fn version(row: &Row, column: usize) -> u32 {
    row.value(column).map_or(0, |xmin| xmin.value() as u32)
}

pub(super) fn timestamp(at: Instant) -> Value {
    Some(at.0.into())
}
