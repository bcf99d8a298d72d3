//! `lockoutPolicySimulation`

use async_graphql::{Context, ID, InputObject, Object};

use crate::graphql::documents::documents_statement;
use crate::graphql::lockout_policy_input::{LockoutTierInput, Place, refusal, tiers};
use crate::graphql::page::MAX_PAGE;
use crate::graphql::scalars::DateTime;
use crate::graphql::selection::Selection;
use crate::graphql::types::{AuthenticatorMethod, LockoutSimulation, label};
use crate::graphql::{ApiError, Session};

/// Which policy to try on which attempts.
#[derive(InputObject)]
struct LockoutPolicySimulationInput {
    /// The type of the authenticators.
    method: AuthenticatorMethod,
    /// Only the attempts in this app: global id or uuid. Left out: in every app, as if none had a policy of
    /// its own.
    app_id: Option<ID>,
    /// The steps, in order: 1 to 10.
    tiers: Vec<LockoutTierInput>,
    /// The counting window, in seconds; left out: none.
    failures_expire_after_seconds: Option<i32>,
    /// Whether every failure after the last step locks until it is unlocked.
    #[graphql(default)]
    then_permanent: bool,
    /// Only attempts since this instant; left out: all that are there.
    since: Option<DateTime>,
}

#[derive(Default)]
pub(super) struct LockoutPolicySimulationQuery;

#[Object]
impl LockoutPolicySimulationQuery {
    /// Replays the attempts that were recorded and imported under another policy, by the rules that enforce:
    /// whom it would have locked, and for how long. Changes nothing.
    async fn lockout_policy_simulation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which policy to try on which attempts.")]
        input: LockoutPolicySimulationInput,
    ) -> Result<LockoutSimulation, ApiError> {
        let place = match Place::new(input.method, input.app_id.as_ref()) {
            Ok(place) => place,
            Err(error) => return Ok(LockoutSimulation::refused(error)),
        };
        let Session { database, caller } = Session::of(context);
        let selection = Selection::of(context);
        let rows = context.look_ahead().field("rows").exists();
        let statement = documents_statement!(
            "lockout_policy_simulation",
            true,
            selection,
            caller.claims.tenant,
            label(&place.method),
            tiers(&input.tiers),
            input.failures_expire_after_seconds,
            input.then_permanent,
            place.app,
            input.since.map(|since| since.0),
            if rows { MAX_PAGE } else { 0 },
            selection.authenticators,
        );
        match database.read(caller, statement).await {
            Ok(documents) => Ok(LockoutSimulation::of(documents)),
            Err(error) => refusal(error).map(LockoutSimulation::refused),
        }
    }
}
