//! `lockoutPolicySet`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::lockout_policy::{PolicyOutcome, change};
use crate::db::statement;
use crate::graphql::lockout_policy_input::{LockoutTierInput, Place, tiers};
use crate::graphql::types::{AuthenticatorMethod, label};
use crate::graphql::{ApiError, Session};

/// Which policy to set, and to what.
#[derive(InputObject)]
struct LockoutPolicySetInput {
    /// The type of the authenticators.
    method: AuthenticatorMethod,
    /// For this app only: global id or uuid. Left out: for the tenant.
    app_id: Option<ID>,
    /// The steps, in order: 1 to 10.
    tiers: Vec<LockoutTierInput>,
    /// The counting window, in seconds; left out: none.
    failures_expire_after_seconds: Option<i32>,
    /// Whether every failure after the last step locks until it is unlocked.
    #[graphql(default)]
    then_permanent: bool,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `lockoutPolicySet` did.
#[derive(SimpleObject)]
struct LockoutPolicySetPayload {
    #[graphql(flatten)]
    outcome: PolicyOutcome,
}

#[derive(Default)]
pub(super) struct LockoutPolicySet;

#[Object]
impl LockoutPolicySet {
    /// Sets the lockout policy of a method, for the tenant or for one app, as a new version. A lock that is
    /// running stays as it is.
    async fn lockout_policy_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which policy, and what it says.")] input: LockoutPolicySetInput,
    ) -> Option<Result<LockoutPolicySetPayload, ApiError>> {
        let outcome = set(context, input).await;
        Some(outcome.map(|outcome| LockoutPolicySetPayload { outcome }))
    }
}

async fn set(
    context: &Context<'_>,
    input: LockoutPolicySetInput,
) -> Result<PolicyOutcome, ApiError> {
    let place = match Place::new(input.method, input.app_id.as_ref()) {
        Ok(place) => place,
        Err(error) => return Ok(PolicyOutcome::refused(error)),
    };
    let statement = statement!(
        ["lockout_policy_set"],
        Session::of(context).caller.claims.tenant,
        label(&place.method),
        tiers(&input.tiers),
        input.failures_expire_after_seconds,
        input.then_permanent,
        place.app,
        input.reason,
    );
    change(context, statement, place).await
}
