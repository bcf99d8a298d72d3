//! Contexts: one authenticator in one app.

use std::sync::Arc;

use async_graphql::Object;
use serde::Deserialize;
use uuid::Uuid;

use super::{App, AuthenticatorAction, AuthenticatorStatus, Device, UserDocument};
use crate::graphql::scalars::DateTime;

#[derive(Debug, Deserialize)]
pub(crate) struct ContextRow {
    authenticator_id: Uuid,
    pub(crate) app: App,
    device_id: Option<Uuid>,
    available: bool,
    pub(crate) status: AuthenticatorStatus,
    registered_at: DateTime,
    last_success_at: Option<DateTime>,
    last_failure_at: Option<DateTime>,
    last_device_id: Option<Uuid>,
    failures: i32,
    pub(crate) locked_since: Option<DateTime>,
    locked_until: Option<DateTime>,
    locked_indefinitely: bool,
    deactivated_since: Option<DateTime>,
    deactivated_until: Option<DateTime>,
    deactivated_indefinitely: bool,
    reason: Option<String>,
    available_actions: Vec<AuthenticatorAction>,
}

/// A context, as part of the answer that it came in.
#[derive(Clone)]
pub(crate) struct AuthenticatorContext {
    user: Arc<UserDocument>,
    position: usize,
}

impl AuthenticatorContext {
    /// The contexts of one authenticator of the user, where they were read.
    pub(crate) fn of(
        user: &Arc<UserDocument>,
        authenticator_id: Uuid,
    ) -> impl Iterator<Item = Self> {
        user.contexts
            .iter()
            .enumerate()
            .filter(move |(_, row)| row.authenticator_id == authenticator_id)
            .map(|(position, _)| Self {
                user: Arc::clone(user),
                position,
            })
    }

    pub(crate) fn row(&self) -> &ContextRow {
        &self.user.contexts[self.position]
    }
}

/// One authenticator in one app.
#[Object(serial)]
impl AuthenticatorContext {
    /// The app.
    async fn app(&self) -> &App {
        &self.row().app
    }

    /// The device that a device-scoped authenticator is bound to.
    async fn device(&self) -> Option<Device> {
        Device::find(&self.user, self.row().device_id?)
    }

    /// Whether the app offers the method now. A context that is not available stays visible, and does not
    /// count towards the authenticator's status.
    async fn available(&self) -> bool {
        self.row().available
    }

    /// Its status in this app.
    async fn status(&self) -> AuthenticatorStatus {
        self.row().status
    }

    /// When it was registered in this app.
    async fn registered_at(&self) -> DateTime {
        self.row().registered_at
    }

    /// When it authenticated last in this app.
    async fn last_success_at(&self) -> Option<DateTime> {
        self.row().last_success_at
    }

    /// When it failed last in this app.
    async fn last_failure_at(&self) -> Option<DateTime> {
        self.row().last_failure_at
    }

    /// The device of the last attempt, where it was told.
    async fn last_device(&self) -> Option<Device> {
        Device::find(&self.user, self.row().last_device_id?)
    }

    /// How many failures count towards the next lock; of a global authenticator in all apps together.
    async fn failures(&self) -> i32 {
        self.row().failures
    }

    /// Since when it is locked; null when it is not.
    async fn locked_since(&self) -> Option<DateTime> {
        self.row().locked_since
    }

    /// When the lock in force ends; null when there is none or it has no end.
    async fn locked_until(&self) -> Option<DateTime> {
        self.row().locked_until
    }

    /// Whether a lock is in force that lasts until it is unlocked.
    async fn locked_indefinitely(&self) -> bool {
        self.row().locked_indefinitely
    }

    /// Since when it is deactivated; null when it is not.
    async fn deactivated_since(&self) -> Option<DateTime> {
        self.row().deactivated_since
    }

    /// The latest end among the deactivations and the suspension in force; null when there is none or it
    /// has no end.
    async fn deactivated_until(&self) -> Option<DateTime> {
        self.row().deactivated_until
    }

    /// Whether a deactivation or suspension is in force that lasts until it is lifted.
    async fn deactivated_indefinitely(&self) -> bool {
        self.row().deactivated_indefinitely
    }

    /// Why it is locked or deactivated. Plain text; may hold what somebody typed.
    async fn reason(&self) -> Option<&str> {
        self.row().reason.as_deref()
    }

    /// What the caller may do with it in this app that would change something.
    async fn available_actions(&self) -> &[AuthenticatorAction] {
        &self.row().available_actions
    }
}
