//! What a stream leaves behind: one line in the log when it ends, however it ends.

use std::sync::Arc;
use std::time::Instant;

use uuid::Uuid;

use crate::db::Caller;
use crate::graphql::{Answer, Operation};

/// Written when it is dropped.
pub(super) struct StreamAccount {
    transport: &'static str,
    started: Instant,
    caller: Arc<Caller>,
    operation: Option<Arc<str>>,
    trusted: Option<bool>,
    /// How many answers were sent.
    answers: u64,
    code: Option<String>,
    /// Why it ended.
    pub(super) ended: &'static str,
}

impl StreamAccount {
    pub(super) fn open(
        transport: &'static str,
        caller: &Arc<Caller>,
        operation: Option<&Operation>,
    ) -> Self {
        Self {
            transport,
            started: Instant::now(),
            caller: Arc::clone(caller),
            operation: operation.and_then(|operation| operation.name.clone()),
            trusted: operation.map(|operation| operation.trusted),
            answers: 0,
            code: None,
            ended: "by the client",
        }
    }

    pub(super) fn request_id(&self) -> Uuid {
        self.caller.request_id
    }

    pub(super) fn count(&mut self, answer: &Answer) {
        self.answers += 1;
        if let Some(code) = answer.first_code() {
            self.code = Some(code.to_owned());
        }
    }
}

impl Drop for StreamAccount {
    fn drop(&mut self) {
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
            ended = self.ended,
            seconds = self.started.elapsed().as_secs(),
            "stream"
        );
    }
}
