//! Batches of attempts on their way into the database.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use super::cursor::{Cursor, Progress};
use super::format::Lines;

/// How an import runs.
pub struct Plan {
    /// Where the database is.
    pub database: Config,
    /// Whose attempts they are.
    pub tenant: Uuid,
    /// Who is recorded as acting.
    pub actor: String,
    /// Attempts that go into one transaction.
    pub batch: usize,
    /// Transactions at a time.
    pub connections: usize,
}

struct Batch {
    number: u64,
    last_line: u64,
    /// The line of each element.
    lines: Vec<u64>,
    /// The elements, separated by commas.
    json: String,
    rejected: Vec<Value>,
}

struct Done {
    last_line: u64,
    imported: u64,
    repeated: u64,
    rejected: Vec<Value>,
}

#[derive(Deserialize)]
struct Rejected {
    position: usize,
    external_id: Option<String>,
    code: String,
    message: String,
}

/// Imports the lines after those that `cursor` knows of; every rejected line goes to `report`, and
/// `tell` hears how far it is.
///
/// # Errors
/// If the database, the report or the cursor fails. What is in then is remembered by the cursor.
pub async fn run(
    plan: Plan,
    lines: Lines,
    cursor: &Cursor,
    report: &mut (dyn Write + Send),
    mut tell: impl FnMut(&Progress),
) -> Result<Progress, String> {
    let mut progress = cursor
        .read()
        .map_err(|error| format!("{}: {error}", cursor.path().display()))?;
    let (batches, waiting) = mpsc::channel(plan.connections);
    let (begin_after, size) = (progress.line, plan.batch);
    let reader = tokio::task::spawn_blocking(move || cut(lines, begin_after, size, &batches));

    let plan = Arc::new(plan);
    let waiting = Arc::new(Mutex::new(waiting));
    let (finished, mut results) = mpsc::channel(plan.connections);
    let mut workers = JoinSet::new();
    for _ in 0..plan.connections {
        let (plan, waiting, finished) = (Arc::clone(&plan), Arc::clone(&waiting), finished.clone());
        workers.spawn(async move { work(&plan, &waiting, &finished).await });
    }
    drop((waiting, finished));

    // Batches end in any order; the cursor only passes what is in without a gap.
    let mut ahead = BTreeMap::new();
    let mut next = 0;
    while let Some((number, done)) = results.recv().await {
        ahead.insert(number, done);
        while let Some(done) = ahead.remove(&next) {
            next += 1;
            for rejected in &done.rejected {
                writeln!(report, "{rejected}").map_err(|error| error.to_string())?;
            }
            report.flush().map_err(|error| error.to_string())?;
            progress.line = done.last_line;
            progress.imported += done.imported;
            progress.repeated += done.repeated;
            progress.rejected += done.rejected.len() as u64;
            cursor
                .write(&progress)
                .map_err(|error| format!("{}: {error}", cursor.path().display()))?;
            tell(&progress);
        }
    }
    while let Some(worker) = workers.join_next().await {
        worker.map_err(|error| error.to_string())??;
    }
    reader.await.map_err(|error| error.to_string())?;
    Ok(progress)
}

fn cut(lines: Lines, begin_after: u64, size: usize, batches: &mpsc::Sender<Batch>) {
    let empty = |number, last_line| Batch {
        number,
        last_line,
        lines: Vec::with_capacity(size),
        json: String::new(),
        rejected: Vec::new(),
    };
    let mut batch = empty(0, begin_after);
    for (line, content) in lines.skip_while(|(line, _)| *line <= begin_after) {
        batch.last_line = line;
        match content {
            Err(message) => batch
                .rejected
                .push(json!({ "line": line, "code": null, "message": message })),
            Ok(elements) => {
                for element in elements {
                    if !batch.lines.is_empty() {
                        batch.json.push(',');
                    }
                    batch.json.push_str(&element);
                    batch.lines.push(line);
                }
            }
        }
        // A line stays whole: the cursor counts lines.
        if batch.lines.len() >= size || batch.rejected.len() >= size {
            let next = empty(batch.number + 1, batch.last_line);
            if batches
                .blocking_send(std::mem::replace(&mut batch, next))
                .is_err()
            {
                return;
            }
        }
    }
    // Nobody listens any more only where a worker failed, which says so itself.
    let _ = batches.blocking_send(batch);
}

async fn work(
    plan: &Plan,
    waiting: &Mutex<mpsc::Receiver<Batch>>,
    finished: &mpsc::Sender<(u64, Done)>,
) -> Result<(), String> {
    let (mut client, connection) = plan.database.connect(NoTls).await.map_err(told)?;
    let connection = tokio::spawn(connection);
    loop {
        let batch = waiting.lock().await.recv().await;
        let Some(batch) = batch else { break };
        let number = batch.number;
        let done = send(plan, &mut client, batch).await?;
        if finished.send((number, done)).await.is_err() {
            break;
        }
    }
    drop(client);
    connection
        .await
        .map_err(|error| error.to_string())?
        .map_err(told)
}

async fn send(plan: &Plan, client: &mut Client, batch: Batch) -> Result<Done, String> {
    let transaction = client.transaction().await.map_err(told)?;
    let settings = [
        plan.tenant.to_string(),
        plan.actor.clone(),
        String::new(),
        Uuid::new_v4().to_string(),
        String::new(),
        String::new(),
        "authn_admin".to_owned(),
    ];
    let settings: Vec<_> = settings
        .iter()
        .map(|setting| setting as &(dyn tokio_postgres::types::ToSql + Sync))
        .collect();
    transaction
        .query_one(include_str!("../../sql/session.sql"), &settings)
        .await
        .map_err(told)?;
    let attempts: &serde_json::value::RawValue =
        &serde_json::value::RawValue::from_string(format!("[{}]", batch.json))
            .map_err(|error| error.to_string())?;
    let row = transaction
        .query_one(
            include_str!("../../sql/import.sql"),
            &[&plan.tenant, &tokio_postgres::types::Json(attempts)],
        )
        .await
        .map_err(told)?;
    transaction.commit().await.map_err(told)?;

    let mut rejected = batch.rejected;
    let refused: tokio_postgres::types::Json<Vec<Rejected>> = row.get(2);
    for refused in refused.0 {
        rejected.push(json!({
            "line": batch.lines.get(refused.position),
            "external_id": refused.external_id,
            "code": refused.code,
            "message": refused.message,
        }));
    }
    rejected.sort_by_key(|rejected| rejected["line"].as_u64());
    let count = |column| u64::try_from(row.get::<_, i64>(column)).unwrap_or(0);
    Ok(Done {
        last_line: batch.last_line,
        imported: count(0),
        repeated: count(1),
        rejected,
    })
}

/// What the database said, for whoever typed the command.
fn told(error: tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}
