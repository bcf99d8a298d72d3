//! Kinds of events.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventKind {
    /// An authenticator was registered, in an app or at all.
    Registered,
    /// An authenticator was removed, from an app or at all.
    Removed,
    /// An attempt succeeded.
    AttemptSucceeded,
    /// An attempt failed.
    AttemptFailed,
    /// An attempt was refused: the first under its lock or deactivation.
    AttemptRefused,
    /// A lockout policy locked.
    Locked,
    /// A lock ran out.
    LockExpired,
    /// Somebody cleared a lock, or a counter.
    Unlocked,
    /// An administrator blocked an authenticator or a device.
    Deactivated,
    /// A deactivation or suspension ran out.
    DeactivationExpired,
    /// Somebody lifted a deactivation.
    Reactivated,
    /// A user was suspended.
    UserSuspended,
    /// A user's suspension was lifted.
    UserReinstated,
    /// A lockout policy was set or unset, or an app began or ceased to offer a method.
    PolicyChanged,
}
