//! What every request shares.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::client_address::TrustedProxies;
use super::health::Readiness;
use super::portal::PortalSettings;
use super::stream_settings::StreamSettings;
use crate::auth::Verifier;
use crate::db::Database;
use crate::graphql::{Documents, GatewaySchema, Live};
use crate::metrics::{Current, Exposition, Metrics};
use crate::traces::Traces;

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
    /// How long-lived answers are given.
    pub streams: StreamSettings,
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
    pub(super) traces: Traces,
    pub(super) live: Live,
    /// A permit for each stream and WebSocket that may be open.
    streams: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
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
            traces: Traces::default(),
            live: Live::new(database.clone()),
            database,
            permits: Arc::new(Semaphore::new(
                settings.max_concurrent.min(Semaphore::MAX_PERMITS),
            )),
            streams: Arc::new(Semaphore::new(settings.streams.max_streams.into())),
            settings,
            stopping: watch::Sender::new(false),
        }
    }

    /// The same, telling a collector of its requests.
    #[must_use]
    pub fn traced(self, traces: Traces) -> Self {
        Self { traces, ..self }
    }

    /// What there is to scrape about it.
    pub fn exposition(&self) -> Exposition {
        let current = Current::new(
            self.database.clone(),
            Arc::clone(&self.permits),
            Arc::clone(&self.streams),
        );
        self.metrics.exposition(current)
    }

    /// A permit for another stream or WebSocket; `None`: there are as many as may be, or it is stopping.
    pub(super) fn admit_stream(&self) -> Option<OwnedSemaphorePermit> {
        let permit = Arc::clone(&self.streams).try_acquire_owned().ok()?;
        (!self.is_stopping()).then_some(permit)
    }

    /// From now on `/readyz` sends new requests elsewhere, and streams end.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Waits until it is told to stop.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        async move {
            // An error is a gateway that is gone, which has stopped just as well.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }

    /// Waits until every stream and WebSocket has ended.
    pub(super) async fn streams_ended(&self) {
        let all = u32::from(self.settings.streams.max_streams);
        // An error is a semaphore that is closed, which nobody does.
        let _ = self.streams.acquire_many(all).await;
    }
}
