//! Batches of attempts on their way into the database.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{Client, Config, NoTls, Row};
use uuid::Uuid;

use super::attempt::Element;
use super::columns::Columns;
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
    /// Attempts by the types of their columns, and the line of each.
    columns: Columns,
    lines_of_columns: Vec<u64>,
    /// Attempts as JSON, separated by commas, and the line of each.
    json: String,
    lines_of_json: Vec<u64>,
    rejected: Vec<Value>,
}

impl Batch {
    fn after(number: u64, last_line: u64) -> Batch {
        Batch {
            number,
            last_line,
            columns: Columns::default(),
            lines_of_columns: Vec::new(),
            json: String::new(),
            lines_of_json: Vec::new(),
            rejected: Vec::new(),
        }
    }

    fn push(&mut self, line: u64, element: Element) {
        match element {
            Element::Typed(attempt) => {
                self.columns.push(attempt);
                self.lines_of_columns.push(line);
            }
            Element::Json(object) => {
                if !self.lines_of_json.is_empty() {
                    self.json.push(',');
                }
                self.json.push_str(&object);
                self.lines_of_json.push(line);
            }
        }
    }

    fn is_full(&self, size: usize) -> bool {
        self.lines_of_columns.len() + self.lines_of_json.len() >= size
            || self.rejected.len() >= size
    }
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
    let mut batch = Batch::after(0, begin_after);
    for (line, content) in lines.skip_while(|(line, _)| *line <= begin_after) {
        batch.last_line = line;
        match content {
            Err(message) => batch
                .rejected
                .push(json!({ "line": line, "code": null, "message": message })),
            Ok(elements) => {
                for element in elements {
                    batch.push(line, element);
                }
            }
        }
        // A line stays whole: the cursor counts lines.
        if batch.is_full(size) {
            let next = Batch::after(batch.number + 1, batch.last_line);
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
        // A batch takes as long as it takes.
        "0".to_owned(),
        "0".to_owned(),
    ];
    let settings: Vec<_> = settings
        .iter()
        .map(|setting| setting as &(dyn ToSql + Sync))
        .collect();
    transaction
        .query_one(include_str!("../../sql/session.sql"), &settings)
        .await
        .map_err(told)?;
    let mut done = Done {
        last_line: batch.last_line,
        imported: 0,
        repeated: 0,
        rejected: batch.rejected,
    };
    if !batch.lines_of_columns.is_empty() {
        let tenant: [&(dyn ToSql + Sync); 1] = [&plan.tenant];
        let arguments: Vec<_> = tenant.into_iter().chain(batch.columns.each()).collect();
        let answer = transaction
            .query_one(include_str!("../../sql/import_columns.sql"), &arguments)
            .await
            .map_err(told)?;
        done.add(&answer, &batch.lines_of_columns);
    }
    if !batch.lines_of_json.is_empty() {
        let attempts = RawValue::from_string(format!("[{}]", batch.json))
            .map_err(|error| error.to_string())?;
        let answer = transaction
            .query_one(
                include_str!("../../sql/import.sql"),
                &[&plan.tenant, &Json(attempts)],
            )
            .await
            .map_err(told)?;
        done.add(&answer, &batch.lines_of_json);
    }
    transaction.commit().await.map_err(told)?;
    done.rejected
        .sort_by_key(|rejected| rejected["line"].as_u64());
    Ok(done)
}

impl Done {
    /// What the database answered about attempts of these lines.
    fn add(&mut self, answer: &Row, lines: &[u64]) {
        let count = |column| u64::try_from(answer.get::<_, i64>(column)).unwrap_or(0);
        self.imported += count(0);
        self.repeated += count(1);
        let rejected: Json<Vec<Rejected>> = answer.get(2);
        self.rejected.extend(rejected.0.into_iter().map(|rejected| {
            json!({
                "line": lines.get(rejected.position),
                "external_id": rejected.external_id,
                "code": rejected.code,
                "message": rejected.message,
            })
        }));
    }
}

/// What the database said, for whoever typed the command.
fn told(error: tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}
