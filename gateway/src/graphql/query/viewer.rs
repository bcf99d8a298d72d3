//! `viewer`

use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::db::statement;
use crate::graphql::types::{Viewer, ViewerDocument};
use crate::graphql::{ApiError, Session};

#[derive(Default)]
pub(super) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who the token says is asking, and what they may do.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer, ApiError> {
        let Session { database, caller } = Session::of(context);
        let apps = caller.claims.apps.clone().unwrap_or_default();
        let statement = statement!(["viewer"], caller.claims.tenant, apps);
        let document: ViewerDocument = database.read(caller, statement).await?;
        Ok(Viewer {
            caller: Arc::clone(caller),
            document,
        })
    }
}
