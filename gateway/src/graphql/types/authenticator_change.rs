//! Changes of status, as they are subscribed to.

use std::sync::Arc;

use async_graphql::Object;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    App, Authenticator, AuthenticatorMethod, AuthenticatorStatus, Device, EventKind, User,
};
use crate::graphql::documents::Documents;
use crate::graphql::scalars::DateTime;

/// A page of the log as a follower reads it: the `page` of `sql/status_changes.sql`.
#[derive(Debug, Deserialize)]
pub(crate) struct ChangesPage {
    pub(crate) changes: Vec<ChangeRow>,
    /// From where to go on.
    pub(crate) cursor: String,
    /// Whether to go on at once.
    pub(crate) more: bool,
    /// Whether something is committed whose turn has not come yet.
    pub(crate) pending: bool,
    /// In how many seconds a lock or block ends by itself.
    pub(crate) next_end_in: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChangeRow {
    cursor: String,
    at: DateTime,
    kind: EventKind,
    pub(crate) user_id: Uuid,
    authenticator_id: Option<Uuid>,
    device_id: Option<Uuid>,
    app: Option<App>,
    method: Option<AuthenticatorMethod>,
    status_before: Option<AuthenticatorStatus>,
    status_after: Option<AuthenticatorStatus>,
    reason: Option<String>,
}

/// A change, as part of the page that it came in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct AuthenticatorChange {
    page: Arc<Documents<ChangesPage>>,
    position: usize,
}

impl AuthenticatorChange {
    /// Every change of a page.
    pub(crate) fn all(page: &Arc<Documents<ChangesPage>>) -> impl Iterator<Item = Self> {
        (0..page.page.changes.len()).map(|position| Self {
            page: Arc::clone(page),
            position,
        })
    }

    pub(crate) fn row(&self) -> &ChangeRow {
        &self.page.page.changes[self.position]
    }
}

/// Something that changed the status of an authenticator, or of all of a user or device. Its objects are as
/// they were when it was told, not before and after.
#[Object(serial)]
impl AuthenticatorChange {
    /// What `after` takes to go on behind this change.
    async fn cursor(&self) -> &str {
        &self.row().cursor
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        self.row().at
    }

    /// What happened.
    async fn kind(&self) -> EventKind {
        self.row().kind
    }

    /// Key in SQL of the user whom it concerns.
    async fn user_uuid(&self) -> Uuid {
        self.row().user_id
    }

    /// Key in SQL of the authenticator; null where it concerns all of a device or user.
    async fn authenticator_uuid(&self) -> Option<Uuid> {
        self.row().authenticator_id
    }

    /// The user whom it concerns.
    async fn user(&self) -> Option<User> {
        self.page.user(self.row().user_id)
    }

    /// The authenticator; null where it concerns all of a device or user, and of one that is removed.
    async fn authenticator(&self) -> Option<Authenticator> {
        self.page
            .authenticator(self.row().user_id, self.row().authenticator_id?)
    }

    /// The app where it happened; null where it holds in every app.
    async fn app(&self) -> Option<&App> {
        self.row().app.as_ref()
    }

    /// The device of the authenticator, or from which it was done.
    async fn device(&self) -> Option<Device> {
        self.page.device(self.row().user_id, self.row().device_id?)
    }

    /// The method of the authenticator; null where it concerns all of a device or user.
    async fn method(&self) -> Option<AuthenticatorMethod> {
        self.row().method
    }

    /// The status before, of what it concerns.
    async fn status_before(&self) -> Option<AuthenticatorStatus> {
        self.row().status_before
    }

    /// The status after, of what it concerns.
    async fn status_after(&self) -> Option<AuthenticatorStatus> {
        self.row().status_after
    }

    /// The reason that was given. Plain text, as it was given.
    async fn reason(&self) -> Option<&str> {
        self.row().reason.as_deref()
    }
}
