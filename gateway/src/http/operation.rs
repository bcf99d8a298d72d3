//! An operation as a stream of answers: many to a subscription, one to anything else.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::ServerError;
use async_graphql::futures_util::stream::{self, BoxStream, StreamExt};
use async_graphql::parser::types::OperationType;
use chrono::Utc;
use serde_json::{Map, Value};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Gateway;
use super::graphql::executable;
use crate::auth::Claims;
use crate::db::Caller;
use crate::graphql::{Answer, Code, Established, Operation};

/// How long a client is kept waiting for the beginning of its subscription.
const PATIENCE: Duration = Duration::from_secs(2);

/// An operation at work.
pub(super) struct Started {
    pub(super) answers: BoxStream<'static, Answer>,
    /// Comes to its end when a subscription has begun, so that what happens then is told; at once for others.
    established: oneshot::Receiver<()>,
}

impl Started {
    /// One that has nothing to do but to answer this.
    pub(super) fn with(answer: Answer) -> Self {
        Self {
            answers: stream::once(async { answer }).boxed(),
            established: oneshot::channel().1,
        }
    }

    /// The answers, and what to wait for while somebody takes them before the client is told that it may go on.
    pub(super) fn split(self) -> (BoxStream<'static, Answer>, impl Future<Output = ()> + Send) {
        let established = async {
            // A subscription that never began says so in its answer; one that waits for the database goes on.
            let _ = timeout(PATIENCE, self.established).await;
        };
        (self.answers, established)
    }
}

/// Executes an operation. A subscription's answers hold no place among the requests at work.
pub(super) fn start(
    gateway: &Arc<Gateway>,
    caller: Arc<Caller>,
    operation: Operation,
    variables: Map<String, Value>,
) -> Started {
    let (established_by, established) = Established::new();
    let request_id = caller.request_id;
    let root_fields = Arc::clone(&operation.root_fields);
    let kind = operation.kind;
    let request = executable(gateway, Some(caller), operation, variables);
    if kind == OperationType::Subscription {
        let responses = gateway.schema.execute_stream(request.data(established_by));
        let answers =
            responses.map(move |response| Answer::new(response, &root_fields, request_id));
        return Started {
            answers: answers.boxed(),
            established,
        };
    }
    let gateway = Arc::clone(gateway);
    let refused = move |code, message: &str| {
        Answer::refused(code, ServerError::new(message, None), request_id)
    };
    let answer = async move {
        let Ok(_permit) = gateway.permits.try_acquire() else {
            let message = "too many requests are at work; try again later";
            return refused(Code::ServiceUnavailable, message);
        };
        let execution = gateway.schema.execute(request);
        match timeout(gateway.settings.request_timeout, execution).await {
            Ok(response) => Answer::new(response, &root_fields, request_id),
            Err(_) => {
                let message = "it took too long; a mutation may have taken effect all the same";
                refused(Code::Timeout, message)
            }
        }
    };
    Started {
        answers: stream::once(answer).boxed(),
        established,
    }
}

/// How long the token of a caller is still good.
pub(super) fn remaining(claims: &Claims) -> Duration {
    let now = Utc::now();
    let end = Duration::from_secs(claims.good_until);
    let now = Duration::from_millis(now.timestamp_millis().unsigned_abs());
    // Far enough away for any token, and near enough for any clock.
    end.saturating_sub(now)
        .min(Duration::from_secs(365 * 24 * 3600))
}
