//! What a request leaves behind: one line in the log, its counts, and its span where traces are collected.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use axum::http::{HeaderMap, StatusCode};
use uuid::Uuid;

use super::Gateway;
use crate::db::{Caller, Spent};
use crate::graphql::Answer;
use crate::metrics::{Refusal, RequestLabels};
use crate::traces::{Began, Traced};

/// The longest operation name that is logged.
const MAX_OPERATION: usize = 100;

/// What became known of a request on its way: no variables, no personal data, no token.
pub(super) struct Account {
    pub(super) request_id: Uuid,
    started: Instant,
    began: Began,
    pub(super) caller: Option<Arc<Caller>>,
    pub(super) operation: Option<Arc<str>>,
    pub(super) kind: Option<OperationType>,
    pub(super) trusted: Option<bool>,
}

impl Account {
    pub(super) fn open(gateway: &Gateway, headers: &HeaderMap) -> Self {
        Self {
            request_id: Uuid::new_v4(),
            started: Instant::now(),
            began: gateway.traces.begin(headers),
            caller: None,
            operation: None,
            kind: None,
            trusted: None,
        }
    }

    /// Writes the line and counts, once, when the answer is known.
    pub(super) fn close(
        &self,
        gateway: &Gateway,
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
        gateway.metrics.request(&labels, took);
        if let Some(reason) = refusal {
            gateway.metrics.refusal(reason);
        }
        let spent = self.caller.as_ref().map(|caller| &caller.spent);
        let traced = Traced {
            request_id: self.request_id,
            operation: self.operation.as_deref().map(shortened),
            kind: self.kind,
            trusted: self.trusted,
            role,
            tenant: self.caller.as_ref().map(|caller| caller.claims.tenant),
            status,
            code: answer.first_code(),
            transactions: spent.map(Spent::transactions),
            database: spent.map(Spent::time),
        };
        gateway.traces.end(&self.began, &traced);
        tracing::info!(
            target: "gateway::request",
            request_id = %traced.request_id,
            operation = traced.operation,
            kind = traced.kind.map(|kind| kind.to_string()),
            trusted = traced.trusted,
            role = traced.role,
            tenant = traced.tenant.map(tracing::field::display),
            status = traced.status.as_u16(),
            code = traced.code,
            objects = answer.objects(),
            transactions = traced.transactions,
            database_ms = traced.database.map(milliseconds),
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
