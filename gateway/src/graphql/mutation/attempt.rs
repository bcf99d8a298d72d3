//! What the mutations of attempts have in common: whose attempt, and what became of it.

use std::net::IpAddr;

use async_graphql::{Context, Enum, ID, SimpleObject};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::{DatabaseError, Statement};
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::AuthenticatorStatus;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::graphql::{ApiError, Session};

/// What became of an attempt. Only SUCCEEDED lets anybody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AttemptOutcome {
    /// The secret was right, and nothing stood against it.
    Succeeded,
    /// The secret was wrong: counted.
    Failed,
    /// Locked or deactivated, whether the secret was right or wrong: not counted.
    Refused,
    /// Attempts in flight hold every slot: not counted; ask again.
    Busy,
    /// The app does not offer the method: not counted.
    NotAvailable,
    /// Unlocked between begin and complete: not counted; begin again.
    Void,
    /// It was not completed in time, and counted as a failure then.
    Expired,
    /// It was completed before; this changed nothing.
    AlreadyCompleted,
}

/// What `attemptRecord` and `attemptComplete` answer.
pub(super) type Verdict = Result<AttemptResult, UserError>;

/// The verdict on an attempt.
#[derive(Clone, Copy, Debug, SimpleObject, Deserialize)]
pub(super) struct AttemptResult {
    /// What became of it: act on this, never on the verification of the secret.
    outcome: AttemptOutcome,
    /// The status of the authenticator in the app after it.
    status: Option<AuthenticatorStatus>,
    /// The failures counted towards the next lock.
    failures: Option<i32>,
    /// The end of the lock in force; null when there is none or it has no end.
    locked_until: Option<DateTime>,
    /// Whether a lock is in force that lasts until it is unlocked.
    locked_indefinitely: bool,
}

/// Records something about an attempt, in a transaction of its own. Nothing is read afterwards: what the
/// caller acts on is what was committed.
///
/// `user` is the field of the input that names the user.
pub(super) async fn record<T>(
    context: &Context<'_>,
    action: Statement,
    user: &'static str,
) -> Result<Result<T, UserError>, ApiError>
where
    T: DeserializeOwned + Send + 'static,
{
    let Session { database, caller } = Session::of(context);
    let written: Result<(T, Option<()>), _> = database.write(caller, action, |_| None).await;
    match written {
        Ok((result, _)) => Ok(Ok(result)),
        Err(DatabaseError::Refused { sqlstate, argument }) => {
            let (code, message) =
                UserErrorCode::of_condition(&sqlstate).ok_or_else(ApiError::internal)?;
            let field = argument
                .as_deref()
                .and_then(|argument| input_field(argument, user));
            Ok(Err(UserError::new(code, message, field)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is tried, where, and from where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) user: Uuid,
    pub(super) authenticator: Uuid,
    pub(super) app: Uuid,
    pub(super) device: Option<Uuid>,
    pub(super) ip: Option<String>,
}

impl Attempt {
    /// The attempt that an input describes; an id that names nothing of its kind answers like one that does
    /// not exist.
    pub(super) fn new(
        authenticator: &ID,
        app: &ID,
        device: Option<&ID>,
        ip: Option<&str>,
    ) -> Result<Self, UserError> {
        let (user, authenticator) = GlobalId::authenticator(authenticator)
            .ok_or_else(|| not_found("there is no such authenticator", "authenticatorId"))?;
        let app = GlobalId::app(app).ok_or_else(|| not_found("there is no such app", "appId"))?;
        let device = device.map(|id| {
            let of_device = GlobalId::device(id).filter(|(owner, _)| *owner == user);
            of_device.ok_or_else(|| not_found("there is no such device", "deviceId"))
        });
        Ok(Self {
            user,
            authenticator,
            app,
            device: device.transpose()?.map(|(_, device)| device),
            ip: address(ip)?,
        })
    }
}

/// An address that a login service says an attempt came from.
fn address(ip: Option<&str>) -> Result<Option<String>, UserError> {
    let parsed = ip.map(str::parse::<IpAddr>).transpose();
    let message = "`ip` is an IPv4 or IPv6 address";
    parsed
        .map(|ip| ip.map(|ip| ip.to_string()))
        .map_err(|_| UserError::new(UserErrorCode::InvalidArgument, message, Some("ip")))
}

/// The field of the input that an argument of the function came from.
fn input_field(argument: &str, user: &'static str) -> Option<&'static str> {
    match argument {
        "user_id" => Some(user),
        "authenticator_id" => Some("authenticatorId"),
        "attempt_id" => Some("attemptId"),
        "app_id" => Some("appId"),
        "device_id" => Some("deviceId"),
        "succeeded" => Some("succeeded"),
        _ => None,
    }
}

/// What is said of an id that names nothing of its kind.
pub(super) fn not_found(message: &str, field: &str) -> UserError {
    UserError::new(UserErrorCode::NotFound, message, Some(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_or_the_caller_learns_it() {
        assert_eq!(address(None), Ok(None));
        assert_eq!(address(Some("192.0.2.7")), Ok(Some("192.0.2.7".into())));
        assert_eq!(address(Some("2001:DB8::1")), Ok(Some("2001:db8::1".into())));
        for bad in ["", "192.0.2", "192.0.2.7/24", "localhost"] {
            assert!(address(Some(bad)).is_err(), "{bad}");
        }
    }
}
