//! How far a server is in the log of writes that primary and replicas share.

use tokio_postgres::types::PgLsn;
use tokio_postgres::{Client, Error, SimpleQueryMessage};

const SQL: &str = include_str!("../../sql/position.sql");

/// A place in the log of writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(pub(super) u64);

/// What a server says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// A primary has written so much, a replica has replayed so much.
    pub(super) at: Position,
    /// Whether it follows another.
    pub(super) follows: bool,
}

impl Found {
    /// Asks in one round trip and leaves nothing prepared, so that it works behind any pooler.
    pub(super) async fn ask(client: &Client) -> Result<Self, Error> {
        let messages = client.simple_query(SQL).await?;
        Ok(Self::read(&messages))
    }

    fn read(messages: &[SimpleQueryMessage]) -> Self {
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let column = |index| row.and_then(|row| row.get(index)).unwrap_or_default();
        let at: Option<PgLsn> = column(0).parse().ok();
        Self {
            at: Position(at.map_or(0, Into::into)),
            follows: column(1) == "t",
        }
    }
}
