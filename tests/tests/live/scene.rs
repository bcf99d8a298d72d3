//! A gateway over a tenant with a user who has a password, and what happens to it.

use std::thread;
use std::time::Duration;

use serde_json::Value;
use system_tests::database::Database;
use system_tests::gateway::Gateway;
use system_tests::streams::Events;
use system_tests::tenants::Tenant;

pub(super) const CHANGES: &str = "subscription Changes($user: UUID, $after: String) {
    authenticatorChanged(userId: $user, after: $after) { cursor at kind statusBefore statusAfter userUuid authenticatorUuid }
}";

/// A tenant with a user who has a password.
pub(super) struct Scene {
    pub(super) database: Database,
    pub(super) gateway: Gateway,
    pub(super) tenant: Tenant,
    pub(super) password: String,
    pub(super) token: String,
}

impl Scene {
    pub(super) fn start() -> Scene {
        Scene::with(&[])
    }

    pub(super) fn with(settings: &[(&str, &str)]) -> Scene {
        let database = Database::empty();
        let gateway = Gateway::with(&database, settings);
        let tenant = Tenant::create(&database, "north");
        let password = register(&database, &tenant);
        let token = tenant.token(&gateway, "admin", "ada");
        settle(&database, &tenant);
        Scene {
            database,
            gateway,
            tenant,
            password,
            token,
        }
    }

    pub(super) fn events(&self, variables: &Value) -> Events {
        Events::open(&self.gateway, &self.token, CHANGES, variables).expect("a stream")
    }

    pub(super) fn fail(&self, times: u32) {
        fail(&self.database, &self.tenant, &self.password, times);
    }

    pub(super) fn unlock(&self) {
        unlock(&self.database, &self.tenant, &self.password);
    }

    /// Where a subscription would go on from now.
    pub(super) fn here(&self) -> String {
        self.database.value(&format!(
            "select cursor from authn.status_changes('{}')",
            self.tenant.id
        ))
    }
}

/// Waits until whatever happened so far is behind a follower that begins now.
pub(super) fn settle(database: &Database, tenant: &Tenant) {
    let pending = format!("select pending from authn.status_changes('{}')", tenant.id);
    while database.value(&pending) == "t" {
        thread::sleep(Duration::from_millis(20));
    }
}

/// A change without its cursor: the same place has several names.
pub(super) fn without_cursor(mut change: Value) -> Value {
    change["cursor"].take();
    change
}

pub(super) fn register(database: &Database, tenant: &Tenant) -> String {
    database.value(&format!(
        "select authn.register_authenticator('{}', 'password', '{}')",
        tenant.user, tenant.app
    ))
}

/// Each attempt in a transaction of its own, as the product wants it.
pub(super) fn fail(database: &Database, tenant: &Tenant, password: &str, times: u32) {
    let attempt = format!(
        "select authn.record_attempt('{}', '{password}', '{}', false);\n",
        tenant.user, tenant.app
    );
    let _ = database.psql(&attempt.repeat(times as usize));
}

pub(super) fn unlock(database: &Database, tenant: &Tenant, password: &str) {
    let _ = database.psql(&format!(
        "select authn.unlock_authenticator('{}', '{password}', '{}', 'asked');",
        tenant.user, tenant.app
    ));
}

pub(super) fn kinds(events: &Events, count: usize) -> Vec<String> {
    (0..count)
        .map(|_| kind(&events.change()).to_owned())
        .collect()
}

pub(super) fn kind(change: &Value) -> &str {
    change["kind"].as_str().expect("a kind")
}
