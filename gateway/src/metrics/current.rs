//! What is not counted but looked at when somebody scrapes: the connections and the requests at work.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use tokio::sync::Semaphore;

use crate::db::Database;

/// How the connections of one role are used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolUse {
    /// `primary` or `replica`.
    pub(crate) server: &'static str,
    pub(crate) role: &'static str,
    /// How many there may be.
    pub(crate) most: usize,
    /// How many there are.
    pub(crate) open: usize,
    /// How many are at work.
    pub(crate) in_use: usize,
    /// How many requests wait for one.
    pub(crate) waiting: usize,
}

/// A gauge: its name, its help, and its value for the connections of one role.
type Reading = (&'static str, &'static str, fn(&PoolUse) -> usize);

/// The parts of a gateway that know how it is now.
pub(crate) struct Current {
    database: Database,
    requests: Arc<Semaphore>,
    most_requests: usize,
    streams: Arc<Semaphore>,
    most_streams: usize,
}

impl Current {
    /// With a permit in `requests` and `streams` for each that may be, of which none is taken yet.
    pub(crate) fn new(
        database: Database,
        requests: Arc<Semaphore>,
        streams: Arc<Semaphore>,
    ) -> Self {
        Self {
            database,
            most_requests: requests.available_permits(),
            requests,
            most_streams: streams.available_permits(),
            streams,
        }
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Current").finish_non_exhaustive()
    }
}

impl Collector for Current {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let taken = |most: usize, of: &Semaphore| most.saturating_sub(of.available_permits());
        let at_work = taken(self.most_requests, &self.requests);
        let open = taken(self.most_streams, &self.streams);
        for (name, help, value) in [
            ("requests_at_work", "Requests at work", at_work),
            (
                "requests_at_work_limit",
                "How many may be: MAX_CONCURRENT_REQUESTS",
                self.most_requests,
            ),
            (
                "streams_open",
                "Server-Sent Event streams and WebSockets that are open",
                open,
            ),
            (
                "streams_open_limit",
                "How many may be: MAX_STREAMS",
                self.most_streams,
            ),
        ] {
            let encoder = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(value).encode(encoder)?;
        }

        let pools = self.database.use_of_pools();
        let gauges: [Reading; 4] = [
            (
                "pool_connections",
                "Connections to the database that are open",
                |pool| pool.open,
            ),
            (
                "pool_connections_in_use",
                "Connections that are at work",
                |pool| pool.in_use,
            ),
            (
                "pool_connections_limit",
                "How many there may be: POOL_SIZE",
                |pool| pool.most,
            ),
            (
                "pool_waiting",
                "Transactions that wait for a connection",
                |pool| pool.waiting,
            ),
        ];
        for (name, help, value) in gauges {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for pool in &pools {
                let labels = [("server", pool.server), ("role", pool.role)];
                ConstGauge::new(value(pool)).encode(family.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }
}
