//! What an unlock lifts.

use async_graphql::Enum;
use serde::Serialize;

/// What an unlock lifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnlockCause {
    /// The lock that a policy set, with its counters; never a deactivation.
    Automatic,
    /// An administrator's deactivation in the app; needs the right to reactivate. One that holds everywhere
    /// stays.
    Manual,
    /// Both; needs the right to reactivate.
    Any,
}
