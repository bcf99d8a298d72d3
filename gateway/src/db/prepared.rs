//! How statements are sent: prepared once on each connection, or, where a pooler may give every transaction
//! another one, parsed anew each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Client;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

type Types = Mutex<HashMap<&'static str, Arc<[Type]>>>;

/// Prepares statements for a connection.
pub(super) enum Prepare {
    /// By name, for as long as the connection lives.
    Once,
    /// Never. Only the types of the parameters are kept, for as long as the gateway runs.
    Never(Types),
}

/// A statement that can be sent over the connection it was made for.
pub(super) enum Prepared {
    Named(tokio_postgres::Statement),
    Unnamed {
        sql: &'static str,
        types: Arc<[Type]>,
    },
}

impl Prepare {
    pub(super) fn new(prepare: bool) -> Self {
        if prepare {
            Self::Once
        } else {
            Self::Never(Mutex::default())
        }
    }

    /// A statement to be sent after this, in a transaction that has not begun.
    pub(super) async fn statement(
        &self,
        client: &Client,
        sql: &'static str,
    ) -> Result<Prepared, Error> {
        match self {
            Self::Once => client.prepare_cached(sql).await.map(Prepared::Named),
            Self::Never(known) => match find(known, sql) {
                Some(prepared) => Ok(prepared),
                None => {
                    // Until the transaction ends a pooler keeps the server's connection.
                    client.batch_execute("begin").await?;
                    let prepared = learn(known, client, sql).await;
                    client.batch_execute("rollback").await?;
                    prepared
                }
            },
        }
    }

    /// The same in a transaction that has begun.
    pub(super) async fn next_statement(
        &self,
        client: &Client,
        sql: &'static str,
    ) -> Result<Prepared, Error> {
        match self {
            Self::Once => client.prepare_cached(sql).await.map(Prepared::Named),
            Self::Never(known) => match find(known, sql) {
                Some(prepared) => Ok(prepared),
                None => learn(known, client, sql).await,
            },
        }
    }
}

fn find(known: &Types, sql: &'static str) -> Option<Prepared> {
    let known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let types = Arc::clone(known.get(sql)?);
    Some(Prepared::Unnamed { sql, types })
}

/// Asks the server what it takes the parameters for, by a name that is gone when this ends.
async fn learn(known: &Types, client: &Client, sql: &'static str) -> Result<Prepared, Error> {
    let types: Arc<[Type]> = client.prepare(sql).await?.params().into();
    known
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(sql, Arc::clone(&types));
    Ok(Prepared::Unnamed { sql, types })
}

impl Prepared {
    pub(super) async fn query(
        &self,
        client: &Client,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        match self {
            Self::Named(statement) => client.query(statement, parameters).await,
            Self::Unnamed { sql, types } => {
                let typed: Vec<_> = parameters
                    .iter()
                    .copied()
                    .zip(types.iter().cloned())
                    .collect();
                client.query_typed(sql, &typed).await
            }
        }
    }
}
