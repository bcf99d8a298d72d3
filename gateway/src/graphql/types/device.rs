//! Devices.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use serde::Deserialize;
use uuid::Uuid;

use super::{User, UserDocument};
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::DateTime;

/// What the caller may do with a device that would change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceAction {
    /// Block every device-scoped authenticator on it.
    Deactivate,
    /// Lift that block.
    Reactivate,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeviceRow {
    pub(crate) device_id: Uuid,
    name: String,
    platform: Option<String>,
    registered_at: DateTime,
    deactivated_since: Option<DateTime>,
    deactivated_until: Option<DateTime>,
    deactivated_indefinitely: bool,
    deactivation_reason: Option<String>,
    available_actions: Vec<DeviceAction>,
}

/// A device of a user, as part of the answer that it came in.
#[derive(Clone)]
pub(crate) struct Device {
    user: Arc<UserDocument>,
    position: usize,
}

impl Device {
    /// The user's device of this id, where it was read.
    pub(crate) fn find(user: &Arc<UserDocument>, device_id: Uuid) -> Option<Self> {
        let position = user
            .devices
            .iter()
            .position(|row| row.device_id == device_id)?;
        Some(Self {
            user: Arc::clone(user),
            position,
        })
    }

    pub(crate) fn all(user: &Arc<UserDocument>) -> Vec<Self> {
        (0..user.devices.len())
            .map(|position| Self {
                user: Arc::clone(user),
                position,
            })
            .collect()
    }

    fn row(&self) -> &DeviceRow {
        &self.user.devices[self.position]
    }
}

/// A phone, browser or computer of a user.
#[Object(serial)]
impl Device {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Device {
            user: self.user.user_id,
            device: self.row().device_id,
        }
        .encode()
    }

    /// Key in SQL, together with the user's.
    async fn uuid(&self) -> Uuid {
        self.row().device_id
    }

    /// Whose it is.
    async fn user(&self) -> User {
        User(Arc::clone(&self.user))
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.row().name
    }

    /// Operating system or browser.
    async fn platform(&self) -> Option<&str> {
        self.row().platform.as_deref()
    }

    /// When the device was registered.
    async fn registered_at(&self) -> DateTime {
        self.row().registered_at
    }

    /// Since when the device is deactivated; null when it is not.
    async fn deactivated_since(&self) -> Option<DateTime> {
        self.row().deactivated_since
    }

    /// When the deactivation in force ends; null when there is none or it has no end.
    async fn deactivated_until(&self) -> Option<DateTime> {
        self.row().deactivated_until
    }

    /// Whether a deactivation is in force that lasts until it is lifted.
    async fn deactivated_indefinitely(&self) -> bool {
        self.row().deactivated_indefinitely
    }

    /// The reason given for the deactivation in force. Plain text, as it was given.
    async fn deactivation_reason(&self) -> Option<&str> {
        self.row().deactivation_reason.as_deref()
    }

    /// What the caller may do with it that would change something.
    async fn available_actions(&self) -> &[DeviceAction] {
        &self.row().available_actions
    }
}
