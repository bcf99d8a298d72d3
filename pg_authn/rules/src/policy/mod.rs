//! Lockout policies and what they decide (README, "Semantics", Lockout and Counting).
//!
//! A policy reads the [`Facts`] of one lock domain and an instant, and answers with new facts:
//! [`fail`], [`succeed`], [`unlock`]. [`locked`], [`current`], [`next_threshold`] and [`slots`] only
//! read. All are total: they never panic, and where a policy makes no sense they lock rather than let
//! guesses through. [`validate`] is what keeps such policies out.
//! [`Replay`] runs them over recorded attempts.

mod evaluate;
mod replay;
mod validate;

pub use evaluate::{current, fail, locked, next_threshold, slots, succeed, unlock};
pub use replay::{Replay, Tally};
pub use validate::{PolicyInput, TierInput, validate, validate_hard_cap};

use crate::method::Method;
use crate::time::{Instant, Micros};

/// Consecutive failures since the last success or unlock after which only an admin unlocks, whatever
/// the policy says (NIST SP 800-63B-4, 3.2.2). A tenant may lower it, not raise it.
pub const HARD_CAP: u32 = 100;

/// The most tiers that a policy can have.
pub const MAX_TIERS: usize = 10;

/// One step of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Consecutive failures in total, cumulative across tiers, that lock.
    pub failures: u32,
    /// How long that locks; `None`: until an admin unlocks.
    pub duration: Option<Micros>,
}

/// When failures lock, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// 1 to [`MAX_TIERS`] tiers, their `failures` strictly increasing.
    pub tiers: Vec<Tier>,
    /// The counting window: once this long has passed since the last failure, the count starts
    /// again. `None`: no window.
    pub failures_expire_after: Option<Micros>,
    /// Whether every failure after the last tier locks until an admin unlocks, instead of for the
    /// last tier's duration.
    pub then_permanent: bool,
    /// The tenant's hard cap, at most [`HARD_CAP`].
    pub hard_cap: u32,
}

impl Policy {
    /// Whether an expired lock leaves a fresh count: one tier, and nothing after it.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        self.tiers.len() == 1 && !self.then_permanent
    }
}

/// What one lock domain remembers. The default is a domain that has seen nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Consecutive failures as the policy counts them: an expired window, and under a simple policy
    /// an expired lock, start it again.
    pub failures: u32,
    /// Failures since the last success or unlock, whatever the window: the count towards the hard cap.
    pub failures_since_success: u32,
    /// The tier position: the tier (from 1) of the last lock since `failures` began; 0: none yet.
    pub tier: u32,
    /// When the last counted failure was. History: nothing clears it.
    pub last_failure_at: Option<Instant>,
    /// The end of the last lock, if nothing has cleared it: in force until then, half-open.
    /// [`Instant::FOREVER`]: until an admin unlocks.
    pub locked_until: Option<Instant>,
}

/// Which rule a lock comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockCause {
    /// The tier with this number, from 1.
    Tier(u32),
    /// `then_permanent`: a failure after the last tier.
    ThenPermanent,
    /// The hard cap.
    HardCap,
}

/// A lock that a failure has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// Its end, exclusive; [`Instant::FOREVER`]: until an admin unlocks.
    pub until: Instant,
    /// The rule that it comes from.
    pub cause: LockCause,
}

/// What a failure leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AfterFailure {
    /// The facts to store.
    pub facts: Facts,
    /// The lock that this very failure has set, if it has: exactly one for each threshold crossed.
    pub lock: Option<Lock>,
}

/// The policy of a method for which nothing is configured; `None` only where failures cannot lock.
#[must_use]
pub fn default_policy(method: Method) -> Option<Policy> {
    let quarter = Micros::minutes(15);
    let (failures, window) = match method {
        Method::Password | Method::Totp | Method::Pin => (5, Some(quarter)),
        Method::SmsOtp | Method::EmailOtp => (3, None),
        Method::Passkey
        | Method::MobileBiometric
        | Method::EmailMagicLink
        | Method::Social
        | Method::Oidc
        | Method::Saml => return None,
    };
    Some(Policy {
        tiers: vec![Tier {
            failures,
            duration: Some(quarter),
        }],
        failures_expire_after: window,
        then_permanent: false,
        hard_cap: HARD_CAP,
    })
}
