//! The least that a server can do with what the gateway sends: the same transaction over as many connections,
//! and its JSON as it comes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod};
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{NoTls, Row};

use crate::sent::{Sent, Statement};
use crate::subject::Failure;

struct Floor {
    sent: Sent,
    pool: Pool,
}

/// Serves until it is killed.
pub(crate) fn serve(
    sent: Sent,
    database_url: &str,
    pool_size: usize,
    listen: SocketAddr,
) -> Result<(), Failure> {
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(database_url.parse()?, NoTls, recycling);
    let pool = Pool::builder(manager).max_size(pool_size).build()?;
    let router = Router::new()
        .route("/users/{user}", get(answer))
        .with_state(Arc::new(Floor { sent, pool }));
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async { axum::serve(TcpListener::bind(listen).await?, router).await })?;
    Ok(())
}

async fn answer(State(floor): State<Arc<Floor>>, Path(user): Path<String>) -> Response {
    match screen(&floor, &user).await {
        Ok(json) => ([(CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What the last statement that has parameters answers.
async fn screen(floor: &Floor, user: &str) -> Result<Vec<u8>, Failure> {
    let client = floor.pool.get().await?;
    let mut prepared = Vec::new();
    for statement in &floor.sent.statements {
        prepared.push(match &statement.parameters {
            Some(_) => Some(client.prepare_cached(&statement.sql).await?),
            None => None,
        });
    }
    // All are polled once before any is awaited: they leave together.
    let sending = floor.sent.statements.iter().zip(&prepared);
    let answers = join_all(sending.map(|(statement, prepared)| {
        send(
            &client,
            statement,
            prepared.as_ref(),
            &floor.sent.user,
            user,
        )
    }));
    let mut json = None;
    for rows in answers.await {
        if let Some(row) = rows?.first() {
            json = Some(row.try_get::<_, Json>(0).map(|json| json.0));
        }
    }
    Ok(json.ok_or("no statement answers")??)
}

async fn send(
    client: &Client,
    statement: &Statement,
    prepared: Option<&tokio_postgres::Statement>,
    recorded: &str,
    user: &str,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let Some(prepared) = prepared else {
        client.batch_execute(&statement.sql).await?;
        return Ok(Vec::new());
    };
    let values: Vec<_> = statement
        .parameters
        .iter()
        .flatten()
        .map(|value| Text(value.as_ref().map(|value| value.replace(recorded, user))))
        .collect();
    let values: Vec<_> = values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect();
    client.query(prepared, &values).await
}

/// A value of whatever type, as text.
#[derive(Debug)]
struct Text(Option<String>);

impl ToSql for Text {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match &self.0 {
            None => Ok(IsNull::Yes),
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// JSON as the server wrote it.
struct Json(Vec<u8>);

impl FromSql<'_> for Json {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(raw.into()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
