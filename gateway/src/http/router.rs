//! The routes.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

use super::cors;
use super::security_headers::{add_security_headers, security_headers};
use super::{Gateway, health, portal, sse, websocket};

/// Every route of the gateway. The service needs to know its peers:
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(gateway: Arc<Gateway>) -> Router {
    let headers = security_headers(&gateway.settings.portal);
    Router::new()
        .merge(graphql_route(&gateway))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(portal::routes())
        .layer(from_fn_with_state(headers, add_security_headers))
        .with_state(gateway)
}

fn graphql_route(gateway: &Gateway) -> Router<Arc<Gateway>> {
    let route = Router::new()
        .route("/graphql", any(websocket::or_http))
        .route("/graphql/stream", any(sse::handle));
    match cors::layer(&gateway.settings.cors_origins) {
        Some(layer) => route.layer(layer),
        None => route,
    }
}
