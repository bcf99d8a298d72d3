//! The filter of authenticators: in SQL where a list crosses users, here where a user's are read anyway.

use async_graphql::{ID, InputObject};
use uuid::Uuid;

use super::ids::GlobalId;
use super::types::{Authenticator, AuthenticatorMethod, AuthenticatorStatus, labels};

/// Describes authenticators. What is left out does not matter; of a list, any value will do, and an empty
/// list describes none.
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuthenticatorFilter {
    /// Its status as a whole, as `Authenticator.status` says. One that is locked in some apps only is
    /// MIXED: ask for it with `contextStatus`.
    status: Option<Vec<AuthenticatorStatus>>,
    /// Its status in some app, or in `app`, as `AuthenticatorContext.status` says.
    context_status: Option<Vec<AuthenticatorStatus>>,
    /// Its type.
    method: Option<Vec<AuthenticatorMethod>>,
    /// An app that uses it: global id or uuid.
    app: Option<ID>,
    /// The device that it is bound to: global id, or the device's uuid.
    device: Option<ID>,
}

/// [`AuthenticatorFilter`] as parameters of a statement.
pub(crate) struct FilterParameters {
    pub(crate) status: Option<Vec<String>>,
    pub(crate) context_status: Option<Vec<String>>,
    pub(crate) method: Option<Vec<String>>,
    pub(crate) app: Option<Uuid>,
    pub(crate) device: Option<Uuid>,
}

impl AuthenticatorFilter {
    /// The app; an id that names none answers like one that does not exist.
    fn app(&self) -> Option<Uuid> {
        let id = self.app.as_ref()?;
        Some(GlobalId::app(id).unwrap_or_default())
    }

    /// The device; an id that names none answers like one that does not exist.
    fn device(&self) -> Option<Uuid> {
        let id = self.device.as_ref()?;
        let of_device = GlobalId::device(id).map(|(_, device)| device);
        Some(of_device.or_else(|| GlobalId::bare(id)).unwrap_or_default())
    }

    pub(crate) fn parameters(&self) -> FilterParameters {
        FilterParameters {
            status: labels(self.status.as_deref()),
            context_status: labels(self.context_status.as_deref()),
            method: labels(self.method.as_deref()),
            app: self.app(),
            device: self.device(),
        }
    }

    /// Whether it describes an authenticator that was read with its contexts.
    pub(crate) fn describes(&self, authenticator: &Authenticator) -> bool {
        let row = authenticator.row();
        let app = self.app();
        let in_app = |id: Uuid| app.is_none_or(|app| app == id);
        self.method
            .as_ref()
            .is_none_or(|methods| methods.contains(&row.method))
            && self
                .status
                .as_ref()
                .is_none_or(|statuses| statuses.contains(&row.status))
            && self
                .device()
                .is_none_or(|device| row.device_id == Some(device))
            && (app.is_none() && self.context_status.is_none()
                || authenticator.contexts_read().any(|context| {
                    let context = context.row();
                    in_app(context.app.app_id)
                        && self
                            .context_status
                            .as_ref()
                            .is_none_or(|statuses| statuses.contains(&context.status))
                }))
    }
}
