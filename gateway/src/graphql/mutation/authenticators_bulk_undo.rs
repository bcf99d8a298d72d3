//! `authenticatorsBulkUndo`

use async_graphql::{Context, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::bulk::{BulkOutcome, act};
use crate::db::statement;
use crate::graphql::{ApiError, Session};

/// What to undo.
#[derive(InputObject)]
struct AuthenticatorsBulkUndoInput {
    /// The batch, as the bulk action answered it.
    batch_id: Uuid,
    /// Why, for the audit trail.
    reason: String,
}

/// What `authenticatorsBulkUndo` did.
#[derive(SimpleObject)]
struct AuthenticatorsBulkUndoPayload {
    #[graphql(flatten)]
    outcome: BulkOutcome,
}

#[derive(Default)]
pub(super) struct AuthenticatorsBulkUndo;

#[Object]
impl AuthenticatorsBulkUndo {
    /// Undoes a bulk action: locks that would still be in force are in force again, with their failures, and
    /// deactivations are as they were. What somebody has changed since stays as it is.
    async fn authenticators_bulk_undo(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to undo.")] input: AuthenticatorsBulkUndoInput,
    ) -> Option<Result<AuthenticatorsBulkUndoPayload, ApiError>> {
        let statement = statement!(
            ["authenticators_bulk_undo", "batch"],
            Session::of(context).caller.claims.tenant,
            input.batch_id,
            input.reason,
        );
        let outcome = act(context, statement).await;
        Some(outcome.map(|outcome| AuthenticatorsBulkUndoPayload { outcome }))
    }
}
