//! `authenticatorUnlock`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use super::unlock_cause::UnlockCause;
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::types::{Authenticator, label};

/// What to unlock.
#[derive(InputObject)]
struct AuthenticatorUnlockInput {
    /// The authenticator: global id.
    authenticator_id: ID,
    /// The app that it is asked from: global id or uuid. Required unless the authenticator is global.
    app_id: Option<ID>,
    /// Why, for the audit trail.
    reason: Option<String>,
    /// What to lift.
    #[graphql(default_with = "UnlockCause::Automatic")]
    cause: UnlockCause,
}

/// What `authenticatorUnlock` did.
#[derive(SimpleObject)]
struct AuthenticatorUnlockPayload {
    /// The authenticator, as it is now; null when there is none.
    authenticator: Option<Authenticator>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorUnlock;

#[Object]
impl AuthenticatorUnlock {
    /// Unlocks an authenticator and clears its failures, as far as its scope reaches: a global one in every
    /// app, an app-scoped one in this app; a device-scoped one together with the user's others of its
    /// type, on every device in this app. Doing it again changes nothing.
    async fn authenticator_unlock(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to unlock.")] input: AuthenticatorUnlockInput,
    ) -> Option<Result<AuthenticatorUnlockPayload, ApiError>> {
        Some(unlock(context, input).await.map(Into::into))
    }
}

async fn unlock(context: &Context<'_>, input: AuthenticatorUnlockInput) -> Result<Done, ApiError> {
    let Some((user, authenticator)) = GlobalId::authenticator(&input.authenticator_id) else {
        return Ok(Done::not_found("AU002", "authenticatorId"));
    };
    let app = input.app_id.as_ref().map(GlobalId::app);
    if app == Some(None) {
        return Ok(Done::not_found("AU003", "appId"));
    }
    let statement = statement!(
        ["authenticator_unlock", "changes"],
        user,
        authenticator,
        app.flatten(),
        input.reason,
        label(&input.cause),
    );
    act(
        context,
        statement,
        Target::authenticator((user, authenticator)),
    )
    .await
}

impl From<Done> for AuthenticatorUnlockPayload {
    fn from(
        Done {
            outcome,
            authenticator,
            ..
        }: Done,
    ) -> Self {
        Self {
            authenticator,
            outcome,
        }
    }
}
