//! Two tenants that must never meet, each with an app and a user.

use crate::database::Database;
use crate::gateway::Gateway;

/// A tenant and what is in it.
#[derive(Debug)]
pub struct Tenant {
    /// Its name.
    pub name: &'static str,
    /// Its id.
    pub id: String,
    /// The id of its app.
    pub app: String,
    /// The id of its user.
    pub user: String,
}

impl Tenant {
    /// Creates one with this name.
    #[must_use]
    pub fn create(database: &Database, name: &'static str) -> Tenant {
        let id = database.value(&format!("select authn.create_tenant('{name}')"));
        let app = database.value(&format!("select authn.create_app('{id}', '{name} app')"));
        let user = database.value(&format!(
            "select authn.create_user('{id}', 'someone@{name}.example', '+49 151 1234567', '{name} user')"
        ));
        Tenant {
            name,
            id,
            app,
            user,
        }
    }

    /// A token of somebody in it.
    #[must_use]
    pub fn token(&self, gateway: &Gateway, role: &str, subject: &str) -> String {
        gateway.token(&self.id, role, &["--subject", subject])
    }
}
