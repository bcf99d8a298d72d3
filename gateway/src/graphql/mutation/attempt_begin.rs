//! `attemptBegin`

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use serde::Deserialize;
use uuid::Uuid;

use super::attempt::{Attempt, record};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::scalars::DateTime;
use crate::graphql::user_error::UserError;

/// An attempt whose secret is not verified yet.
#[derive(InputObject)]
struct AttemptBeginInput {
    /// The authenticator: global id.
    authenticator_id: ID,
    /// The app: global id or uuid.
    app_id: ID,
    /// The device that it comes from: global id.
    device_id: Option<ID>,
    /// The address that it comes from; left out: the one that this request comes from.
    ip: Option<String>,
    /// The user agent that it comes from; left out: that of this request.
    user_agent: Option<String>,
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AttemptDecision {
    /// It holds a slot: verify the secret, then `attemptComplete`.
    Admitted,
    /// Attempts in flight hold every slot: ask again.
    Busy,
    /// A lockout policy locked it.
    Locked,
    /// It is deactivated, or its user suspended.
    Deactivated,
    /// The app does not offer the method.
    NotAvailable,
}

#[derive(Clone, Copy, Deserialize)]
struct Begun {
    decision: AttemptDecision,
    attempt_id: Option<Uuid>,
    retry_at: Option<DateTime>,
}

/// What `attemptBegin` did.
#[derive(SimpleObject)]
struct AttemptBeginPayload {
    /// Whether it may go on; null when there are `userErrors`.
    decision: Option<AttemptDecision>,
    /// What `attemptComplete` completes; null unless it was admitted.
    attempt_id: Option<Uuid>,
    /// When asking again may help; null where that is not known.
    retry_at: Option<DateTime>,
    /// Why there is no decision; empty when there is.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(super) struct AttemptBegin;

#[Object]
impl AttemptBegin {
    /// Reserves a slot for an attempt, so that not even the verification of its secret runs more often than
    /// the policy says. What nobody completes in time counts as a failure. A request has at most one mutation
    /// of an attempt.
    async fn attempt_begin(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The attempt.")] input: AttemptBeginInput,
    ) -> Option<Result<AttemptBeginPayload, ApiError>> {
        Some(begin(context, input).await.map(Into::into))
    }
}

async fn begin(
    context: &Context<'_>,
    input: AttemptBeginInput,
) -> Result<Result<Begun, UserError>, ApiError> {
    let attempt = Attempt::new(
        &input.authenticator_id,
        &input.app_id,
        input.device_id.as_ref(),
        input.ip.as_deref(),
    );
    let attempt = match attempt {
        Ok(attempt) => attempt,
        Err(error) => return Ok(Err(error)),
    };
    let statement = statement!(
        ["attempt_begin"],
        attempt.user,
        attempt.authenticator,
        attempt.app,
        attempt.device,
        attempt.ip,
        input.user_agent,
    );
    let statement = statement.about_users(vec![attempt.user]);
    record(context, statement, "authenticatorId").await
}

impl From<Result<Begun, UserError>> for AttemptBeginPayload {
    fn from(begun: Result<Begun, UserError>) -> Self {
        let known = begun.as_ref().ok().copied();
        Self {
            decision: known.map(|begun| begun.decision),
            attempt_id: known.and_then(|begun| begun.attempt_id),
            retry_at: known.and_then(|begun| begun.retry_at),
            user_errors: begun.err().into_iter().collect(),
        }
    }
}
