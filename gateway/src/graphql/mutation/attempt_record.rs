//! `attemptRecord`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::attempt::{Attempt, AttemptResult, Verdict, record};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::user_error::UserError;

/// An attempt whose secret was verified.
#[derive(InputObject)]
struct AttemptRecordInput {
    /// The authenticator: global id.
    authenticator_id: ID,
    /// The app: global id or uuid.
    app_id: ID,
    /// Whether the secret was right.
    succeeded: bool,
    /// The device that it came from: global id.
    device_id: Option<ID>,
    /// The address that it came from; left out: the one that this request came from.
    ip: Option<String>,
    /// The user agent that it came from; left out: that of this request.
    user_agent: Option<String>,
}

/// What `attemptRecord` did.
#[derive(SimpleObject)]
struct AttemptRecordPayload {
    /// The verdict; null when there are `userErrors`.
    result: Option<AttemptResult>,
    /// Why there is none; empty when there is.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(super) struct AttemptRecord;

#[Object]
impl AttemptRecord {
    /// The verdict on one attempt: verify the secret, ask, and act on `result.outcome`. Only SUCCEEDED lets
    /// anybody in. A request has at most one mutation of an attempt.
    async fn attempt_record(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The attempt.")] input: AttemptRecordInput,
    ) -> Option<Result<AttemptRecordPayload, ApiError>> {
        Some(verdict(context, input).await.map(Into::into))
    }
}

async fn verdict(context: &Context<'_>, input: AttemptRecordInput) -> Result<Verdict, ApiError> {
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
        ["attempt_record"],
        attempt.user,
        attempt.authenticator,
        attempt.app,
        input.succeeded,
        attempt.device,
        attempt.ip,
        input.user_agent,
    );
    let statement = statement.about_users(vec![attempt.user]);
    record(context, statement, "authenticatorId").await
}

impl From<Verdict> for AttemptRecordPayload {
    fn from(verdict: Verdict) -> Self {
        Self {
            result: verdict.as_ref().ok().copied(),
            user_errors: verdict.err().into_iter().collect(),
        }
    }
}
