//! What a stream leaves behind: one line in the log when it ends, however it ends, and its counts.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use uuid::Uuid;

use crate::db::Caller;
use crate::graphql::{Answer, Operation};
use crate::metrics::{Metrics, StreamEndLabels, StreamLabels};

/// Why a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// There was no more to tell.
    Itself,
    /// The client ended it, or went away.
    Client,
    /// Its token ended.
    Token,
    /// The gateway stops.
    Stop,
    /// Nobody read what was sent.
    Unread,
}

impl Ended {
    const fn label(self) -> &'static str {
        match self {
            Self::Itself => "itself",
            Self::Client => "client",
            Self::Token => "token",
            Self::Stop => "stop",
            Self::Unread => "unread",
        }
    }
}

/// Written when it is dropped.
pub(super) struct StreamAccount {
    transport: &'static str,
    started: Instant,
    caller: Arc<Caller>,
    operation: Option<Arc<str>>,
    trusted: Option<bool>,
    metrics: Metrics,
    labels: StreamLabels,
    /// How many answers were sent.
    answers: u64,
    code: Option<String>,
    /// Why it ended, once somebody knows: a connection tells it to all of its operations at once.
    ended: Arc<OnceLock<Ended>>,
}

impl StreamAccount {
    pub(super) fn open(
        transport: &'static str,
        metrics: &Metrics,
        caller: &Arc<Caller>,
        operation: Option<&Operation>,
        connection: Arc<OnceLock<Ended>>,
    ) -> Self {
        let trusted = operation.map(|operation| operation.trusted);
        let operation = operation.and_then(|operation| operation.name.clone());
        let role = caller.claims.role.claim();
        let labels = StreamLabels::new(transport, operation.as_ref(), trusted, role);
        metrics.stream_began(&labels);
        Self {
            transport,
            started: Instant::now(),
            caller: Arc::clone(caller),
            operation,
            trusted,
            metrics: metrics.clone(),
            labels,
            answers: 0,
            code: None,
            ended: connection,
        }
    }

    pub(super) fn request_id(&self) -> Uuid {
        self.caller.request_id
    }

    pub(super) fn count(&mut self, answer: &Answer) {
        self.answers += 1;
        self.metrics.stream_answered(&self.labels);
        if let Some(code) = answer.first_code() {
            self.code = Some(code.to_owned());
        }
    }

    /// Says why it ends, whatever its connection says later.
    pub(super) fn end(&mut self, why: Ended) {
        self.ended = Arc::new(OnceLock::from(why));
    }
}

impl Drop for StreamAccount {
    fn drop(&mut self) {
        let reason = self.ended.get().unwrap_or(&Ended::Client).label();
        let end = StreamEndLabels {
            transport: self.transport,
            reason,
        };
        self.metrics.stream_ended(&self.labels, &end);
        tracing::info!(
            target: "gateway::stream",
            request_id = %self.caller.request_id,
            transport = self.transport,
            operation = self.operation.as_deref().and_then(|name| name.get(..name.len().min(100))),
            trusted = self.trusted,
            role = self.caller.claims.role.claim(),
            tenant = %self.caller.claims.tenant,
            answers = self.answers,
            code = self.code,
            ended = reason,
            seconds = self.started.elapsed().as_secs(),
            "stream"
        );
    }
}
