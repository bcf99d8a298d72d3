//! Expected outcomes of mutations: the gateway's own words for the conditions of class AU.

use async_graphql::{Enum, SimpleObject};
use serde::Deserialize;

/// What a program branches on when a mutation did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UserErrorCode {
    /// The caller sees no such object; ids of other tenants answer like ids that do not exist.
    NotFound,
    /// The method is bound to an app and none was named.
    AppRequired,
    /// The method is bound to a device and none was named.
    DeviceRequired,
    /// Failures never lock this method: there is nothing to unlock.
    MethodNotLockable,
    /// The lockout policy cannot work as written.
    PolicyInvalid,
    /// An argument does not fit the scope of the method.
    ScopeMismatch,
    /// The caller's role, apps or tenant settings do not allow it.
    NotAllowed,
    /// An address, provider or subject is missing or malformed.
    IdentityInvalid,
    /// A setting is unknown or out of range.
    SettingsInvalid,
    /// The app does not offer the method.
    MethodNotOffered,
    /// The authenticator is not registered in the app.
    NotRegisteredInApp,
    /// An argument is missing or out of range.
    InvalidArgument,
    /// It is deactivated just so already.
    AlreadyDeactivated,
    /// There is no deactivation to lift.
    NotDeactivated,
    /// The user is suspended just so already.
    AlreadySuspended,
    /// There is no suspension to lift.
    NotSuspended,
    /// There is no policy of this method in this place to take back.
    PolicyNotSet,
}

impl UserErrorCode {
    /// What a condition of the extension is called here, and what there is to say about it.
    pub(crate) fn of_condition(sqlstate: &str) -> Option<(Self, &'static str)> {
        Some(match sqlstate {
            "AU001" => (Self::NotFound, "there is no such user"),
            "AU002" => (Self::NotFound, "there is no such authenticator"),
            "AU003" => (Self::NotFound, "there is no such app"),
            "AU004" => (Self::NotFound, "there is no such attempt"),
            "AU005" => (
                Self::AppRequired,
                "this method is bound to an app: name one",
            ),
            "AU006" => (
                Self::DeviceRequired,
                "this method is bound to a device: name one",
            ),
            "AU007" => (Self::MethodNotLockable, Self::MethodNotLockable.message()),
            "AU008" => (
                Self::PolicyInvalid,
                "this lockout policy cannot work as written",
            ),
            "AU009" => (
                Self::ScopeMismatch,
                "this does not fit the scope of the method",
            ),
            "AU010" => (Self::NotAllowed, "you may not do this here"),
            "AU011" => (Self::NotFound, "there is no such device"),
            "AU012" => (Self::NotFound, "there is no such tenant"),
            "AU013" => (
                Self::IdentityInvalid,
                "the address, provider or subject is missing or malformed",
            ),
            "AU014" => (
                Self::SettingsInvalid,
                "a setting is unknown or out of range",
            ),
            "AU015" => (Self::MethodNotOffered, "the app does not offer this method"),
            "AU016" => (
                Self::NotRegisteredInApp,
                "the authenticator is not registered in this app",
            ),
            "AU017" => (
                Self::InvalidArgument,
                "an argument is missing or out of range",
            ),
            "AU020" => (Self::NotFound, "there is no such batch"),
            _ => return None,
        })
    }

    /// What there is to say where the state before the mutation already tells.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::MethodNotLockable => {
                "failures never lock this method: there is nothing to unlock"
            }
            Self::AlreadyDeactivated => "it is deactivated already, until the same instant",
            Self::NotDeactivated => "it is not deactivated here",
            Self::AlreadySuspended => "the user is suspended already, until the same instant",
            Self::NotSuspended => "the user is not suspended",
            Self::PolicyNotSet => {
                "no policy of this method is set here: there is none to take back"
            }
            _ => "it changed nothing",
        }
    }
}

/// Why a mutation did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub(crate) struct UserError {
    /// The path of the argument at fault, such as `["input", "appId"]`; null when none is.
    field: Option<Vec<String>>,
    /// What happened, in a sentence for people.
    message: String,
    /// What happened, for programs.
    code: UserErrorCode,
}

impl UserError {
    pub(crate) fn new(code: UserErrorCode, message: &str, field: Option<&str>) -> Self {
        Self::at(code, message, field.as_slice())
    }

    /// At a path into the input; an empty one: nowhere in it.
    pub(crate) fn at(code: UserErrorCode, message: &str, path: &[&str]) -> Self {
        let field = (!path.is_empty()).then(|| {
            let path = path.iter().map(|&part| part.to_owned());
            std::iter::once("input".to_owned()).chain(path).collect()
        });
        Self {
            field,
            message: message.into(),
            code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_that_a_caller_can_meet_has_a_code() {
        for number in 1..=17 {
            let sqlstate = format!("AU{number:03}");
            assert!(
                UserErrorCode::of_condition(&sqlstate).is_some(),
                "{sqlstate}"
            );
        }
        for other in ["AU000", "AU018", "AU019", "42501", ""] {
            assert_eq!(UserErrorCode::of_condition(other), None, "{other}");
        }
    }

    #[test]
    fn a_verdict_of_a_statement_is_a_code() {
        let verdict: UserErrorCode = serde_json::from_str("\"ALREADY_DEACTIVATED\"").unwrap();
        assert_eq!(verdict, UserErrorCode::AlreadyDeactivated);
    }
}
