//! One span for each request, for whoever collects traces: with the feature `otel`; without it, nothing. It is made when
//! the request ends: spans that are entered and left on the way would cost as much as what they measure.

#[cfg(feature = "otel")]
mod exported;
#[cfg(not(feature = "otel"))]
mod none;

use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::http::StatusCode;
use uuid::Uuid;

#[cfg(feature = "otel")]
pub(crate) use exported::Began;
#[cfg(feature = "otel")]
pub use exported::Traces;
#[cfg(not(feature = "otel"))]
pub(crate) use none::Began;
#[cfg(not(feature = "otel"))]
pub use none::Traces;

/// What is told of a request: as much as its line in the log tells.
pub(crate) struct Traced<'a> {
    pub(crate) request_id: Uuid,
    /// The operation's name, whether its document is trusted or a client made it up.
    pub(crate) operation: Option<&'a str>,
    pub(crate) kind: Option<OperationType>,
    pub(crate) trusted: Option<bool>,
    pub(crate) role: Option<&'static str>,
    pub(crate) tenant: Option<Uuid>,
    pub(crate) status: StatusCode,
    pub(crate) code: Option<&'a str>,
    pub(crate) transactions: Option<u64>,
    pub(crate) database: Option<Duration>,
}
