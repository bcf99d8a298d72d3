//! `userSuspend`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::User;

/// Whom to suspend.
#[derive(InputObject)]
struct UserSuspendInput {
    /// The user: global id or uuid.
    user_id: ID,
    /// Until this instant, which lies in the future; left out: until they are reinstated.
    until: Option<DateTime>,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `userSuspend` did.
#[derive(SimpleObject)]
struct UserSuspendPayload {
    /// The user, as they are now; null when there is none.
    user: Option<User>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct UserSuspend;

#[Object]
impl UserSuspend {
    /// Blocks every authenticator of a user, those registered later too. Again with another end: moves the
    /// end.
    async fn user_suspend(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom.")] input: UserSuspendInput,
    ) -> Option<Result<UserSuspendPayload, ApiError>> {
        Some(suspend(context, input).await.map(Into::into))
    }
}

async fn suspend(context: &Context<'_>, input: UserSuspendInput) -> Result<Done, ApiError> {
    let Some(user) = GlobalId::user(&input.user_id) else {
        return Ok(Done::not_found("AU001", "userId"));
    };
    let until = input.until.map(|until| until.0);
    let statement = statement!(["user_suspend", "changes"], user, until, input.reason);
    act(context, statement, Target::user(user)).await
}

impl From<Done> for UserSuspendPayload {
    fn from(Done { outcome, user, .. }: Done) -> Self {
        Self { user, outcome }
    }
}
