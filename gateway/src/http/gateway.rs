//! What every request shares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::health::Readiness;
use crate::auth::Verifier;
use crate::db::Database;
use crate::graphql::GatewaySchema;

/// The parts of a running gateway.
pub struct Gateway {
    pub(super) schema: GatewaySchema,
    pub(super) verifier: Verifier,
    pub(super) database: Database,
    pub(super) request_timeout: Duration,
    pub(super) readiness: Readiness,
    stopping: AtomicBool,
}

impl Gateway {
    /// Puts the parts together.
    pub fn new(
        schema: GatewaySchema,
        verifier: Verifier,
        database: Database,
        request_timeout: Duration,
    ) -> Self {
        Self {
            schema,
            verifier,
            readiness: Readiness::new(database.clone()),
            database,
            request_timeout,
            stopping: AtomicBool::new(false),
        }
    }

    /// From now on `/readyz` sends new requests elsewhere.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
