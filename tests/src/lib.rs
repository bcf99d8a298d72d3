//! Shared pieces of the system tests: a database of one's own on the test cluster, a gateway over it,
//! and a cluster of one's own. `make test` starts the test cluster and names it in the environment.

pub mod attacks;
pub mod clock;
pub mod cluster;
pub mod database;
pub mod demo;
pub mod environment;
pub mod filters;
pub mod gateway;
pub mod graph;
pub mod ledger;
pub mod pooler;
pub mod relay;
pub mod streams;
pub mod tenants;
pub mod wait;
pub mod world;
