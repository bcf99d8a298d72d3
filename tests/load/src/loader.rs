//! Indexes away, rows in, indexes back.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio_postgres::{Client, NoTls};

pub use tokio_postgres::Error;

use crate::founding::found;
use crate::indexes;
use crate::sending::{Rows, send_all};
use crate::tenant::{Plan, Tenant};

/// What was loaded, and how long it took.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The tenant's id.
    pub tenant: String,
    /// Rows by table, in the order in which a person's are sent.
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
/// An empty storage is loaded without its indexes, which are made afterwards, or when the load fails; of a load
/// that was killed, by the next one before it begins. What a killed load sent stays.
///
/// # Errors
/// If the database refuses: no storage, no superuser, or the tenant is there already.
///
/// # Panics
/// If the clock of this machine stands before 1970.
pub async fn load(database: &str, plan: &Plan, connections: u16) -> Result<Loaded, Error> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock stands after 1970");
    let tenant = Arc::new(Tenant::new(plan, now.as_secs() as i64));
    let begun = Instant::now();
    let client = connect(database).await?;
    indexes::bring_back(database).await?;
    indexes::set_aside(&client).await?;
    let sent = fill(database, &client, &tenant, connections).await;
    let sending = begun.elapsed();
    let brought_back = indexes::bring_back(database).await;
    let rows = sent?;
    brought_back?;
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
        tenant: tenant.id.to_string(),
        rows,
        sending,
        loading,
        vacuuming: begun.elapsed() - loading,
    })
}

async fn fill(
    database: &str,
    client: &Client,
    tenant: &Arc<Tenant>,
    connections: u16,
) -> Result<Rows, Error> {
    found(client, tenant).await?;
    send_all(database, tenant, u64::from(connections)).await
}

/// A connection past triggers and foreign keys: what is sent obeys them, and the test of the loader checks it.
pub(crate) async fn connect(database: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(database, NoTls).await?;
    tokio::spawn(connection);
    client
        .batch_execute("set session_replication_role = replica; set synchronous_commit = off; set timezone = 'UTC'")
        .await?;
    Ok(client)
}
