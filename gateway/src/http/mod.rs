//! The HTTP server: routes, headers, and when it stops.

mod accept;
mod bearer;
mod gateway;
mod graphql;
mod health;
mod portal;
mod request;
mod router;
mod security_headers;
mod serve;

pub use gateway::Gateway;
pub use router::router;
pub use serve::serve;
