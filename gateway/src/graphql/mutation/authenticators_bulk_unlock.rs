//! `authenticatorsBulkUnlock`

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::bulk::{BulkFilter, BulkOutcome, act};
use crate::db::statement;
use crate::graphql::{ApiError, Session};

/// What to unlock.
#[derive(InputObject)]
struct AuthenticatorsBulkUnlockInput {
    /// Which contexts.
    filter: BulkFilter,
    /// Why, for the audit trail.
    reason: String,
    /// Only show what would be changed.
    #[graphql(default = true)]
    dry_run: bool,
}

/// What `authenticatorsBulkUnlock` did, or would do.
#[derive(SimpleObject)]
struct AuthenticatorsBulkUnlockPayload {
    #[graphql(flatten)]
    outcome: BulkOutcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorsBulkUnlock;

#[Object]
impl AuthenticatorsBulkUnlock {
    /// Lifts every lock in force in the contexts that a filter describes, and clears its failures. Shows what
    /// it would do, unless `dryRun: false`. What locks in the whole tenant is unlocked in the whole tenant.
    async fn authenticators_bulk_unlock(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to unlock.")] input: AuthenticatorsBulkUnlockInput,
    ) -> Option<Result<AuthenticatorsBulkUnlockPayload, ApiError>> {
        let statement = statement!(
            ["authenticators_bulk_unlock", "batch"],
            Session::of(context).caller.claims.tenant,
            input.filter.into_json(),
            input.reason,
            input.dry_run,
        );
        let outcome = act(context, statement).await;
        Some(outcome.map(|outcome| AuthenticatorsBulkUnlockPayload { outcome }))
    }
}
