//! What Prometheus scrapes. Every label has few values whatever clients send: the name of an operation is
//! one only where its document was known when the gateway started.

mod current;
mod labels;

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub(crate) use current::{Current, PoolUse};
use labels::RefusalLabels;
pub(crate) use labels::{Refusal, RequestLabels, StreamEndLabels, StreamLabels, TransactionLabels};

/// Bounds in seconds: from an answer out of memory to the longest that a request may take by default.
const BUCKETS: [f64; 13] = [
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// Counts and times since the start. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: Times<RequestLabels>,
    refusals: Family<RefusalLabels, Counter>,
    transactions: Times<TransactionLabels>,
    streams: Family<StreamLabels, Gauge>,
    stream_answers: Family<StreamLabels, Counter>,
    stream_ends: Family<StreamEndLabels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let times = || Histogram::new(BUCKETS);
        Self {
            requests: Family::new_with_constructor(times),
            refusals: Family::default(),
            transactions: Family::new_with_constructor(times),
            streams: Family::default(),
            stream_answers: Family::default(),
            stream_ends: Family::default(),
        }
    }
}

impl Metrics {
    /// Counts a request that was answered.
    pub(crate) fn request(&self, labels: &RequestLabels, took: Duration) {
        self.requests
            .get_or_create(labels)
            .observe(took.as_secs_f64());
    }

    /// Counts a request that was turned away before it was executed.
    pub(crate) fn refusal(&self, reason: Refusal) {
        self.refusals.get_or_create(&RefusalLabels { reason }).inc();
    }

    /// Counts a transaction.
    pub(crate) fn transaction(&self, labels: &TransactionLabels, took: Duration) {
        self.transactions
            .get_or_create(labels)
            .observe(took.as_secs_f64());
    }

    /// Counts an operation that began over a stream or a WebSocket.
    pub(crate) fn stream_began(&self, labels: &StreamLabels) {
        self.streams.get_or_create(labels).inc();
    }

    /// Counts an answer of it.
    pub(crate) fn stream_answered(&self, labels: &StreamLabels) {
        self.stream_answers.get_or_create(labels).inc();
    }

    /// Counts its end.
    pub(crate) fn stream_ended(&self, labels: &StreamLabels, end: &StreamEndLabels) {
        self.streams.get_or_create(labels).dec();
        self.stream_ends.get_or_create(end).inc();
    }

    /// What is scraped: these counts, and what `current` finds when it is asked.
    pub(crate) fn exposition(&self, current: Current) -> Exposition {
        let mut registry = Registry::with_prefix("authn_gateway");
        registry.register(
            "build",
            "What is running",
            Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]),
        );
        registry.register_with_unit(
            "request",
            "Answered requests to /graphql and how long they took. operation: a trusted document's name, ad_hoc \
             for any other document, unknown where there was none; code: OK or the first error's",
            Unit::Seconds,
            self.requests.clone(),
        );
        registry.register(
            "refusals",
            "Requests that were turned away before they were executed, by reason",
            self.refusals.clone(),
        );
        registry.register_with_unit(
            "transaction",
            "Transactions and how long they took, the wait for a connection included. statement: the file below \
             gateway/sql/; outcome: ok, or what went wrong",
            Unit::Seconds,
            self.transactions.clone(),
        );
        registry.register(
            "stream_operations",
            "Operations that run over Server-Sent Events and WebSockets, subscriptions above all",
            self.streams.clone(),
        );
        registry.register(
            "stream_answers",
            "What they were answered: of a subscription, each change",
            self.stream_answers.clone(),
        );
        registry.register(
            "stream_ends",
            "Those that ended, by reason: itself, client, token, stop, unread",
            self.stream_ends.clone(),
        );
        registry.register_collector(Box::new(current));
        Exposition(Arc::new(registry))
    }
}

/// Everything there is to scrape. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Exposition(Arc<Registry>);

impl Exposition {
    /// The media type of [`Exposition::text`].
    pub const CONTENT_TYPE: &'static str =
        "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// All of it in the OpenMetrics text format; `None` where it cannot be told.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        encode(&mut text, &self.0).ok()?;
        Some(text)
    }
}
