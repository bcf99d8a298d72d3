//! The HTTP surface, without a database: who is let in, which requests are understood, and how refusals
//! look. The database's address leads nowhere.

mod anything;
mod arguments;
mod headers;
mod metrics;
mod portal;
mod requests;
mod support;
mod tokens;
mod trouble;
mod trusted;
