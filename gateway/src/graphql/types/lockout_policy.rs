//! Lockout policies.

use async_graphql::{Enum, SimpleObject};
use serde::Deserialize;

use super::{App, AuthenticatorMethod};

/// Where a policy comes from: the most specific one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PolicySource {
    /// Set for the app.
    App,
    /// Set for the tenant.
    Tenant,
    /// Built in: nothing is set.
    Default,
}

/// One step of a lockout policy.
#[derive(Clone, Debug, SimpleObject, Deserialize)]
#[graphql(serial)]
pub(crate) struct LockoutTier {
    /// Consecutive failures in total, cumulative across tiers, that lock.
    failures: i32,
    /// How long that locks, in seconds; null: until it is unlocked.
    duration_seconds: Option<i32>,
}

/// When failures lock the authenticators of a method, and for how long.
#[derive(Clone, Debug, SimpleObject, Deserialize)]
#[graphql(serial)]
pub(crate) struct LockoutPolicy {
    /// The type of the authenticators.
    method: AuthenticatorMethod,
    /// The app that was asked about; null: the tenant as a whole.
    app: Option<App>,
    /// Where it comes from.
    source: PolicySource,
    /// The steps, in order: 1 to 10. A policy of one step is simple, one of several progressive.
    tiers: Vec<LockoutTier>,
    /// The counting window, in seconds: once that long has passed since the last failure, the count starts
    /// again. Null: it never does.
    failures_expire_after_seconds: Option<i32>,
    /// Whether every failure after the last step locks until it is unlocked, instead of for the last
    /// step's duration.
    then_permanent: bool,
    /// Consecutive failures since the last success that lock until it is unlocked, whatever the policy says:
    /// the tenant's hard cap (NIST SP 800-63B-4, 3.2.2).
    hard_cap: Option<i32>,
    /// Counts the policies that were set for the method in this place; null for the built-in one.
    version: Option<i32>,
}
