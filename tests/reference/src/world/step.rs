//! What can be done to the world, and what it replies.

use authn_rules::{Instant, Micros, Policy};

use super::cast::{App, Authenticator, Device, Method};

/// What an admin blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// The user: a suspension.
    User,
    /// Whatever is bound to the device.
    Device(Device),
    /// The authenticator, in every app.
    Everywhere(Authenticator),
    /// The authenticator in one app.
    Here(Authenticator, App),
}

/// What an unlock lifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A policy's lock.
    Automatic,
    /// An admin's deactivation in the app.
    Manual,
    /// Both.
    Any,
}

impl Cause {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Cause::Automatic => "automatic",
            Cause::Manual => "manual",
            Cause::Any => "any",
        }
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A verdict.
    Attempt(Authenticator, App, bool),
    /// A reservation.
    Begin(Authenticator, App),
    /// The completion of the reservation with this number, from 0.
    Complete(usize, bool),
    /// An unlock by method.
    Unlock(Method, App, Cause),
    /// An unlock by authenticator.
    UnlockAuthenticator(Authenticator, App, Cause),
    /// A suspension or deactivation, for so long or until it is lifted.
    Block(Block, Option<Micros>),
    /// Its end.
    Unblock(Block),
    /// A registration, in an app or of what is global.
    Register(Authenticator, Option<App>),
    /// A removal, from an app or altogether.
    Remove(Authenticator, Option<App>),
    /// An app offers a method, or no longer.
    Offer(App, Method, bool),
    /// A policy of the tenant or of an app is set or taken back.
    Configure(Method, Option<App>, Option<Policy>),
    /// The tenant's hard cap.
    Cap(u32),
    /// The time to live of the reservations that follow.
    TimeToLive(Micros),
}

/// The status of a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Never used.
    Registered,
    /// Used.
    Active,
    /// By a policy.
    Locked,
    /// By an admin.
    Deactivated,
}

impl Status {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Status::Registered => "registered",
            Status::Active => "active",
            Status::Locked => "locked",
            Status::Deactivated => "deactivated",
        }
    }
}

/// The answer to a verdict or a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// `succeeded`, `failed`, …
    pub outcome: &'static str,
    /// The status after it.
    pub status: Option<Status>,
    /// The failures on record.
    pub failures: Option<u32>,
    /// The end of the lock in force.
    pub locked_until: Option<Instant>,
}

/// The answer to the beginning of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// `admitted`, `busy`, …
    pub decision: &'static str,
    /// When asking again makes sense.
    pub retry_at: Option<Instant>,
}

/// One context that an action touched; without an app, an authenticator that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The authenticator.
    pub authenticator: Authenticator,
    /// The app.
    pub app: Option<App>,
    /// Its status before.
    pub before: Option<Status>,
    /// Its status after.
    pub after: Option<Status>,
}

/// What a step is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A condition of the catalogue.
    Error(&'static str),
    /// To a verdict or a completion.
    Attempt(Attempt),
    /// To the beginning of an attempt.
    Begun(Begun),
    /// To an action, in order.
    Changes(Vec<Change>),
    /// To a step that answers nothing.
    Done,
}

/// Whose count an event's number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The user.
    User,
    /// The context in an app, or without one the tenant-wide lock domain of a global authenticator.
    Row(Authenticator, Option<App>),
}

/// An entry of the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Who numbers it.
    pub owner: Owner,
    /// What happened.
    pub kind: &'static str,
    /// When.
    pub at: Instant,
    /// The app that it names.
    pub app: Option<App>,
}
