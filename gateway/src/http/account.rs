//! What a request leaves behind: one line in the log, and its counts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::db::Caller;
use crate::graphql::Answer;
use crate::metrics::{Metrics, Refusal, RequestLabels};

/// The longest operation name that is logged.
const MAX_OPERATION: usize = 100;

/// What became known of a request on its way: no variables, no personal data, no token.
pub(super) struct Account {
    pub(super) request_id: Uuid,
    started: Instant,
    pub(super) caller: Option<Arc<Caller>>,
    pub(super) operation: Option<Arc<str>>,
    pub(super) kind: Option<OperationType>,
    pub(super) trusted: Option<bool>,
}

impl Account {
    pub(super) fn open() -> Self {
        Self {
            request_id: Uuid::new_v4(),
            started: Instant::now(),
            caller: None,
            operation: None,
            kind: None,
            trusted: None,
        }
    }

    /// Writes the line and counts, once, when the answer is known.
    pub(super) fn close(
        &self,
        metrics: &Metrics,
        status: StatusCode,
        answer: &Answer,
        refusal: Option<Refusal>,
    ) {
        let took = self.started.elapsed();
        let role = self
            .caller
            .as_ref()
            .map(|caller| caller.claims.role.claim());
        let labels = RequestLabels::new(
            self.operation.as_ref(),
            self.trusted,
            role,
            answer.first_code(),
        );
        metrics.request(&labels, took);
        if let Some(reason) = refusal {
            metrics.refusal(reason);
        }
        tracing::info!(
            target: "gateway::request",
            request_id = %self.request_id,
            operation = self.operation.as_deref().map(shortened),
            kind = self.kind.map(|kind| kind.to_string()),
            trusted = self.trusted,
            role,
            tenant = self.caller.as_ref().map(|caller| tracing::field::display(caller.claims.tenant)),
            status = status.as_u16(),
            code = answer.first_code(),
            objects = answer.objects(),
            transactions = self.caller.as_ref().map(|caller| caller.spent.transactions()),
            database_ms = self.caller.as_ref().map(|caller| milliseconds(caller.spent.time())),
            ms = milliseconds(took),
            "request"
        );
    }
}

/// A name that a client made up, as far as a line of a log has room for it.
fn shortened(name: &str) -> &str {
    // A name is ASCII, so every place is a boundary.
    name.get(..MAX_OPERATION).unwrap_or(name)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
