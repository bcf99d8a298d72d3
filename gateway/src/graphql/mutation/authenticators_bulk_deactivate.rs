//! `authenticatorsBulkDeactivate`

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::bulk::{BulkFilter, BulkOutcome, act};
use crate::db::statement;
use crate::graphql::scalars::DateTime;
use crate::graphql::{ApiError, Session};

/// What to deactivate.
#[derive(InputObject)]
struct AuthenticatorsBulkDeactivateInput {
    /// Which contexts: in the app that it names, or else each of their authenticators everywhere.
    filter: BulkFilter,
    /// Until this instant, which lies in the future; left out: until it is reactivated.
    until: Option<DateTime>,
    /// Why, for the audit trail.
    reason: String,
    /// Only show what would be changed.
    #[graphql(default = true)]
    dry_run: bool,
}

/// What `authenticatorsBulkDeactivate` did, or would do.
#[derive(SimpleObject)]
struct AuthenticatorsBulkDeactivatePayload {
    #[graphql(flatten)]
    outcome: BulkOutcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorsBulkDeactivate;

#[Object]
impl AuthenticatorsBulkDeactivate {
    /// Blocks what a filter describes, in the app that it names or else everywhere. Shows what it would do,
    /// unless `dryRun: false`. Never brings the end of a deactivation forward.
    async fn authenticators_bulk_deactivate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to deactivate.")] input: AuthenticatorsBulkDeactivateInput,
    ) -> Option<Result<AuthenticatorsBulkDeactivatePayload, ApiError>> {
        let statement = statement!(
            ["authenticators_bulk_deactivate", "batch"],
            Session::of(context).caller.claims.tenant,
            input.filter.into_json(),
            input.reason,
            input.until.map(|until| until.0),
            input.dry_run,
        );
        let outcome = act(context, statement).await;
        Some(outcome.map(|outcome| AuthenticatorsBulkDeactivatePayload { outcome }))
    }
}
