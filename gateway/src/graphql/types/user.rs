//! Users.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Authenticator, AuthenticatorRow, ContextRow, Device, DeviceRow, Event};
use crate::graphql::ApiError;
use crate::graphql::events::{EventFilter, EventPage, EventRequest};
use crate::graphql::filter::AuthenticatorFilter;
use crate::graphql::ids::GlobalId;
use crate::graphql::list::List;
use crate::graphql::page::{Page, cost};
use crate::graphql::scalars::DateTime;

/// The status of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserStatus {
    /// Has not authenticated yet.
    Pending,
    /// Has authenticated at least once.
    Active,
    /// May authenticate nowhere in the tenant.
    Suspended,
}

/// What the caller may do with a user that would change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserAction {
    /// Block every authenticator of the user.
    Suspend,
    /// Lift the suspension.
    Reinstate,
}

/// A user with what was selected of theirs: one element of `users` in `sql/user_documents.sql`. The
/// lists are empty where nothing asked for them.
#[derive(Debug, Deserialize)]
pub(crate) struct UserDocument {
    pub(crate) user_id: Uuid,
    email: Option<String>,
    phone: Option<String>,
    pub(crate) display_name: Option<String>,
    status: UserStatus,
    suspended_since: Option<DateTime>,
    suspended_until: Option<DateTime>,
    suspended_indefinitely: bool,
    suspension_reason: Option<String>,
    created_at: DateTime,
    available_actions: Vec<UserAction>,
    pub(crate) authenticators: Vec<AuthenticatorRow>,
    pub(crate) contexts: Vec<ContextRow>,
    pub(crate) devices: Vec<DeviceRow>,
    /// By the name of the request.
    events: HashMap<String, EventPage>,
}

/// A user, as part of the answer that they came in.
#[derive(Clone)]
pub(crate) struct User(pub(crate) Arc<UserDocument>);

impl User {
    /// A page of their events, where it was read.
    pub(crate) fn events_read(&self, request: &EventRequest) -> Result<List<Event>, ApiError> {
        let page = self.0.events.get(&request.name());
        let page = page.ok_or_else(ApiError::internal)?;
        page.connection(request, |row| Event {
            row,
            user: Some(Arc::clone(&self.0)),
        })
    }
}

/// A person in the tenant.
#[Object(serial)]
impl User {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::User(self.0.user_id).encode()
    }

    /// Key in SQL.
    async fn uuid(&self) -> Uuid {
        self.0.user_id
    }

    /// Email address; masked unless the caller is an admin or a service.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Phone number; masked unless the caller is an admin or a service.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Name to show.
    async fn display_name(&self) -> Option<&str> {
        self.0.display_name.as_deref()
    }

    /// Status at the instant of the request.
    async fn status(&self) -> UserStatus {
        self.0.status
    }

    /// Since when the user is suspended; null when they are not.
    async fn suspended_since(&self) -> Option<DateTime> {
        self.0.suspended_since
    }

    /// When the suspension in force ends; null when there is none or it has no end.
    async fn suspended_until(&self) -> Option<DateTime> {
        self.0.suspended_until
    }

    /// Whether a suspension is in force that lasts until it is lifted.
    async fn suspended_indefinitely(&self) -> bool {
        self.0.suspended_indefinitely
    }

    /// The reason given for the suspension in force. Plain text, as it was given.
    async fn suspension_reason(&self) -> Option<&str> {
        self.0.suspension_reason.as_deref()
    }

    /// When the user was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at
    }

    /// What the caller may do with the user that would change something.
    async fn available_actions(&self) -> &[UserAction] {
        &self.0.available_actions
    }

    /// The user's authenticators, each listed once however many apps use it: by method, then by
    /// registration.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn authenticators(
        &self,
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
        let page = Page::new(first, after.as_deref(), last, before.as_deref())?;
        let filter = filter.unwrap_or_default();
        let rows = Authenticator::all(&self.0)
            .filter(|authenticator| filter.describes(authenticator))
            .map(|authenticator| (authenticator.key(), authenticator));
        page.of_whole(rows.collect())
    }

    /// The user's devices, by registration.
    async fn devices(&self) -> Vec<Device> {
        Device::all(&self.0)
    }

    /// What happened to the user and their authenticators and devices, newest first; at one instant, the
    /// last first. What ran out by itself is told at its true instant.
    #[graphql(complexity = "cost(first, None, child_complexity)")]
    async fn events(
        &self,
        #[graphql(desc = "Only those that this describes.")] filter: Option<EventFilter>,
        #[graphql(desc = "How many, from the newest: 1 to 100, 20 when it is not named.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<List<Event>, ApiError> {
        self.events_read(&EventRequest::new(filter, first, after.as_deref())?)
    }
}
