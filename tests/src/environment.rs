//! What `make test` says about the cluster it started.

use std::env;
use std::path::PathBuf;

use tokio_postgres::Config;

fn required(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run these tests with `make test T=system`"))
}

/// The cluster as its superuser (`AUTHN_TEST_DATABASE_URL`).
#[must_use]
pub fn superuser() -> Config {
    required("AUTHN_TEST_DATABASE_URL")
        .parse()
        .expect("AUTHN_TEST_DATABASE_URL is a connection string")
}

/// The cluster as the gateway's login role (`AUTHN_TEST_GATEWAY_URL`).
#[must_use]
pub fn gateway_role() -> Config {
    required("AUTHN_TEST_GATEWAY_URL")
        .parse()
        .expect("AUTHN_TEST_GATEWAY_URL is a connection string")
}

/// The gateway that was built (`AUTHN_GATEWAY_BIN`).
#[must_use]
pub fn gateway_binary() -> PathBuf {
    required("AUTHN_GATEWAY_BIN").into()
}

/// The server's programs (`AUTHN_TEST_PG_BIN`).
#[must_use]
pub fn server_binaries() -> PathBuf {
    required("AUTHN_TEST_PG_BIN").into()
}

/// Where the audit of GraphQL over HTTP is installed (`AUTHN_TEST_AUDIT`).
#[must_use]
pub fn audit() -> PathBuf {
    required("AUTHN_TEST_AUDIT").into()
}

/// The top of the checkout.
#[must_use]
pub fn checkout() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie in the checkout")
        .to_owned()
}

/// A configuration as a connection string that names a database.
#[must_use]
pub fn connection_string(config: &Config, database: &str) -> String {
    let host = match config.get_hosts().first() {
        Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
        Some(tokio_postgres::config::Host::Unix(path)) => path.display().to_string(),
        None => "127.0.0.1".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or("postgres");
    let password = config
        .get_password()
        .map(|password| format!(" password={}", String::from_utf8_lossy(password)))
        .unwrap_or_default();
    format!("host={host} port={port} user={user}{password} dbname={database}")
}
