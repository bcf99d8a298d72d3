//! Connections: one pool per role, since a cached plan that depends on row-level security lasts only
//! while the role stays the same.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;

use super::prepared::Prepare;
use crate::auth::Role;
use crate::metrics::{Metrics, PoolUse};

/// Where the database is and how long it may take.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// A connection string.
    pub url: String,
    /// Connections per role.
    pub pool_size: usize,
    /// How long to wait for a free connection, and for a new one.
    pub pool_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// Whether connections keep prepared statements.
    pub prepare_statements: bool,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The connection string does not parse.
    #[error("DATABASE_URL does not parse: {0}")]
    Url(tokio_postgres::Error),
    /// TLS to Postgres is not built in.
    #[error(
        "DATABASE_URL asks for sslmode=require: this gateway reaches Postgres over a socket or a private network"
    )]
    Tls,
    /// A pool cannot be made.
    #[error("the pool of connections cannot be made: {0}")]
    Pool(#[from] deadpool_postgres::BuildError),
}

/// The database. Cheap to clone; connections are opened when they are needed.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    config: tokio_postgres::Config,
    pools: Vec<Pool>,
    prepare: Prepare,
    metrics: Metrics,
    statement_timeout: Duration,
}

impl Database {
    /// Prepares the pools; does not connect. Its transactions are counted in `metrics`.
    pub fn new(settings: &DatabaseSettings, metrics: Metrics) -> Result<Self, SettingsError> {
        let mut config =
            tokio_postgres::Config::from_str(&settings.url).map_err(SettingsError::Url)?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(SettingsError::Tls);
        }
        if config.get_application_name().is_none() {
            config.application_name("gateway");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(settings.pool_timeout);
        }
        let pools = Role::ALL
            .iter()
            .map(|_| pool(&config, settings))
            .collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Inner {
            config,
            pools,
            prepare: Prepare::new(settings.prepare_statements),
            metrics,
            statement_timeout: settings.statement_timeout,
        })))
    }

    /// How every connection is made.
    pub(super) fn config(&self) -> &tokio_postgres::Config {
        &self.0.config
    }

    pub(super) fn pool(&self, role: Role) -> &Pool {
        &self.0.pools[role.index()]
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// How the connections of each role are used now.
    pub(crate) fn use_of_pools(&self) -> Vec<PoolUse> {
        let uses = Role::ALL.iter().zip(&self.0.pools).map(|(role, pool)| {
            let status = pool.status();
            PoolUse {
                server: "primary",
                role: role.claim(),
                most: status.max_size,
                open: status.size,
                in_use: status.size.saturating_sub(status.available),
                waiting: status.waiting,
            }
        });
        uses.collect()
    }

    pub(super) fn prepare(&self) -> &Prepare {
        &self.0.prepare
    }

    pub(super) fn statement_timeout(&self) -> Duration {
        self.0.statement_timeout
    }

    /// When a transaction is given up together with its connection: the server should have cancelled
    /// its statements long before. It also ends by then what a gateway that died or stalled left behind.
    pub(super) fn transaction_timeout(&self) -> Duration {
        self.0.statement_timeout * 2 + Duration::from_secs(1)
    }
}

fn pool(
    config: &tokio_postgres::Config,
    settings: &DatabaseSettings,
) -> Result<Pool, SettingsError> {
    // Nothing is ever set for longer than a transaction, so a connection needs no cleaning.
    let manager = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    Ok(
        Pool::builder(Manager::from_config(config.clone(), NoTls, manager))
            .max_size(settings.pool_size)
            .timeouts(Timeouts {
                wait: Some(settings.pool_timeout),
                create: Some(settings.pool_timeout),
                recycle: Some(settings.pool_timeout),
            })
            .runtime(Runtime::Tokio1)
            .build()?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(url: &str) -> Result<Database, SettingsError> {
        let settings = DatabaseSettings {
            url: url.into(),
            pool_size: 1,
            pool_timeout: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(1),
            prepare_statements: true,
        };
        Database::new(&settings, Metrics::default())
    }

    #[tokio::test]
    async fn each_role_has_its_own_connections() {
        let database = database("postgres://authn_gateway@localhost/authn").unwrap();
        assert_eq!(database.0.pools.len(), Role::ALL.len());
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_the_start() {
        assert!(matches!(
            database("not a url ="),
            Err(SettingsError::Url(_))
        ));
        assert!(matches!(
            database("postgres://authn_gateway@db/authn?sslmode=require"),
            Err(SettingsError::Tls)
        ));
    }
}
