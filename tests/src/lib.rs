//! Shared pieces of the system tests: a database of one's own on the test cluster, and a gateway
//! over it. `make test` starts the cluster and names it in the environment.

pub mod attacks;
pub mod database;
pub mod environment;
pub mod gateway;
pub mod graph;
pub mod tenants;
