//! The allow-list of roles: a claim names one of these or the token is refused.

use std::fmt;

use clap::ValueEnum;

/// What a token may make its bearer. Never passed through: each maps to one database role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Role {
    /// Looks at users and unlocks; sees masked identifiers.
    Support,
    /// Everything inside one tenant.
    Admin,
    /// Reads only.
    Reader,
    /// A login service.
    Service,
}

impl Role {
    /// Every role, in the order of [`Role::index`].
    pub const ALL: [Self; 4] = [Self::Support, Self::Admin, Self::Reader, Self::Service];

    /// The role that a claim names.
    pub fn from_claim(claim: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.claim() == claim)
    }

    /// The role as a claim and in logs.
    pub const fn claim(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Admin => "admin",
            Self::Reader => "reader",
            Self::Service => "service",
        }
    }

    /// The database role that a transaction becomes.
    pub const fn database_role(self) -> &'static str {
        match self {
            Self::Support => "authn_support",
            Self::Admin => "authn_admin",
            Self::Reader => "authn_reader",
            Self::Service => "authn_service",
        }
    }

    /// The position in [`Role::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.claim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_names_a_role_or_nothing() {
        for role in Role::ALL {
            assert_eq!(Role::from_claim(role.claim()), Some(role));
            assert_eq!(Role::ALL[role.index()], role);
        }
        for other in ["", "Admin", "authn_admin", "postgres", "admin "] {
            assert_eq!(Role::from_claim(other), None, "{other:?}");
        }
    }
}
