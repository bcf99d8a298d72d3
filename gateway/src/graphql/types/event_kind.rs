//! The kinds of events.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventKind {
    /// An authenticator was registered, or registered in one more app.
    Registered,
    /// An authenticator was removed, from an app or altogether.
    Removed,
    /// An authenticator let its user in.
    AttemptSucceeded,
    /// A credential was wrong, or an attempt that was begun was never completed.
    AttemptFailed,
    /// The first attempt that a lock or a deactivation refused; `details` counts the rest.
    AttemptRefused,
    /// Failures locked an authenticator; `details` says under which policy and tier.
    Locked,
    /// A lock ran out. Told at its true instant, although nothing ran then.
    LockExpired,
    /// A lock or a count of failures was cleared.
    Unlocked,
    /// An authenticator or a device was deactivated.
    Deactivated,
    /// A deactivation or a suspension ran out. Told at its true instant, although nothing ran then.
    DeactivationExpired,
    /// A deactivation was lifted.
    Reactivated,
    /// A user was suspended.
    UserSuspended,
    /// A suspension was lifted.
    UserReinstated,
    /// A lockout policy or a setting of the tenant changed.
    PolicyChanged,
}
