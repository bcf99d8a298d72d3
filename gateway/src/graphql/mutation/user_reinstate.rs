//! `userReinstate`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::types::User;

/// Whom to reinstate.
#[derive(InputObject)]
struct UserReinstateInput {
    /// The user: global id or uuid.
    user_id: ID,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `userReinstate` did.
#[derive(SimpleObject)]
struct UserReinstatePayload {
    /// The user, as they are now; null when there is none.
    user: Option<User>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct UserReinstate;

#[Object]
impl UserReinstate {
    /// Lifts a suspension. Every authenticator is again exactly what it was, a lock that is still running
    /// included.
    async fn user_reinstate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom.")] input: UserReinstateInput,
    ) -> Option<Result<UserReinstatePayload, ApiError>> {
        Some(reinstate(context, input).await.map(Into::into))
    }
}

async fn reinstate(context: &Context<'_>, input: UserReinstateInput) -> Result<Done, ApiError> {
    let Some(user) = GlobalId::user(&input.user_id) else {
        return Ok(Done::not_found("AU001", "userId"));
    };
    let statement = statement!(["user_reinstate", "changes"], user, input.reason);
    act(context, statement, Target::user(user)).await
}

impl From<Done> for UserReinstatePayload {
    fn from(Done { outcome, user, .. }: Done) -> Self {
        Self { user, outcome }
    }
}
