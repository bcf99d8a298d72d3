//! `users`

use async_graphql::{Context, Object};
use uuid::Uuid;

use crate::graphql::documents::{Documents, Keys, documents_statement};
use crate::graphql::filter::AuthenticatorFilter;
use crate::graphql::list::List;
use crate::graphql::page::{Page, cost};
use crate::graphql::selection::Selection;
use crate::graphql::types::{User, UserStatus, label};
use crate::graphql::{ApiError, Session};

/// The longest text to search for: longer than any address.
const MAX_SEARCH: usize = 320;

/// Where a user stands in the list: name, then key.
type Key = (String, Uuid);

#[derive(Default)]
pub(super) struct UsersQuery;

#[Object]
impl UsersQuery {
    /// The users of the tenant, by name.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn users(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Beginnings of words of the name, in any order; or the beginning of the email address, of its domain \
            or of the phone number as the caller sees them, in any case; or a whole address, phone number or uuid. \
            Blank: everybody. At most 320 characters."
        )]
        search: Option<String>,
        #[graphql(desc = "Only users of this status.")] status: Option<UserStatus>,
        #[graphql(desc = "Only users with at least one authenticator that this describes.")]
        has_authenticator: Option<AuthenticatorFilter>,
        #[graphql(
            desc = "How many, from the beginning: 1 to 100, 20 when neither `first` nor `last` is named."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100; not together with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<User>, ApiError> {
        let Session { database, caller } = Session::of(context);
        let page = Page::<Key>::new(first, after.as_deref(), last, before.as_deref())?;
        let search = search
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        if search
            .as_ref()
            .is_some_and(|text| text.chars().count() > MAX_SEARCH)
        {
            return Err(ApiError::bad_input("`search` has at most 320 characters"));
        }
        let filter = has_authenticator
            .as_ref()
            .map(AuthenticatorFilter::parameters);
        let described = filter.is_some();
        let filter = filter.unwrap_or_else(|| AuthenticatorFilter::default().parameters());
        let selection = Selection::of(context);
        let searched = search.is_some();
        let marks = match status {
            Some(UserStatus::Suspended) => Some(vec!["suspension"]),
            _ => filter.marks,
        };
        let page_alone = searched && status.is_none() && !described && !selection.total_count;
        let (after_name, after_id) = page.after.clone().unzip();
        let (before_name, before_id) = page.before.clone().unzip();
        let statement = documents_statement!(
            [
                searched => ["marked", "found_users"],
                marks.is_some() => ["marked", "marked_users_by_name"];
                "every_user_by_name"
            ],
            "users",
            selection.authenticators,
            selection,
            caller.claims.tenant,
            search,
            status.as_ref().map(label),
            described,
            filter.status,
            filter.context_status,
            filter.method,
            filter.app,
            filter.device,
            after_name,
            after_id,
            before_name,
            before_id,
            page.backward,
            page.limit,
            selection.total_count,
            filter.locked_since,
            filter.last_used_before,
            filter.registered_since,
            filter.registered_until,
            filter.search,
            marks,
            page_alone,
        );
        let documents: Documents<Keys<Key>> = database.read(caller, statement).await?;
        let Keys { keys, more, total } = &documents.page;
        let rows = keys
            .iter()
            .filter_map(|key| Some((key.clone(), documents.user(key.1)?)));
        page.connection(rows, *more, *total)
    }
}
