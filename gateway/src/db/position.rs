//! How far a server is in the log of writes that primary and replicas share.

use tokio_postgres::types::PgLsn;
use tokio_postgres::{Error, Row};

/// Where a server is; the same statement for a primary and for a replica.
pub(super) const WHERE: &str = include_str!("../../sql/position.sql");

/// A place in the log of writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(pub(super) u64);

impl Position {
    /// From a row of [`WHERE`]: the position, and whether the server follows another.
    pub(super) fn of(row: &Row) -> Result<(Self, bool), Error> {
        let at: Option<PgLsn> = row.try_get(0)?;
        Ok((Self(at.map_or(0, Into::into)), row.try_get(1)?))
    }
}
