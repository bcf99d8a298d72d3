//! `/metrics`, on a listener of its own: who may look at a service is somebody else than who may use it.

use std::io;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::metrics::Exposition;

/// The one route of the metrics' listener.
pub fn metrics_router(exposition: Exposition) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(exposition)
}

/// Serves metrics for as long as the process lives.
pub async fn serve_metrics(listener: TcpListener, exposition: Exposition) -> io::Result<()> {
    axum::serve(listener, metrics_router(exposition)).await
}

async fn metrics(State(exposition): State<Exposition>) -> Response {
    match exposition.text() {
        Some(text) => ([(CONTENT_TYPE, Exposition::CONTENT_TYPE)], text).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
