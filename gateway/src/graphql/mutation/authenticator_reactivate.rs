//! `authenticatorReactivate`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use super::place::Place;
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::types::Authenticator;

/// What to reactivate, and where: exactly one of `appId` and `everywhere: true`.
#[derive(InputObject)]
struct AuthenticatorReactivateInput {
    /// The authenticator: global id.
    authenticator_id: ID,
    /// Lift the deactivation in this app: global id or uuid.
    app_id: Option<ID>,
    /// Lift the deactivation that holds in every app; those in single apps stay. A support role that is
    /// confined to apps can't say so.
    everywhere: Option<bool>,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `authenticatorReactivate` did.
#[derive(SimpleObject)]
struct AuthenticatorReactivatePayload {
    /// The authenticator, as it is now; null when there is none.
    authenticator: Option<Authenticator>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorReactivate;

#[Object]
impl AuthenticatorReactivate {
    /// Lifts an administrator's block. The authenticator is again what its other facts make it: a lock that
    /// is still running is in force again.
    async fn authenticator_reactivate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to reactivate, and where.")] input: AuthenticatorReactivateInput,
    ) -> Option<Result<AuthenticatorReactivatePayload, ApiError>> {
        Some(reactivate(context, input).await.map(Into::into))
    }
}

async fn reactivate(
    context: &Context<'_>,
    input: AuthenticatorReactivateInput,
) -> Result<Done, ApiError> {
    let Some((user, authenticator)) = GlobalId::authenticator(&input.authenticator_id) else {
        return Ok(Done::not_found("AU002", "authenticatorId"));
    };
    let place = match Place::of(input.app_id.as_ref(), input.everywhere) {
        Ok(place) => place,
        Err(answer) => return Ok(answer),
    };
    let statement = statement!(
        ["authenticator_reactivate", "changes"],
        user,
        authenticator,
        place.app,
        input.reason,
    );
    let target = Target {
        place: place.field,
        ..Target::authenticator((user, authenticator))
    };
    act(context, statement, target).await
}

impl From<Done> for AuthenticatorReactivatePayload {
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
