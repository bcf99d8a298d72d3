//! The rules of pg_authn that are computation: pure functions over plain values.
//!
//! Nothing here reads a clock, a table or a setting. Whoever calls passes the facts and the instant
//! in, and stores what comes out; so the same rule serves enforcement, views, history and what-if,
//! and is tested without a database. What the words mean is in the README, "Semantics".
//!
//! | module | decides |
//! |---|---|
//! | [`method`] | what a method is: its scope, whether it locks, how it is registered, what identifies it |
//! | [`policy`] | lockout: when failures lock, until when, and which policies are acceptable |
//! | [`contact`] | the one spelling of an email, a phone number or a subject, and its masked form |
//! | [`search`] | what a user is found by |
//! | [`settings`] | which settings a method has, and their ranges |
//! | [`time`] | instants and durations in microseconds |
//! | [`problem`] | what a refusal says: which field, what is wrong, what would be right |

#![forbid(unsafe_code)]

pub mod contact;
pub mod method;
pub mod policy;
pub mod problem;
pub mod search;
pub mod settings;
pub mod time;

pub use contact::{
    canonical_email, canonical_identity, canonical_phone, mask_email, mask_identifier, mask_phone,
};
pub use method::{Identity, Level, Lockout, Method, Registration, Scope, UnknownMethod};
pub use policy::{
    AfterFailure, Facts, HARD_CAP, Lock, LockCause, MAX_TIERS, Policy, PolicyInput, Replay, Tally,
    Tier, TierInput, current, default_policy, fail, locked, next_threshold, slots, succeed, unlock,
    validate, validate_hard_cap,
};
pub use problem::{Problem, ProblemKind};
pub use search::{Search, search, search_keys};
pub use settings::validate_settings;
pub use time::{Instant, Micros};
