//! One transaction: pipelined, so that it costs one round trip (two for a mutation), and run in a task
//! of its own, so that a request that goes away cannot leave it half sent.

use std::sync::Arc;
use std::time::Instant;

use deadpool_postgres::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{Error, Row, Statement as Prepared};

use super::position::{Position, WHERE};
use super::server::Server;
use super::{Caller, Database, DatabaseError, Statement, Text, statement};
use crate::auth::Role;
use crate::metrics::TransactionLabels;

/// What every transaction begins with.
pub(super) const SESSION: Text = Text {
    name: "session",
    sql: include_str!("../../sql/session.sql"),
};

/// The versions that must agree before the gateway is of use.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Versions {
    /// Of the extension.
    pub extension: String,
    /// Of the tables; `None` before `authn.migrate()`.
    pub storage: Option<String>,
}

impl Database {
    /// The answer of one statement, in a transaction that cannot write. A replica answers where there is one
    /// that shows what this gateway changed; else, or if it fails, the primary.
    pub(crate) async fn read<T>(
        &self,
        caller: &Arc<Caller>,
        statement: Statement,
    ) -> Result<T, DatabaseError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let (database, acting) = (self.clone(), Arc::clone(caller));
        self.in_task(caller, statement.text.name, async move {
            let tenant = acting.claims.tenant;
            let replica = database.replica();
            if let Some(replica) =
                replica.filter(|replica| replica.may_answer(tenant, &statement.about))
            {
                match read_on(replica.server(), &acting, &statement).await {
                    Err(DatabaseError::Unavailable) => {}
                    answer => return answer,
                }
            }
            read_on(database.primary(), &acting, &statement).await
        })
        .await
    }

    /// The same, of the primary: what was committed by anybody is in it.
    async fn read_newest<T>(
        &self,
        caller: &Arc<Caller>,
        statement: Statement,
    ) -> Result<T, DatabaseError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let (database, acting) = (self.clone(), Arc::clone(caller));
        self.in_task(caller, statement.text.name, async move {
            read_on(database.primary(), &acting, &statement).await
        })
        .await
    }

    /// Acts, then in the same transaction reads what `then` asks for in the light of the outcome.
    pub(crate) async fn write<T, U, F>(
        &self,
        caller: &Arc<Caller>,
        act: Statement,
        then: F,
    ) -> Result<(T, Option<U>), DatabaseError>
    where
        T: DeserializeOwned + Send + 'static,
        U: DeserializeOwned + Send + 'static,
        F: FnOnce(&T) -> Option<Statement> + Send + 'static,
    {
        let (database, acting) = (self.clone(), Arc::clone(caller));
        self.in_task(caller, act.text.name, async move {
            let primary = database.primary();
            let work = async {
                let lease = primary.lease(acting.claims.role).await?;
                let answer = act_and_read(lease.client(), &acting, &act, then).await;
                match (&answer, database.replica()) {
                    (Ok(_), Some(replica)) => {
                        let row = lease.client().query_one(WHERE, &[]).await;
                        let (at, _) = row
                            .and_then(|row| Position::of(&row))
                            .map_err(of("position"))?;
                        replica.changed(acting.claims.tenant, &act.about, at);
                    }
                    (Ok(_), None) => {}
                    (Err(_), _) => {
                        let ended = lease.client().batch_execute("rollback").await;
                        ended.map_err(of("rollback"))?;
                    }
                }
                lease.finish();
                answer
            };
            primary.unless_silent(work).await
        })
        .await
    }

    /// The versions of the extension and of its storage, over a connection for this role.
    pub async fn versions(&self, role: Role) -> Result<Versions, DatabaseError> {
        self.read_newest(&Arc::new(Caller::gateway(role)), statement!(["ready"]))
            .await
    }

    async fn in_task<T>(
        &self,
        caller: &Caller,
        statement: &'static str,
        work: impl Future<Output = Result<T, DatabaseError>> + Send + 'static,
    ) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
    {
        let started = Instant::now();
        let ended = tokio::spawn(timeout(self.transaction_timeout(), work)).await;
        let took = started.elapsed();
        let result = match ended {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => {
                tracing::warn!("a transaction was given up together with its connection");
                Err(DatabaseError::Timeout)
            }
            Err(_) => Err(DatabaseError::Unexpected),
        };
        caller.spent.add(took);
        let outcome = result.as_ref().err().map_or("ok", DatabaseError::label);
        let labels = TransactionLabels { statement, outcome };
        self.metrics().transaction(&labels, took);
        result
    }
}

async fn read_on<T: DeserializeOwned>(
    server: &Server,
    caller: &Caller,
    statement: &Statement,
) -> Result<T, DatabaseError> {
    let work = async {
        let lease = server.lease(caller.claims.role).await?;
        let rows = read_only(lease.client(), caller, statement).await?;
        lease.finish();
        document(statement.text.name, &rows?)
    };
    server.unless_silent(work).await
}

/// The outer error means that the connection is not fit for another transaction.
async fn read_only(
    client: &Client,
    caller: &Caller,
    statement: &Statement,
) -> Result<Result<Vec<Row>, DatabaseError>, DatabaseError> {
    let session = prepare(client, SESSION).await?;
    let prepared = prepare(client, statement.text).await?;
    let settings = caller.settings();
    let (settings, parameters) = (references(&settings), statement.parameters());
    // A statement that fails makes this commit a rollback.
    let (begun, set, rows, ended) = tokio::join!(
        biased;
        client.batch_execute("begin read only"),
        client.query(&session, &settings),
        client.query(&prepared, &parameters),
        client.batch_execute("commit"),
    );
    ended.map_err(of("commit"))?;
    begun.map_err(of("begin"))?;
    if let Err(error) = set {
        return Ok(Err(of(SESSION.name)(error)));
    }
    Ok(rows.map_err(of(statement.text.name)))
}

async fn act_and_read<T, U>(
    client: &Client,
    caller: &Caller,
    act: &Statement,
    then: impl FnOnce(&T) -> Option<Statement>,
) -> Result<(T, Option<U>), DatabaseError>
where
    T: DeserializeOwned,
    U: DeserializeOwned,
{
    let session = prepare(client, SESSION).await?;
    let prepared = prepare(client, act.text).await?;
    let settings = caller.settings();
    let (settings, parameters) = (references(&settings), act.parameters());
    let (begun, set, rows) = tokio::join!(
        biased;
        client.batch_execute("begin read write"),
        client.query(&session, &settings),
        client.query(&prepared, &parameters),
    );
    begun.map_err(of("begin"))?;
    set.map_err(of(SESSION.name))?;
    let acted: T = document(act.text.name, &rows.map_err(of(act.text.name))?)?;

    let Some(next) = then(&acted) else {
        client.batch_execute("commit").await.map_err(of("commit"))?;
        return Ok((acted, None));
    };
    let prepared = prepare(client, next.text).await?;
    let parameters = next.parameters();
    let (rows, ended) = tokio::join!(
        biased;
        client.query(&prepared, &parameters),
        client.batch_execute("commit"),
    );
    let rows = rows.map_err(of(next.text.name))?;
    ended.map_err(of("commit"))?;
    Ok((acted, Some(document(next.text.name, &rows)?)))
}

async fn prepare(client: &Client, text: Text) -> Result<Prepared, DatabaseError> {
    let prepared = client.prepare_cached(text.sql).await;
    prepared.map_err(of(text.name))
}

fn references(settings: &[String]) -> Vec<&(dyn ToSql + Sync)> {
    settings
        .iter()
        .map(|setting| setting as &(dyn ToSql + Sync))
        .collect()
}

fn document<T: DeserializeOwned>(name: &'static str, rows: &[Row]) -> Result<T, DatabaseError> {
    let row = rows.first().ok_or(DatabaseError::Unexpected)?;
    let Json(document) = row.try_get(0).map_err(of(name))?;
    Ok(document)
}

pub(super) fn of(name: &'static str) -> impl Fn(Error) -> DatabaseError {
    move |error| DatabaseError::of_statement(name, &error)
}
