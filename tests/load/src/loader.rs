//! Several connections load batches of users in turns; another watches.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::SinkExt;
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

use crate::indexes;
use crate::person;
use crate::rows::{Id, Tables};
use crate::tenant::{APPS, Plan, Tenant};
use crate::time::{DAY, EPOCH, SECOND};

/// Users that are sent in one transaction.
const BATCH: u64 = 5_000;

/// What was loaded, and how long it took.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The tenant's id.
    pub tenant: String,
    /// Rows by table, in the order in which a person's are made.
    pub rows: [(&'static str, u64); 6],
    /// Until the last row was sent and committed.
    pub sending: Duration,
    /// Until the indexes were there again, too.
    pub loading: Duration,
    /// For `vacuum` and `analyze` afterwards.
    pub vacuuming: Duration,
}

impl Display for Loaded {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "tenant {}", self.tenant)?;
        for (table, rows) in self.rows {
            writeln!(f, "{rows:>12} {table}")?;
        }
        let authenticators = self.rows[2].1 as f64;
        write!(
            f,
            "sent in {:.1} s, with indexes {:.1} s: {:.0} authenticators/s; vacuumed in {:.1} s",
            self.sending.as_secs_f64(),
            self.loading.as_secs_f64(),
            authenticators / self.loading.as_secs_f64(),
            self.vacuuming.as_secs_f64()
        )
    }
}

/// Loads a tenant by this many connections of a superuser, with progress on the standard error output.
///
/// # Errors
/// If the database refuses: no storage, no superuser, or the tenant is there already.
///
/// # Panics
/// If the clock of this machine stands before 1970.
pub async fn load(database: &str, plan: &Plan, connections: u16) -> Result<Loaded, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
    let tenant = Arc::new(Tenant::new(plan, now - now % 86400));
    let begun = Instant::now();
    let client = connect(database).await?;
    let set_aside = indexes::set_aside(&client).await?;
    found(&client, &tenant).await?;

    let done = Arc::new(AtomicU64::new(0));
    let mut workers = JoinSet::new();
    for worker in 0..u64::from(connections) {
        let (client, tenant, done) = (
            connect(database).await?,
            Arc::clone(&tenant),
            Arc::clone(&done),
        );
        workers.spawn(async move {
            let batches = (worker * BATCH..tenant.plan.users)
                .step_by((BATCH * u64::from(connections)) as usize);
            send(&client, &tenant, batches, &done).await
        });
    }
    let mut rows = [("", 0); 6];
    let mut every = tokio::time::interval(Duration::from_secs(2));
    every.tick().await;
    loop {
        tokio::select! {
            worker = workers.join_next() => match worker {
                None => break,
                Some(sent) => {
                    for (sum, (table, sent)) in rows.iter_mut().zip(sent??) {
                        *sum = (table, sum.1 + sent);
                    }
                }
            },
            _ = every.tick() => tell(done.load(Ordering::Relaxed), plan.users, begun.elapsed()),
        }
    }
    let sending = begun.elapsed();
    eprintln!("sent; make the indexes …");
    indexes::bring_back(set_aside, &client, &connect(database).await?).await?;
    let loading = begun.elapsed();
    eprintln!("loaded; vacuum and analyze …");
    client
        .batch_execute(
            "vacuum (analyze) authn_data.users, authn_data.devices, authn_data.authenticators, authn_data.contexts,
                              authn_data.events, authn_data.locks, authn_data.apps, authn_data.app_methods,
                              authn_data.lockout_policies",
        )
        .await?;
    Ok(Loaded {
        tenant: text(tenant.id),
        rows,
        sending,
        loading,
        vacuuming: begun.elapsed() - loading,
    })
}

/// A connection past triggers and foreign keys: what is sent obeys them, and the test of the loader checks it.
async fn connect(database: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(database, NoTls).await?;
    tokio::spawn(connection);
    client
        .batch_execute("set session_replication_role = replica; set synchronous_commit = off; set timezone = 'UTC'")
        .await?;
    Ok(client)
}

/// The tenant, its apps and its policy for passwords, and a partition for each month.
async fn found(client: &Client, tenant: &Tenant) -> Result<(), tokio_postgres::Error> {
    let id = text(tenant.id);
    let begin = instant(tenant.begin - DAY);
    let mut script = format!(
        "begin;
         select authn._make_month_of_events(m)
         from generate_series(date_trunc('month', {begin}), {}, interval '1 month') m;
         insert into authn_data.tenants (tenant_id, name, created_at, event_number)
         values ('{id}', {}, {begin}, 1);
         insert into authn_data.lockout_policies (
             tenant_id, method, version, tier_failures, tier_durations, then_permanent, set_at, set_by
         )
         values ('{id}', 'password', 1, '{{5}}', array[null::interval], false, {begin}, 'ada.admin');
         insert into authn_data.tenant_events (tenant_id, number, at, kind, method, actor, role, details)
         values (
             '{id}', 1, {begin}, 'policy_changed', 'password', 'ada.admin', 'authn_admin',
             '{{\"tiers\": [{{\"failures\": 5}}], \"version\": 1, \"then_permanent\": false, \"failures_expire_after\": null}}'
         );",
        instant(tenant.end),
        quoted(&tenant.plan.name)
    );
    for (name, app) in APPS.iter().zip(&tenant.apps) {
        script += &format!(
            "insert into authn_data.apps (app_id, tenant_id, name, created_at) values ('{0}', '{id}', '{name}', {begin});
             insert into authn_data.app_methods (app_id, method, tenant_id) select '{0}', m.method, '{id}' from authn.methods m;",
            text(*app)
        );
    }
    client.batch_execute(&(script + "commit")).await
}

/// Sends the batches that begin with these users, and answers how many rows of each table those were.
async fn send(
    client: &Client,
    tenant: &Tenant,
    batches: impl Iterator<Item = u64>,
    done: &AtomicU64,
) -> Result<[(&'static str, u64); 6], tokio_postgres::Error> {
    let mut tables = Tables::new();
    for first in batches {
        let end = (first + BATCH).min(tenant.plan.users);
        for number in first..end {
            person::write(tenant, number, &mut tables);
        }
        client.batch_execute("begin").await?;
        for table in tables.each() {
            let data = table.take();
            if data.is_empty() {
                continue;
            }
            let copy = format!(
                "copy authn_data.{} ({}) from stdin (format binary)",
                table.name,
                table.columns.join(", ")
            );
            let sink = client.copy_in(&copy).await?;
            let mut sink = std::pin::pin!(sink);
            sink.send(data).await?;
            sink.finish().await?;
        }
        client.batch_execute("commit").await?;
        done.fetch_add(end - first, Ordering::Relaxed);
    }
    Ok(tables.each().map(|table| (table.name, table.rows)))
}

fn tell(done: u64, all: u64, since: Duration) {
    let speed = done as f64 / since.as_secs_f64();
    let left = (all - done) as f64 / speed.max(1.0);
    eprintln!("{done} of {all} users, {speed:.0}/s, {left:.0} s left");
}

fn text(id: Id) -> String {
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

fn instant(at: i64) -> String {
    format!("to_timestamp({})", at / SECOND + EPOCH)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
