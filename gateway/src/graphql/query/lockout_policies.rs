//! `lockoutPolicies`

use async_graphql::{Context, Object};
use uuid::Uuid;

use crate::db::statement;
use crate::graphql::types::LockoutPolicy;
use crate::graphql::{ApiError, Session};

#[derive(Default)]
pub(super) struct LockoutPoliciesQuery;

#[Object]
impl LockoutPoliciesQuery {
    /// The lockout policy in force for each method that failures lock, with where it comes from; empty when
    /// the caller sees no such app.
    async fn lockout_policies(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The app, by its key in SQL; left out: the tenant as a whole.")]
        app: Option<Uuid>,
    ) -> Result<Vec<LockoutPolicy>, ApiError> {
        let Session { database, caller } = Session::of(context);
        let method: Option<String> = None;
        let statement = statement!(["lockout_policies"], caller.claims.tenant, app, method);
        Ok(database.read(caller, statement).await?)
    }
}
