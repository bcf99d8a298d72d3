//! Apps.

use async_graphql::{ID, Object};
use serde::Deserialize;
use uuid::Uuid;

use super::AuthenticatorMethod;
use crate::graphql::ids::GlobalId;

/// An application of the tenant that its users log in to.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct App {
    pub(crate) app_id: Uuid,
    name: String,
    /// Read only where they are selected.
    methods: Option<Vec<AuthenticatorMethod>>,
}

/// An application of the tenant that its users log in to.
#[Object(serial)]
impl App {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::App(self.app_id).encode()
    }

    /// Key in SQL.
    async fn uuid(&self) -> Uuid {
        self.app_id
    }

    /// Name, unique in the tenant.
    async fn name(&self) -> &str {
        &self.name
    }

    /// The methods that the app offers now.
    async fn methods(&self) -> &[AuthenticatorMethod] {
        self.methods.as_deref().unwrap_or_default()
    }
}
