//! What a verified token says, checked beyond its signature.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Role;

/// The longest subject: it is written to the audit trail with every action.
const MAX_SUBJECT: usize = 255;

/// The claims as they stand in a token.
#[derive(Debug, Serialize, Deserialize)]
pub struct RawClaims {
    /// Who issued the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Who the token is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<serde_json::Value>,
    /// Who acts.
    pub sub: String,
    /// When the token ends, in seconds since 1970.
    pub exp: u64,
    /// When the token begins, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    /// The tenant that the bearer is confined to.
    pub tenant: Uuid,
    /// One of `support`, `admin`, `reader`, `service`.
    pub role: String,
    /// The apps that a support role is confined to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apps: Option<Vec<Uuid>>,
}

/// Who acts, for whom, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The actor, as recorded in the audit trail.
    pub subject: String,
    /// The tenant that nothing of the request leaves.
    pub tenant: Uuid,
    /// What the bearer may do.
    pub role: Role,
    /// The apps that a support role is confined to; `None`: every app of the tenant.
    pub apps: Option<Vec<Uuid>>,
    /// Until when the token is good, in seconds since 1970.
    pub good_until: u64,
}

impl TryFrom<RawClaims> for Claims {
    type Error = &'static str;

    fn try_from(raw: RawClaims) -> Result<Self, Self::Error> {
        let role = Role::from_claim(&raw.role).ok_or("role is not one of the known ones")?;
        if raw.sub.trim().is_empty() || raw.sub.len() > MAX_SUBJECT {
            return Err("sub is empty or too long");
        }
        // A control character could forge a line of a log, and Postgres takes no NUL.
        if raw.sub.chars().any(char::is_control) {
            return Err("sub has control characters");
        }
        match (&raw.apps, role) {
            (None, _) => {}
            // The database reads an empty list as "every app": it must not get there.
            (Some(apps), Role::Support) if apps.is_empty() => return Err("apps is empty"),
            (Some(_), Role::Support) => {}
            (Some(_), _) => return Err("apps confines a role that cannot be confined"),
        }
        Ok(Self {
            subject: raw.sub,
            tenant: raw.tenant,
            role,
            apps: raw.apps,
            good_until: raw.exp,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawClaims {
        RawClaims {
            iss: None,
            aud: None,
            sub: "ada".into(),
            exp: 0,
            nbf: None,
            tenant: Uuid::from_u128(1),
            role: "support".into(),
            apps: None,
        }
    }

    #[test]
    fn a_plain_set_of_claims_is_taken() {
        let claims = Claims::try_from(raw()).unwrap();
        assert_eq!(claims.role, Role::Support);
        assert_eq!(claims.apps, None);
    }

    #[test]
    fn an_unknown_role_is_refused() {
        for role in ["", "authn_owner", "SUPPORT", "operator"] {
            assert!(
                Claims::try_from(RawClaims {
                    role: role.into(),
                    ..raw()
                })
                .is_err(),
                "{role:?}"
            );
        }
    }

    #[test]
    fn a_subject_that_cannot_be_recorded_is_refused() {
        for sub in [
            String::new(),
            "  ".into(),
            "a\nb".into(),
            "a\0b".into(),
            "a".repeat(256),
        ] {
            assert!(
                Claims::try_from(RawClaims {
                    sub: sub.clone(),
                    ..raw()
                })
                .is_err(),
                "{sub:?}"
            );
        }
    }

    #[test]
    fn only_support_is_confined_to_apps_and_never_to_none() {
        let some = Some(vec![Uuid::from_u128(2)]);
        assert_eq!(
            Claims::try_from(RawClaims {
                apps: some.clone(),
                ..raw()
            })
            .unwrap()
            .apps,
            some
        );
        assert!(
            Claims::try_from(RawClaims {
                apps: Some(vec![]),
                ..raw()
            })
            .is_err()
        );
        for role in ["admin", "reader", "service"] {
            let claims = RawClaims {
                role: role.into(),
                apps: some.clone(),
                ..raw()
            };
            assert!(Claims::try_from(claims).is_err(), "{role}");
        }
    }
}
