//! `gateway import`: attempts that another system recorded, from a file into `authn.import_attempts`.
//!
//! A [`format`] turns lines into attempts, an [`importer`] sends them in batches on several connections,
//! a [`cursor`] remembers how far they are in. What an attempt must be is decided by the database.

pub mod attempt;
mod columns;
pub mod cursor;
pub mod format;
pub mod importer;
mod keycloak;
mod names;
mod openssh;
mod plain;

pub use names::Names;
