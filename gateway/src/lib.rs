//! The GraphQL gateway of pg_authn: a thin translation between HTTP and the database.
//!
//! A request's token is verified ([`auth`]), its document is bounded and executed ([`graphql`]), and
//! every root field becomes one transaction with one statement ([`db`]). What a status is, who may do
//! what, and what an action reaches is decided by the extension; no rule lives here.

pub mod auth;
pub mod cli;
pub mod config;
pub mod db;
pub mod graphql;
pub mod http;
pub mod import;
pub mod metrics;
pub mod traces;
