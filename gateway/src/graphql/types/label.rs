//! The labels of the database's enums, which the enums here are read from and written as.

use serde::Serialize;

/// The label of one value of an enum.
pub(crate) fn label(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(label)) => label,
        _ => unreachable!("an enum without data serializes as its label"),
    }
}

/// The labels of a list; `None` stays `None`.
pub(crate) fn labels<T: Serialize>(values: Option<&[T]>) -> Option<Vec<String>> {
    values.map(|values| values.iter().map(label).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::types::{AuthenticatorMethod, AuthenticatorStatus, UserStatus};

    #[test]
    fn labels_are_those_of_the_database() {
        assert_eq!(
            label(&AuthenticatorMethod::EmailMagicLink),
            "email_magic_link"
        );
        assert_eq!(label(&AuthenticatorMethod::SmsOtp), "sms_otp");
        assert_eq!(label(&AuthenticatorStatus::Mixed), "mixed");
        assert_eq!(label(&UserStatus::Suspended), "suspended");
    }
}
