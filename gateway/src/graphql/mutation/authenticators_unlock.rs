//! `authenticatorsUnlock`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use super::unlock_cause::UnlockCause;
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::types::{AuthenticatorMethod, User, label};

/// What to unlock.
#[derive(InputObject)]
struct AuthenticatorsUnlockInput {
    /// The user: global id or uuid.
    user_id: ID,
    /// The type of the authenticators.
    method: AuthenticatorMethod,
    /// The app that it is asked from: global id or uuid. Required unless the method is global.
    app_id: Option<ID>,
    /// Why, for the audit trail.
    reason: Option<String>,
    /// What to lift.
    #[graphql(default_with = "UnlockCause::Automatic")]
    cause: UnlockCause,
}

/// What `authenticatorsUnlock` did.
#[derive(SimpleObject)]
struct AuthenticatorsUnlockPayload {
    /// The user, as they are now; null when there is none.
    user: Option<User>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorsUnlock;

#[Object]
impl AuthenticatorsUnlock {
    /// Unlocks the authenticators of one type of a user and clears their failures, as far as the scope of
    /// the method reaches: a global one in every app, an app-scoped one in this app, a device-scoped one on
    /// every device in this app. Doing it again changes nothing.
    async fn authenticators_unlock(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to unlock.")] input: AuthenticatorsUnlockInput,
    ) -> Option<Result<AuthenticatorsUnlockPayload, ApiError>> {
        Some(unlock(context, input).await.map(Into::into))
    }
}

async fn unlock(context: &Context<'_>, input: AuthenticatorsUnlockInput) -> Result<Done, ApiError> {
    let Some(user) = GlobalId::user(&input.user_id) else {
        return Ok(Done::not_found("AU001", "userId"));
    };
    let app = input.app_id.as_ref().map(GlobalId::app);
    if app == Some(None) {
        return Ok(Done::not_found("AU003", "appId"));
    }
    let statement = statement!(
        ["authenticators_unlock", "changes"],
        user,
        label(&input.method),
        app.flatten(),
        input.reason,
        label(&input.cause),
    );
    act(context, statement, Target::user(user)).await
}

impl From<Done> for AuthenticatorsUnlockPayload {
    fn from(Done { outcome, user, .. }: Done) -> Self {
        Self { user, outcome }
    }
}
