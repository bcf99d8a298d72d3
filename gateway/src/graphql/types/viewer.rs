//! The viewer: who the token says is asking.

use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use serde::Deserialize;
use uuid::Uuid;

use super::App;
use crate::auth::Role;
use crate::db::Caller;

/// What a token makes its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum ViewerRole {
    /// Looks at users and unlocks; sees masked identifiers.
    Support,
    /// Everything inside one tenant.
    Admin,
    /// Reads only.
    Reader,
    /// A login service.
    Service,
}

impl From<Role> for ViewerRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Support => Self::Support,
            Role::Admin => Self::Admin,
            Role::Reader => Self::Reader,
            Role::Service => Self::Service,
        }
    }
}

/// A kind of action that the database lets the viewer take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Permission {
    /// Unlock what a lockout policy locked.
    UnlockAuthenticators,
    /// Deactivate and reactivate authenticators.
    DeactivateAuthenticators,
    /// Deactivate and reactivate devices.
    DeactivateDevices,
    /// Suspend and reinstate users.
    SuspendUsers,
    /// Set and unset lockout policies.
    SetLockoutPolicies,
    /// Unlock and deactivate many at once, and undo it.
    ActInBulk,
    /// Record, begin and complete attempts.
    RecordAttempts,
    /// See email addresses, phone numbers and ids at providers unmasked.
    SeeIdentifiers,
}

/// A customer organisation; nothing crosses it.
#[derive(Clone, Debug, SimpleObject, Deserialize)]
#[graphql(serial)]
pub(crate) struct Tenant {
    /// Key in SQL.
    uuid: Uuid,
    /// Name.
    name: String,
}

/// The answer of `sql/viewer.sql`.
#[derive(Debug, Deserialize)]
pub(crate) struct ViewerDocument {
    tenant: Option<Tenant>,
    apps: Vec<App>,
    permissions: Vec<Permission>,
}

pub(crate) struct Viewer {
    pub(crate) caller: Arc<Caller>,
    pub(crate) document: ViewerDocument,
}

/// Who the token says is asking, and what they may do.
#[Object(serial)]
impl Viewer {
    /// Who is recorded as having acted.
    async fn subject(&self) -> &str {
        &self.caller.claims.subject
    }

    /// The role of the token.
    async fn role(&self) -> ViewerRole {
        self.caller.claims.role.into()
    }

    /// The tenant that nothing the viewer does leaves; null when the token names none that exists.
    async fn tenant(&self) -> Option<&Tenant> {
        self.document.tenant.as_ref()
    }

    /// The apps that the token confines the viewer to, by name; null when it confines them to none.
    async fn apps(&self) -> Option<&[App]> {
        self.caller
            .claims
            .apps
            .as_ref()
            .map(|_| self.document.apps.as_slice())
    }

    /// What the viewer may do at all. What makes sense for one object is in its `availableActions`.
    async fn permissions(&self) -> &[Permission] {
        &self.document.permissions
    }
}
