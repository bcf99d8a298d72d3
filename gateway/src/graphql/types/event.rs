//! Events: what the audit trail tells.

use std::sync::Arc;

use async_graphql::{ID, Object};
use serde::Deserialize;
use uuid::Uuid;

use super::{App, Authenticator, AuthenticatorMethod, AuthenticatorStatus, Device, EventKind};
use super::{User, UserDocument};
use crate::graphql::events::EventKey;
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::{DateTime, Json};

/// A row of `authn.events`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EventRow {
    pub(crate) user_id: Option<Uuid>,
    event_id: Uuid,
    at: DateTime,
    /// Counts within what it happened to; of what is derived there is none.
    number: Option<i64>,
    kind: EventKind,
    authenticator_id: Option<Uuid>,
    app: Option<App>,
    device_id: Option<Uuid>,
    method: Option<AuthenticatorMethod>,
    status_before: Option<AuthenticatorStatus>,
    status_after: Option<AuthenticatorStatus>,
    actor: String,
    role: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    reason: Option<String>,
    request_id: Option<String>,
    details: Option<Json>,
}

impl EventRow {
    pub(crate) fn key(&self) -> EventKey {
        EventKey(self.at, self.number.unwrap_or_default(), self.event_id)
    }
}

/// An event, as part of the answer that it came in.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) row: EventRow,
    /// Where there is one that the caller sees.
    pub(crate) user: Option<Arc<UserDocument>>,
}

/// Something that happened, or that was over, to a user, an authenticator, a device or a policy.
#[Object(serial)]
impl Event {
    /// Stable id, the same whenever the event is read. Events are not nodes: ask for them by what they are
    /// about.
    async fn id(&self) -> ID {
        GlobalId::event(self.row.event_id)
    }

    /// Key in SQL: `event_id` of `authn.events`.
    async fn uuid(&self) -> Uuid {
        self.row.event_id
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        self.row.at
    }

    /// What happened.
    async fn kind(&self) -> EventKind {
        self.row.kind
    }

    /// Whom it concerns; null for what concerns no single user, as a change of policy.
    async fn user(&self) -> Option<User> {
        self.user.as_ref().map(|user| User(Arc::clone(user)))
    }

    /// The authenticator, as it is now; null for what concerns no single one, and when it was removed since.
    async fn authenticator(&self) -> Option<Authenticator> {
        Authenticator::find(self.user.as_ref()?, self.row.authenticator_id?)
    }

    /// The app; null for what concerns no single one.
    async fn app(&self) -> Option<&App> {
        self.row.app.as_ref()
    }

    /// The device of the attempt or of the authenticator, as it is now.
    async fn device(&self) -> Option<Device> {
        Device::find(self.user.as_ref()?, self.row.device_id?)
    }

    /// The type of the authenticator, or the one whose policy changed.
    async fn method(&self) -> Option<AuthenticatorMethod> {
        self.row.method
    }

    /// Who did it: the subject of a token, a database role, or `pg_authn` for what ran out by itself.
    async fn actor(&self) -> &str {
        &self.row.actor
    }

    /// The database role whose rights the actor had.
    async fn role(&self) -> Option<&str> {
        self.row.role.as_deref()
    }

    /// The address that the request came from, where somebody trusted told it.
    async fn ip(&self) -> Option<&str> {
        self.row.ip.as_deref()
    }

    /// The client's software, as it named itself.
    async fn user_agent(&self) -> Option<&str> {
        self.row.user_agent.as_deref()
    }

    /// The reason given. Plain text, as it was given.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// The status before, where the event is about one.
    async fn status_before(&self) -> Option<AuthenticatorStatus> {
        self.row.status_before
    }

    /// The status after.
    async fn status_after(&self) -> Option<AuthenticatorStatus> {
        self.row.status_after
    }

    /// The request that brought it about, as its answer and the gateway's log name it.
    async fn request_id(&self) -> Option<&str> {
        self.row.request_id.as_deref()
    }

    /// What else belongs to an event of this kind: of a lock its policy version and tier.
    async fn details(&self) -> Option<&Json> {
        self.row.details.as_ref()
    }
}
