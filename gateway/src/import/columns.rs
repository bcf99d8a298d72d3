//! Attempts as columns: what one statement sends of a whole batch.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::attempt::Attempt;

#[derive(Debug, Default)]
pub(super) struct Columns {
    external_ids: Vec<String>,
    ats: Vec<DateTime<Utc>>,
    user_ids: Vec<Uuid>,
    authenticator_ids: Vec<Option<Uuid>>,
    methods: Vec<Option<String>>,
    app_ids: Vec<Uuid>,
    device_ids: Vec<Option<Uuid>>,
    ips: Vec<Option<IpAddr>>,
    user_agents: Vec<Option<String>>,
    succeeded: Vec<bool>,
}

impl Columns {
    pub(super) fn push(&mut self, attempt: Attempt) {
        self.external_ids.push(attempt.external_id);
        self.ats.push(attempt.at);
        self.user_ids.push(attempt.user_id);
        self.authenticator_ids.push(attempt.authenticator_id);
        self.methods.push(attempt.method);
        self.app_ids.push(attempt.app_id);
        self.device_ids.push(attempt.device_id);
        self.ips.push(attempt.ip);
        self.user_agents.push(attempt.user_agent);
        self.succeeded.push(attempt.succeeded);
    }

    /// In the order of the arguments of `authn.import_attempt_columns`, after the tenant.
    pub(super) fn each(&self) -> [&(dyn ToSql + Sync); 10] {
        [
            &self.external_ids,
            &self.ats,
            &self.user_ids,
            &self.authenticator_ids,
            &self.methods,
            &self.app_ids,
            &self.device_ids,
            &self.ips,
            &self.user_agents,
            &self.succeeded,
        ]
    }
}
