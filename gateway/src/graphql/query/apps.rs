//! `apps`

use async_graphql::{Context, Object};

use crate::db::statement;
use crate::graphql::types::App;
use crate::graphql::{ApiError, Session};

#[derive(Default)]
pub(super) struct AppsQuery;

#[Object]
impl AppsQuery {
    /// The apps of the tenant, by name; those that the token confines a support role to.
    async fn apps(&self, context: &Context<'_>) -> Result<Vec<App>, ApiError> {
        let Session { database, caller } = Session::of(context);
        Ok(database.read(caller, statement!(["apps"])).await?)
    }
}
