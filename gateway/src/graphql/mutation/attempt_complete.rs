//! `attemptComplete`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::attempt::{AttemptResult, Verdict, not_found, record};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::user_error::UserError;

/// An attempt that was begun, and whose secret was verified.
#[derive(InputObject)]
struct AttemptCompleteInput {
    /// The user whose attempt it is: global id or uuid.
    user_id: ID,
    /// The attempt, as `attemptBegin` answered it.
    attempt_id: Uuid,
    /// Whether the secret was right.
    succeeded: bool,
}

/// What `attemptComplete` did.
#[derive(SimpleObject)]
struct AttemptCompletePayload {
    /// The verdict; null when there are `userErrors`.
    result: Option<AttemptResult>,
    /// Why there is none; empty when there is.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(super) struct AttemptComplete;

#[Object]
impl AttemptComplete {
    /// The verdict on an attempt that was begun; act on `result.outcome`. Only SUCCEEDED lets anybody in.
    /// Doing it again changes nothing and says so. A request has at most one mutation of an attempt.
    async fn attempt_complete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The attempt.")] input: AttemptCompleteInput,
    ) -> Option<Result<AttemptCompletePayload, ApiError>> {
        Some(verdict(context, input).await.map(Into::into))
    }
}

async fn verdict(context: &Context<'_>, input: AttemptCompleteInput) -> Result<Verdict, ApiError> {
    let Some(user) = GlobalId::user(&input.user_id) else {
        return Ok(Err(not_found("there is no such user", "userId")));
    };
    let statement = statement!(
        ["attempt_complete"],
        user,
        input.attempt_id,
        input.succeeded
    )
    .about_users(vec![user]);
    record(context, statement, "userId").await
}

impl From<Verdict> for AttemptCompletePayload {
    fn from(verdict: Verdict) -> Self {
        Self {
            result: verdict.as_ref().ok().copied(),
            user_errors: verdict.err().into_iter().collect(),
        }
    }
}
