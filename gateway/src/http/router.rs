//! The routes.

use std::sync::Arc;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::{any, get};

use super::security_headers::add_security_headers;
use super::{Gateway, graphql, health, portal};

/// Every route of the gateway. The service needs to know its peers:
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(gateway: Arc<Gateway>) -> Router {
    Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(portal::routes())
        .layer(map_response(add_security_headers))
        .with_state(gateway)
}
