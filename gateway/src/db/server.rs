//! One server: connections by role, since a cached plan that depends on row-level security lasts only while
//! the role stays the same; and whether it answers at all.

use std::fmt;
use std::str::FromStr;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio::sync::watch;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};

use super::{DatabaseError, DatabaseSettings, Lease, SettingsError};
use crate::auth::Role;
use crate::metrics::PoolUse;

/// What a server is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It takes what is written.
    Primary,
    /// It follows the primary and is read from.
    Replica,
}

impl Place {
    /// The place in logs and metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Replica => "replica",
        }
    }

    const fn setting(self) -> &'static str {
        match self {
            Self::Primary => "DATABASE_URL",
            Self::Replica => "READ_DATABASE_URL",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// A server and the connections to it.
pub(super) struct Server {
    pub(super) place: Place,
    pub(super) config: Config,
    pools: Vec<Pool>,
    /// It is connected and says nothing: whoever waited for it would wait in vain.
    pub(super) silent: watch::Sender<bool>,
}

impl Server {
    /// Prepares the pools; does not connect.
    pub(super) fn new(
        place: Place,
        url: &str,
        settings: &DatabaseSettings,
    ) -> Result<Self, SettingsError> {
        let config = config(place.setting(), url, settings)?;
        let pools = Role::ALL
            .iter()
            .map(|_| pool(&config, settings))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            place,
            config,
            pools,
            silent: watch::Sender::new(false),
        })
    }

    /// How many connections a role may have.
    pub(super) fn most_connections(&self) -> usize {
        self.pools.first().map_or(0, |pool| pool.status().max_size)
    }

    /// A connection for a role.
    pub(super) async fn lease(&self, role: Role) -> Result<Lease, DatabaseError> {
        let client = self.pools[role.index()].get().await;
        client
            .map(Lease::new)
            .map_err(|error| DatabaseError::of_pool(self.place, &error))
    }

    /// The answer of `work`, or as soon as the server falls silent that there is none.
    pub(super) async fn unless_silent<T>(
        &self,
        work: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        let mut silent = self.silent.subscribe();
        tokio::select! {
            biased;
            // The sender lives as long as `self`.
            _ = silent.wait_for(|silent| *silent) => Err(DatabaseError::Unavailable),
            answer = work => answer,
        }
    }

    /// How the connections of each role are used now.
    pub(super) fn use_of_pools(&self) -> impl Iterator<Item = PoolUse> {
        Role::ALL.iter().zip(&self.pools).map(|(role, pool)| {
            let status = pool.status();
            PoolUse {
                server: self.place.label(),
                role: role.claim(),
                most: status.max_size,
                open: status.size,
                in_use: status.size.saturating_sub(status.available),
                waiting: status.waiting,
            }
        })
    }
}

/// The connection string of a setting, with what it leaves out.
pub(super) fn config(
    setting: &'static str,
    url: &str,
    settings: &DatabaseSettings,
) -> Result<Config, SettingsError> {
    let mut config =
        Config::from_str(url).map_err(|error| SettingsError::Url { setting, error })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(SettingsError::Tls { setting });
    }
    if config.get_application_name().is_none() {
        config.application_name("gateway");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(settings.pool_timeout);
    }
    Ok(config)
}

fn pool(config: &Config, settings: &DatabaseSettings) -> Result<Pool, SettingsError> {
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
