//! What a refusal says.

use std::error::Error;
use std::fmt;

/// Which rule refused. A caller maps each kind to the code that its own users branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// A lockout policy for a method that cannot lock.
    MethodNotLockable,
    /// A policy or settings at a level that the method's scope does not allow.
    ScopeMismatch,
    /// A lockout policy that breaks a rule of README, "Semantics", Lockout.
    PolicyInvalid,
    /// An email, phone number or subject that cannot identify anybody.
    IdentityInvalid,
    /// Settings that the method does not have, or outside their range.
    SettingsInvalid,
}

/// A refused input: where, what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which rule refused.
    pub kind: ProblemKind,
    /// The argument at fault, as a path into it: `tiers[2].failures` (JSON, so from 0), `phone`.
    pub field: String,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What would be right, in one sentence without a full stop.
    pub hint: String,
}

impl Problem {
    pub(crate) fn new(
        kind: ProblemKind,
        field: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Problem {
        Problem {
            kind,
            field: field.into(),
            message: message.into(),
            hint: hint.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.field, self.message, self.hint)
    }
}

impl Error for Problem {}
