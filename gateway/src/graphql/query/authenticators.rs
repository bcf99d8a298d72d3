//! `authenticators`

use async_graphql::{Context, Object};
use uuid::Uuid;

use crate::graphql::documents::{Documents, Keys, documents_statement};
use crate::graphql::filter::AuthenticatorFilter;
use crate::graphql::list::List;
use crate::graphql::page::{Page, cost};
use crate::graphql::selection::Selection;
use crate::graphql::types::Authenticator;
use crate::graphql::{ApiError, Session};

/// Where an authenticator stands in the list: the key of its user, then its own.
type Key = (Uuid, Uuid);

#[derive(Default)]
pub(super) struct AuthenticatorsQuery;

#[Object]
impl AuthenticatorsQuery {
    /// Authenticators across the users of the tenant, those of one user together: who is locked now is
    /// `filter: { contextStatus: [LOCKED] }`.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn authenticators(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that this describes.")] filter: Option<AuthenticatorFilter>,
        #[graphql(
            desc = "How many, from the beginning: 1 to 100, 20 when neither `first` nor `last` is named."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100; not together with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Authenticator>, ApiError> {
        let Session { database, caller } = Session::of(context);
        let page = Page::<Key>::new(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default().parameters();
        let selection = Selection::of(context);
        let (after_user, after_id) = page.after.unzip();
        let (before_user, before_id) = page.before.unzip();
        let statement = documents_statement!(
            [filter.marks.is_some() => ["marked_users"]; "every_user"],
            "authenticators",
            true,
            selection,
            caller.claims.tenant,
            filter.status,
            filter.context_status,
            filter.method,
            filter.app,
            filter.device,
            after_user,
            after_id,
            before_user,
            before_id,
            page.backward,
            page.limit,
            selection.total_count,
            selection.authenticators,
            filter.locked_since,
            filter.last_used_before,
            filter.user,
            filter.registered_since,
            filter.registered_until,
            filter.search,
            filter.marks,
        );
        let documents: Documents<Keys<Key>> = database.read(caller, statement).await?;
        let Keys { keys, more, total } = &documents.page;
        let rows = keys
            .iter()
            .filter_map(|&(user, id)| Some(((user, id), documents.authenticator(user, id)?)));
        page.connection(rows, *more, *total)
    }
}
