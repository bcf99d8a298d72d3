//! The demo tenant behind a gateway.

use serde_json::{Value, json};

use crate::database::Database;
use crate::gateway::Gateway;

/// The demo tenant behind a gateway.
pub struct Demo {
    /// Where it is.
    pub database: Database,
    /// Who answers.
    pub gateway: Gateway,
    /// The id of the tenant.
    pub tenant: String,
}

impl Demo {
    /// Starts a gateway over a copy of the demo.
    #[must_use]
    pub fn start() -> Demo {
        let database = Database::with_demo();
        let gateway = Gateway::over(&database);
        let tenant = database.value("select tenant_id from authn.tenants");
        Demo {
            database,
            gateway,
            tenant,
        }
    }

    /// A token of a role.
    #[must_use]
    pub fn token(&self, role: &str) -> String {
        self.gateway.token(&self.tenant, role, &[])
    }

    /// The data of an operation of a role that has no errors.
    #[must_use]
    pub fn data(&self, role: &str, query: &str, variables: &Value) -> Value {
        self.gateway.data(&self.token(role), query, variables)
    }

    /// The global id of an app.
    ///
    /// # Panics
    /// If there is none of this name.
    #[must_use]
    pub fn app(&self, name: &str) -> Value {
        let apps = self.data("admin", "{ apps { id name } }", &json!({}));
        let app = apps["apps"]
            .as_array()
            .and_then(|apps| apps.iter().find(|app| app["name"] == name))
            .unwrap_or_else(|| panic!("an app named {name}"));
        app["id"].clone()
    }

    /// A user of the demo's cast, with every authenticator and context.
    ///
    /// # Panics
    /// If there is not exactly one of this name.
    #[must_use]
    pub fn person(&self, role: &str, name: &str) -> Value {
        let users = self.data(role, PERSON, &json!({ "name": name }));
        assert_eq!(users["users"]["totalCount"], 1, "{name}");
        users["users"]["nodes"][0].clone()
    }

    /// The payload of an unlock by type, asked from an app.
    #[must_use]
    pub fn unlock(&self, role: &str, user: &Value, method: &str, app: &str) -> Value {
        let input = json!({ "userId": user["id"], "method": method, "appId": self.app(app), "reason": "called" });
        self.data(role, UNLOCK, &json!({ "input": input }))["authenticatorsUnlock"].clone()
    }
}

/// A user of a name with all that the Authenticators tab shows.
pub const PERSON: &str = "query Person($name: String!) {
    users(search: $name, first: 1) {
        totalCount
        nodes {
            id uuid displayName email status availableActions
            devices { id name }
            authenticators(first: 100) {
                totalCount
                nodes {
                    id uuid method scope status appLabel identifier availableActions
                    statusCounts { status count }
                    apps { name }
                    device { name }
                    user { displayName }
                    contexts { app { name } device { name } status failures availableActions lockedIndefinitely }
                }
            }
        }
    }
}";

/// An unlock by type.
pub const UNLOCK: &str = "mutation Unlock($input: AuthenticatorsUnlockInput!) {
    authenticatorsUnlock(input: $input) {
        changes { authenticator { method } app { name } statusBefore statusAfter }
        userErrors { code field message }
    }
}";
