//! The database: one transaction per root field, as the caller's role.

mod caller;
mod error;
mod lease;
mod listen;
mod pool;
mod prepared;
mod statement;
mod transaction;

pub use caller::{Caller, Spent};
pub use error::DatabaseError;
pub use pool::{Database, DatabaseSettings, SettingsError};
pub(crate) use statement::{Statement, sql, statement};
pub use transaction::Versions;
