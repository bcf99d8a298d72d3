//! The HTTP server: routes, headers, and when it stops.

mod accept;
mod account;
mod bearer;
mod client_address;
mod cors;
mod gateway;
mod graphql;
mod health;
mod metrics;
mod operation;
mod portal;
mod request;
mod router;
mod security_headers;
mod serve;
mod sse;
mod stream_account;
mod stream_settings;
mod websocket;

pub use client_address::{ForwardedHeader, TrustedProxies};
pub use cors::origin;
pub use gateway::{Gateway, HttpSettings};
pub use metrics::{metrics_router, serve_metrics};
pub use portal::{PortalArgs, PortalSettings};
pub use router::router;
pub use serve::serve;
pub use stream_settings::StreamSettings;
