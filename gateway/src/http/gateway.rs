//! What every request shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::HeaderValue;
use tokio::sync::Semaphore;

use super::client_address::TrustedProxies;
use super::health::Readiness;
use super::portal::PortalSettings;
use crate::auth::Verifier;
use crate::db::Database;
use crate::graphql::{Documents, GatewaySchema};
use crate::metrics::{Current, Exposition, Metrics};

/// How requests are taken.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// How long one request may take.
    pub request_timeout: Duration,
    /// How many requests may be at work at once.
    pub max_concurrent: usize,
    /// Whose word about a client's address is taken.
    pub proxies: TrustedProxies,
    /// The origins whose pages may read answers; none: the portal's own alone.
    pub cors_origins: Vec<HeaderValue>,
    /// What the portal is told.
    pub portal: PortalSettings,
}

/// The parts of a running gateway.
pub struct Gateway {
    pub(super) schema: GatewaySchema,
    pub(super) documents: Documents,
    pub(super) verifier: Verifier,
    pub(super) database: Database,
    pub(super) settings: HttpSettings,
    pub(super) readiness: Readiness,
    /// A permit for each request that may be at work.
    pub(super) permits: Arc<Semaphore>,
    pub(super) metrics: Metrics,
    stopping: AtomicBool,
}

impl Gateway {
    /// Puts the parts together.
    pub fn new(
        schema: GatewaySchema,
        documents: Documents,
        verifier: Verifier,
        database: Database,
        settings: HttpSettings,
    ) -> Self {
        Self {
            schema,
            documents,
            verifier,
            readiness: Readiness::new(database.clone()),
            metrics: database.metrics().clone(),
            database,
            permits: Arc::new(Semaphore::new(
                settings.max_concurrent.min(Semaphore::MAX_PERMITS),
            )),
            settings,
            stopping: AtomicBool::new(false),
        }
    }

    /// What there is to scrape about it.
    pub fn exposition(&self) -> Exposition {
        let current = Current::new(self.database.clone(), Arc::clone(&self.permits));
        self.metrics.exposition(current)
    }

    /// From now on `/readyz` sends new requests elsewhere.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
