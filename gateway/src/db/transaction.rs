//! One transaction: pipelined, so that it costs one round trip (two for a mutation), and run in a task
//! of its own, so that a request that goes away cannot leave it half sent.

use std::sync::Arc;
use std::time::Instant;

use deadpool_postgres::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{Error, Row};

use super::position::Found;
use super::prepared::Prepared;
use super::server::Server;
use super::{Caller, Database, DatabaseError, Statement, Text, statement};
use crate::auth::Role;
use crate::metrics::TransactionLabels;

/// What every transaction begins with.
pub(super) const SESSION: Text = Text {
    name: "session",
    sql: include_str!("../../sql/session.sql"),
};

/// How a transaction begins that cannot write, and one whose statement is planned once.
const READ_ONLY: &str = "begin read only";
const READ_ONLY_PLANNED_ONCE: &str =
    "begin read only; set local plan_cache_mode = force_generic_plan";

/// The same of the next statement where a transaction has begun.
const PLANNED_ONCE: &str = "set local plan_cache_mode = force_generic_plan";

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
                match database
                    .read_on(replica.server(), &acting, &statement)
                    .await
                {
                    Err(DatabaseError::Unavailable) => {}
                    answer => return answer,
                }
            }
            let primary = database.primary();
            database.read_on(primary, &acting, &statement).await
        })
        .await
    }

    /// The same, of the primary: what was committed by anybody is in it. For whoever was told of a change that
    /// another made.
    pub(crate) async fn read_newest<T>(
        &self,
        caller: &Arc<Caller>,
        statement: Statement,
    ) -> Result<T, DatabaseError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let (database, acting) = (self.clone(), Arc::clone(caller));
        self.in_task(caller, statement.text.name, async move {
            let primary = database.primary();
            database.read_on(primary, &acting, &statement).await
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
                let answer = database
                    .act_and_read(lease.client(), &acting, &act, then)
                    .await;
                match (&answer, database.replica()) {
                    (Ok(_), Some(replica)) => {
                        let found = Found::ask(lease.client()).await;
                        let at = found.map_err(of("position"))?.at;
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

    async fn read_on<T: DeserializeOwned>(
        &self,
        server: &Server,
        caller: &Caller,
        statement: &Statement,
    ) -> Result<T, DatabaseError> {
        let work = async {
            let lease = server.lease(caller.claims.role).await?;
            let rows = self.read_only(lease.client(), caller, statement).await?;
            lease.finish();
            document(statement.text.name, &rows?)
        };
        server.unless_silent(work).await
    }

    /// The outer error means that the connection is not fit for another transaction.
    async fn read_only(
        &self,
        client: &Client,
        caller: &Caller,
        statement: &Statement,
    ) -> Result<Result<Vec<Row>, DatabaseError>, DatabaseError> {
        let session = self.prepared(client, SESSION).await?;
        let prepared = self.prepared(client, statement.text).await?;
        let settings = self.settings(caller);
        let (settings, parameters) = (references(&settings), statement.parameters());
        let begin = match statement.planned_once {
            true => READ_ONLY_PLANNED_ONCE,
            false => READ_ONLY,
        };
        // A statement that fails makes this commit a rollback.
        let (begun, set, rows, ended) = tokio::join!(
            biased;
            client.batch_execute(begin),
            session.query(client, &settings),
            prepared.query(client, &parameters),
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
        &self,
        client: &Client,
        caller: &Caller,
        act: &Statement,
        then: impl FnOnce(&T) -> Option<Statement>,
    ) -> Result<(T, Option<U>), DatabaseError>
    where
        T: DeserializeOwned,
        U: DeserializeOwned,
    {
        let session = self.prepared(client, SESSION).await?;
        let prepared = self.prepared(client, act.text).await?;
        let settings = self.settings(caller);
        let (settings, parameters) = (references(&settings), act.parameters());
        let (begun, set, rows) = tokio::join!(
            biased;
            client.batch_execute("begin read write"),
            session.query(client, &settings),
            prepared.query(client, &parameters),
        );
        begun.map_err(of("begin"))?;
        set.map_err(of(SESSION.name))?;
        let acted: T = document(act.text.name, &rows.map_err(of(act.text.name))?)?;

        let Some(next) = then(&acted) else {
            client.batch_execute("commit").await.map_err(of("commit"))?;
            return Ok((acted, None));
        };
        let prepared = self.prepare().next_statement(client, next.text.sql).await;
        let prepared = prepared.map_err(of(next.text.name))?;
        let parameters = next.parameters();
        let plan = async {
            match next.planned_once {
                true => client.batch_execute(PLANNED_ONCE).await,
                false => Ok(()),
            }
        };
        let (planned, rows, ended) = tokio::join!(
            biased;
            plan,
            prepared.query(client, &parameters),
            client.batch_execute("commit"),
        );
        planned.map_err(of("planning"))?;
        let rows = rows.map_err(of(next.text.name))?;
        ended.map_err(of("commit"))?;
        Ok((acted, Some(document(next.text.name, &rows)?)))
    }

    pub(super) async fn prepared(
        &self,
        client: &Client,
        text: Text,
    ) -> Result<Prepared, DatabaseError> {
        let prepared = self.prepare().statement(client, text.sql).await;
        prepared.map_err(of(text.name))
    }

    /// The parameters of `sql/session.sql`.
    fn settings(&self, caller: &Caller) -> Vec<String> {
        let mut settings = Vec::from(caller.settings());
        for timeout in [self.statement_timeout(), self.transaction_timeout()] {
            settings.push(timeout.as_millis().to_string());
        }
        settings
    }
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

fn of(name: &'static str) -> impl Fn(Error) -> DatabaseError {
    move |error| DatabaseError::of_statement(name, &error)
}
