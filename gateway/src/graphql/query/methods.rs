//! `methods`

use async_graphql::{Context, Object};

use crate::db::statement;
use crate::graphql::types::MethodInfo;
use crate::graphql::{ApiError, Session};

#[derive(Default)]
pub(super) struct MethodsQuery;

#[Object]
impl MethodsQuery {
    /// Every method and its rules.
    async fn methods(&self, context: &Context<'_>) -> Result<Vec<MethodInfo>, ApiError> {
        let Session { database, caller } = Session::of(context);
        Ok(database.read(caller, statement!(["methods"])).await?)
    }
}
