//! `lockoutPolicyUnset`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::lockout_policy::{PolicyOutcome, change};
use crate::db::statement;
use crate::graphql::lockout_policy_input::Place;
use crate::graphql::types::{AuthenticatorMethod, label};
use crate::graphql::{ApiError, Session};

/// Which policy to take back.
#[derive(InputObject)]
struct LockoutPolicyUnsetInput {
    /// The type of the authenticators.
    method: AuthenticatorMethod,
    /// The one of this app: global id or uuid. Left out: the tenant's.
    app_id: Option<ID>,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `lockoutPolicyUnset` did.
#[derive(SimpleObject)]
struct LockoutPolicyUnsetPayload {
    #[graphql(flatten)]
    outcome: PolicyOutcome,
}

#[derive(Default)]
pub(super) struct LockoutPolicyUnset;

#[Object]
impl LockoutPolicyUnset {
    /// Takes the lockout policy of a method back, for the tenant or for one app: what is less specific holds
    /// again, which `lockoutPolicy` answers.
    async fn lockout_policy_unset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which policy.")] input: LockoutPolicyUnsetInput,
    ) -> Option<Result<LockoutPolicyUnsetPayload, ApiError>> {
        let outcome = unset(context, input).await;
        Some(outcome.map(|outcome| LockoutPolicyUnsetPayload { outcome }))
    }
}

async fn unset(
    context: &Context<'_>,
    input: LockoutPolicyUnsetInput,
) -> Result<PolicyOutcome, ApiError> {
    let place = match Place::new(input.method, input.app_id.as_ref()) {
        Ok(place) => place,
        Err(error) => return Ok(PolicyOutcome::refused(error)),
    };
    let statement = statement!(
        ["lockout_policy_unset"],
        Session::of(context).caller.claims.tenant,
        label(&place.method),
        place.app,
        input.reason,
    );
    change(context, statement, place).await
}
