//! Several connections send batches of users in turns.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use tokio::task::JoinSet;
use tokio_postgres::{Client, Error};

use crate::loader::connect;
use crate::person::Person;
use crate::rows::Tables;
use crate::tenant::Tenant;

/// Users that are sent in one transaction.
const BATCH: u64 = 20_000;

/// How many rows went into each table.
pub(crate) type Rows = [(&'static str, u64); 6];

/// Sends everybody, and tells the standard error output how far it is.
pub(crate) async fn send_all(
    database: &str,
    tenant: &Arc<Tenant>,
    connections: u64,
) -> Result<Rows, Error> {
    let begun = Instant::now();
    let done = Arc::new(AtomicU64::new(0));
    let mut workers = JoinSet::new();
    for worker in 0..connections {
        let (tenant, done) = (Arc::clone(tenant), Arc::clone(&done));
        let client = connect(database).await?;
        workers.spawn(async move {
            let batches =
                (worker * BATCH..tenant.plan.users).step_by((BATCH * connections) as usize);
            send(&client, &tenant, batches, &done).await
        });
    }
    let mut rows: Rows = Tables::new().each().map(|table| (table.name, 0));
    let mut every = tokio::time::interval(Duration::from_secs(2));
    every.tick().await;
    loop {
        tokio::select! {
            worker = workers.join_next() => match worker {
                None => return Ok(rows),
                Some(sent) => {
                    for ((_, sum), sent) in rows.iter_mut().zip(sent.expect("no worker panics")?) {
                        *sum += sent;
                    }
                }
            },
            _ = every.tick() => tell(done.load(Ordering::Relaxed), tenant.plan.users, begun.elapsed()),
        }
    }
}

/// Sends the batches that begin with these users, and answers how many rows of each table those were.
async fn send(
    client: &Client,
    tenant: &Tenant,
    batches: impl Iterator<Item = u64>,
    done: &AtomicU64,
) -> Result<[u64; 6], Error> {
    let mut tables = Tables::new();
    for first in batches {
        let end = (first + BATCH).min(tenant.plan.users);
        let mut people: Vec<_> = (first..end)
            .map(|number| Person::draw(tenant, number))
            .collect();
        // In the order of their ids the indexes that stay are filled page by page.
        people.sort_unstable_by_key(Person::id);
        for person in people {
            person.write(&mut tables);
        }
        client.batch_execute("begin").await?;
        for table in tables.each() {
            let data = table.take();
            if !data.is_empty() {
                let mut sink = pin!(client.copy_in(&table.copy()).await?);
                sink.send(data).await?;
                sink.finish().await?;
            }
        }
        client.batch_execute("commit").await?;
        done.fetch_add(end - first, Ordering::Relaxed);
    }
    Ok(tables.each().map(|table| table.rows))
}

fn tell(done: u64, all: u64, since: Duration) {
    let speed = done as f64 / since.as_secs_f64();
    let left = (all - done) as f64 / speed.max(1.0);
    eprintln!("{done} of {all} users, {speed:.0}/s, {left:.0} s left");
}
