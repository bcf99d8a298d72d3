//! The database: one transaction per root field, as the caller's role.

mod caller;
mod changes;
mod database;
mod error;
mod lease;
mod listen;
mod position;
mod prepared;
mod replica;
mod server;
mod statement;
mod transaction;
mod warm;
mod watch;

pub use caller::{Caller, Spent};
pub(crate) use changes::About;
pub use database::{Database, DatabaseSettings, SettingsError};
pub use error::DatabaseError;
use lease::Lease;
pub(crate) use statement::{Statement, Text, statement, text};
pub use transaction::Versions;
