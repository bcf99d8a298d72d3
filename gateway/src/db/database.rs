//! The database: a primary, and perhaps a replica that takes the reading.

use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::Config;

use super::prepared::Prepare;
use super::replica::Replica;
use super::server::{Place, Server, config};
use super::watch;
use crate::metrics::{Metrics, PoolUse};

/// Where the database is and how long it may take.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// A connection string.
    pub url: String,
    /// A connection string of a streaming replica, for what only reads.
    pub read_url: Option<String>,
    /// A connection string of the primary for the connection that listens, if it is not `url`.
    pub listen_url: Option<String>,
    /// How far behind the replica may be.
    pub read_max_lag: Duration,
    /// Connections per role, to each server.
    pub pool_size: usize,
    /// How long to wait for a free connection, and for a new one.
    pub pool_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// How long a server may be silent.
    pub silence_timeout: Duration,
    /// Whether connections keep prepared statements.
    pub prepare_statements: bool,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A connection string does not parse.
    #[error("{setting} does not parse: {error}")]
    Url {
        /// Which one.
        setting: &'static str,
        /// Why.
        error: tokio_postgres::Error,
    },
    /// TLS to Postgres is not built in.
    #[error(
        "{setting} asks for sslmode=require: this gateway reaches Postgres over a socket or a private network"
    )]
    Tls {
        /// Which connection string.
        setting: &'static str,
    },
    /// A pool cannot be made.
    #[error("the pool of connections cannot be made: {0}")]
    Pool(#[from] deadpool_postgres::BuildError),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    primary: Server,
    /// Where notifications come from.
    listening: Config,
    replica: Option<Replica>,
    prepare: Prepare,
    metrics: Metrics,
    statement_timeout: Duration,
    silence_timeout: Duration,
}

impl Database {
    /// Prepares the pools; does not connect. Its transactions are counted in `metrics`.
    ///
    /// # Errors
    /// If a connection string cannot be used.
    pub fn new(settings: &DatabaseSettings, metrics: Metrics) -> Result<Self, SettingsError> {
        let replica = settings.read_url.as_deref().map(|url| {
            let server = Server::new(Place::Replica, url, settings)?;
            Ok::<_, SettingsError>(Replica::new(server, settings.read_max_lag))
        });
        let primary = Server::new(Place::Primary, &settings.url, settings)?;
        let listening = match &settings.listen_url {
            Some(url) => config("LISTEN_DATABASE_URL", url, settings)?,
            None => primary.config.clone(),
        };
        Ok(Self(Arc::new(Inner {
            primary,
            listening,
            replica: replica.transpose()?,
            prepare: Prepare::new(settings.prepare_statements),
            metrics,
            statement_timeout: settings.statement_timeout,
            silence_timeout: settings.silence_timeout,
        })))
    }

    /// Begins to watch the servers, for as long as the runtime lives: until then nobody notices that one is
    /// silent, and no replica is read from.
    pub fn watch(&self) {
        tokio::spawn(watch::primary(self.clone(), self.0.silence_timeout));
        if self.0.replica.is_some() {
            tokio::spawn(watch::replica(self.clone(), self.0.silence_timeout));
        }
    }

    pub(super) fn primary(&self) -> &Server {
        &self.0.primary
    }

    pub(super) fn listening(&self) -> &Config {
        &self.0.listening
    }

    pub(super) fn replica(&self) -> Option<&Replica> {
        self.0.replica.as_ref()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// How the connections of each role are used now.
    pub(crate) fn use_of_pools(&self) -> Vec<PoolUse> {
        let replica = self.0.replica.iter().map(Replica::server);
        let servers = std::iter::once(&self.0.primary).chain(replica);
        servers.flat_map(Server::use_of_pools).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;

    fn database(url: &str, read_url: Option<&str>) -> Result<Database, SettingsError> {
        listening(url, read_url, None)
    }

    fn listening(
        url: &str,
        read_url: Option<&str>,
        listen_url: Option<&str>,
    ) -> Result<Database, SettingsError> {
        let settings = DatabaseSettings {
            url: url.into(),
            read_url: read_url.map(Into::into),
            listen_url: listen_url.map(Into::into),
            read_max_lag: Duration::from_secs(10),
            pool_size: 1,
            pool_timeout: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(1),
            silence_timeout: Duration::from_secs(1),
            prepare_statements: true,
        };
        Database::new(&settings, Metrics::default())
    }

    const URL: &str = "postgres://authn_gateway@localhost/authn";

    #[tokio::test]
    async fn each_role_has_its_own_connections_to_each_server() {
        assert_eq!(
            database(URL, None).unwrap().use_of_pools().len(),
            Role::ALL.len()
        );
        assert_eq!(
            database(URL, Some(URL)).unwrap().use_of_pools().len(),
            2 * Role::ALL.len()
        );
    }

    #[tokio::test]
    async fn what_listens_connects_where_it_is_told_or_like_everybody() {
        let hosts = |database: Database| database.listening().get_hosts().to_vec();
        let host = |name: &str| vec![tokio_postgres::config::Host::Tcp(name.into())];
        assert_eq!(hosts(database(URL, None).unwrap()), host("localhost"));
        let direct = "postgres://authn_gateway@primary/authn";
        assert_eq!(
            hosts(listening(URL, None, Some(direct)).unwrap()),
            host("primary")
        );
        let wrong = listening(URL, None, Some("nor this =")).err().unwrap();
        assert!(
            wrong
                .to_string()
                .starts_with("LISTEN_DATABASE_URL does not parse")
        );
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_the_start() {
        let said = |url, read_url| database(url, read_url).err().unwrap().to_string();
        assert!(said("not a url =", None).starts_with("DATABASE_URL does not parse"));
        assert!(said(URL, Some("nor this =")).starts_with("READ_DATABASE_URL does not parse"));
        let tls = "postgres://authn_gateway@db/authn?sslmode=require";
        assert!(said(tls, None).starts_with("DATABASE_URL asks for sslmode=require"));
    }
}
