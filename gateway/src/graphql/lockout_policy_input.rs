//! A lockout policy as somebody asks for it, and how what the database says against it is told.

use async_graphql::{ID, InputObject};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ApiError;
use super::ids::GlobalId;
use super::types::AuthenticatorMethod;
use super::user_error::{UserError, UserErrorCode};
use crate::db::DatabaseError;

/// One step of a lockout policy.
#[derive(Clone, Debug, InputObject)]
pub(crate) struct LockoutTierInput {
    /// Consecutive failures in total, cumulative across tiers, that lock: from 1, more than the step before.
    pub(crate) failures: i32,
    /// How long that locks, in seconds; left out, for the last step only: until it is unlocked.
    pub(crate) duration_seconds: Option<i32>,
}

/// Which policy is meant: a method's, in an app or in the tenant.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) method: AuthenticatorMethod,
    pub(crate) app: Option<Uuid>,
}

impl Place {
    /// The place that an input names; an id that names no app answers like one that does not exist.
    pub(crate) fn new(method: AuthenticatorMethod, app: Option<&ID>) -> Result<Self, UserError> {
        let app = match app.map(GlobalId::app) {
            Some(None) => {
                let (code, message) = (UserErrorCode::NotFound, "there is no such app");
                return Err(UserError::new(code, message, Some("appId")));
            }
            app => app.flatten(),
        };
        Ok(Self { method, app })
    }
}

/// The steps, as `authn.set_lockout_policy` takes them.
pub(crate) fn tiers(input: &[LockoutTierInput]) -> Value {
    let tier = |tier: &LockoutTierInput| match tier.duration_seconds {
        Some(seconds) => {
            json!({ "failures": tier.failures, "duration": format!("{seconds} seconds") })
        }
        None => json!({ "failures": tier.failures }),
    };
    input.iter().map(tier).collect()
}

/// What a refusal says to whoever sent the policy; an error where it is none that they could meet.
pub(crate) fn refusal(error: DatabaseError) -> Result<UserError, ApiError> {
    let DatabaseError::Refused { sqlstate, argument } = error else {
        return Err(error.into());
    };
    let (code, message) = UserErrorCode::of_condition(&sqlstate).ok_or_else(ApiError::internal)?;
    let path = argument.as_deref().map(input_path).unwrap_or_default();
    let message = match (code, path.last()) {
        (UserErrorCode::PolicyInvalid, Some(field)) => rule(field).unwrap_or(message),
        _ => message,
    };
    Ok(UserError::at(code, message, &path))
}

/// The rule of a field of the input that is broken: what would be right.
fn rule(field: &str) -> Option<&'static str> {
    Some(match field {
        "tiers" => "a policy has 1 to 10 tiers, and exactly one for a method of one-time codes",
        "failures" => {
            "failures are totals from 1 to the hard cap, and each tier has more than the one before"
        }
        "durationSeconds" => "a duration is above zero, and only the last tier may have none",
        "failuresExpireAfterSeconds" => {
            "the counting window is above zero and, where there are several tiers or thenPermanent, longer than the longest tier"
        }
        "thenPermanent" => {
            "a method of one-time codes has no thenPermanent: a tier without a duration locks until it is unlocked"
        }
        _ => return None,
    })
}

/// Where in the input it is that the database calls so: `tiers[0].failures`.
fn input_path(argument: &str) -> Vec<&str> {
    let parts = argument.split(['[', ']', '.']);
    let parts = parts.filter(|part| !part.is_empty());
    let names = parts.map(|part| match part {
        "duration" => "durationSeconds",
        "failures_expire_after" => "failuresExpireAfterSeconds",
        "then_permanent" => "thenPermanent",
        "app_id" => "appId",
        other => other,
    });
    // Nobody names the tenant: the token does.
    match names.collect::<Vec<_>>() {
        path if path == ["tenant_id"] => Vec::new(),
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_without_a_duration_has_none_in_the_database_either() {
        let input =
            [(3, Some(60)), (5, None)].map(|(failures, duration_seconds)| LockoutTierInput {
                failures,
                duration_seconds,
            });
        assert_eq!(
            tiers(&input),
            json!([{ "failures": 3, "duration": "60 seconds" }, { "failures": 5 }])
        );
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_was_written() {
        for (argument, path) in [
            ("tiers", &["tiers"][..]),
            ("tiers[0].failures", &["tiers", "0", "failures"]),
            ("tiers[1].duration", &["tiers", "1", "durationSeconds"]),
            ("failures_expire_after", &["failuresExpireAfterSeconds"]),
            ("then_permanent", &["thenPermanent"]),
            ("app_id", &["appId"]),
            ("method", &["method"]),
            ("tenant_id", &[]),
        ] {
            assert_eq!(input_path(argument), path, "{argument}");
            let refused = DatabaseError::Refused {
                sqlstate: "AU008".into(),
                argument: Some(argument.into()),
            };
            let message = "this lockout policy cannot work as written";
            let expected = match path.last().and_then(|field| rule(field)) {
                Some(rule) => UserError::at(UserErrorCode::PolicyInvalid, rule, path),
                None => UserError::at(UserErrorCode::PolicyInvalid, message, path),
            };
            assert_eq!(refusal(refused), Ok(expected));
        }
    }
}
