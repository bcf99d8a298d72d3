//! `events`

use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::graphql::documents::{Documents, documents_statement};
use crate::graphql::events::{EventFilter, EventPage, EventRequest};
use crate::graphql::ids::GlobalId;
use crate::graphql::list::List;
use crate::graphql::objects::Keys;
use crate::graphql::page::cost;
use crate::graphql::selection::Selection;
use crate::graphql::types::{App, Event, labels};
use crate::graphql::{ApiError, Session};

#[derive(Default)]
pub(super) struct EventsQuery;

#[Object]
impl EventsQuery {
    /// What happened in the tenant, newest first; at one instant, the last first. What ran out by itself is
    /// told at its true instant.
    #[graphql(complexity = "cost(first, None, child_complexity)")]
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that this describes.")] filter: Option<EventFilter>,
        #[graphql(desc = "How many, from the newest: 1 to 100, 20 when it is not named.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<List<Event>, ApiError> {
        let request = EventRequest::new(filter, first, after.as_deref())?;
        let selection = Selection::of(context);
        match request.user {
            Some(_) => of_user(context, request, selection).await,
            None => of_tenant(context, &request, &selection).await,
        }
    }
}

/// The events of one user are a part of their document.
async fn of_user(
    context: &Context<'_>,
    request: EventRequest,
    mut selection: Selection,
) -> Result<List<Event>, ApiError> {
    let Session { database, caller } = Session::of(context);
    let user = request.user.unwrap_or_default();
    selection.add_events(request.clone(), selection.total_count);
    selection.authenticators |= selection.authenticator;
    let statement = Keys::of_ids([GlobalId::User(user)]).statement(&selection);
    let documents: Documents<Vec<App>> = database.read(caller, statement).await?;
    match documents.user(user) {
        Some(user) => user.events_read(&request),
        None => EventPage::none().connection(&request, |row| Event { row, user: None }),
    }
}

async fn of_tenant(
    context: &Context<'_>,
    request: &EventRequest,
    selection: &Selection,
) -> Result<List<Event>, ApiError> {
    let Session { database, caller } = Session::of(context);
    let statement = documents_statement!(
        "events",
        selection.objects,
        selection,
        caller.claims.tenant,
        request.authenticator,
        request.app,
        request.device,
        labels(request.method.as_deref()),
        labels(request.kind.as_deref()),
        request.actor.clone(),
        request.since.map(|since| since.0),
        request.until.map(|until| until.0),
        request.after_at.map(|at| at.0),
        request.after_number,
        request.after_id,
        request.limit,
        selection.total_count,
        selection.objects,
        selection.authenticators,
    );
    let documents: Documents<EventPage> = database.read(caller, statement).await?;
    documents.page.connection(request, |row| {
        let user = row.user_id.and_then(|id| documents.user(id));
        Event {
            row,
            user: user.map(|user| Arc::clone(&user.0)),
        }
    })
}
