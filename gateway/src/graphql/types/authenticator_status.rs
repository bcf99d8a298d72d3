//! The status of an authenticator, and what may be done about it.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};

/// What an authenticator is good for now. Derived at the instant of the request, never stored.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthenticatorStatus {
    /// Ready for use; has not authenticated yet.
    Registered,
    /// Has authenticated at least once.
    Active,
    /// A lockout policy refuses it for now, or until it is unlocked.
    Locked,
    /// An administrator blocks it, or its user is suspended.
    Deactivated,
    /// Its contexts differ. Only of an authenticator as a whole, never of a context.
    Mixed,
}

/// How many contexts have a status.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(serial)]
pub(crate) struct StatusCount {
    /// The status.
    pub(crate) status: AuthenticatorStatus,
    /// How many contexts have it; contexts whose app does not offer the method are left out.
    pub(crate) count: i32,
}

/// What the caller may do that would change something. A portal offers these and guesses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthenticatorAction {
    /// Clear the lock that a policy set.
    Unlock,
    /// Block it, for a while or until it is reactivated.
    Deactivate,
    /// Lift an administrator's block.
    Reactivate,
}
