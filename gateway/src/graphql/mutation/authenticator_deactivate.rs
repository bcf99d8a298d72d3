//! `authenticatorDeactivate`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use super::place::Place;
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::Authenticator;

/// What to deactivate, and where: exactly one of `appId` and `everywhere: true`.
#[derive(InputObject)]
struct AuthenticatorDeactivateInput {
    /// The authenticator: global id.
    authenticator_id: ID,
    /// In this app only: global id or uuid.
    app_id: Option<ID>,
    /// In every app, later ones too. A support role that is confined to apps can't say so.
    everywhere: Option<bool>,
    /// Until this instant, which lies in the future; left out: until it is reactivated.
    until: Option<DateTime>,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `authenticatorDeactivate` did.
#[derive(SimpleObject)]
struct AuthenticatorDeactivatePayload {
    /// The authenticator, as it is now; null when there is none.
    authenticator: Option<Authenticator>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorDeactivate;

#[Object]
impl AuthenticatorDeactivate {
    /// Blocks an authenticator in one app or everywhere, whatever its locks. Again with another end: moves
    /// the end.
    async fn authenticator_deactivate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to deactivate, and where.")] input: AuthenticatorDeactivateInput,
    ) -> Option<Result<AuthenticatorDeactivatePayload, ApiError>> {
        Some(deactivate(context, input).await.map(Into::into))
    }
}

async fn deactivate(
    context: &Context<'_>,
    input: AuthenticatorDeactivateInput,
) -> Result<Done, ApiError> {
    let Some((user, authenticator)) = GlobalId::authenticator(&input.authenticator_id) else {
        return Ok(Done::not_found("AU002", "authenticatorId"));
    };
    let place = match Place::of(input.app_id.as_ref(), input.everywhere) {
        Ok(place) => place,
        Err(answer) => return Ok(answer),
    };
    let statement = statement!(
        ["authenticator_deactivate", "changes"],
        user,
        authenticator,
        place.app,
        input.until.map(|until| until.0),
        input.reason,
    );
    let target = Target {
        place: place.field,
        ..Target::authenticator((user, authenticator))
    };
    act(context, statement, target).await
}

impl From<Done> for AuthenticatorDeactivatePayload {
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
