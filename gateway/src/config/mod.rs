//! The settings: every one is a flag, an environment variable and a key of a file, and says why it has its
//! default. `docs/settings.md` lists them.

mod file;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderValue;
use clap::{ArgAction, Args, ValueEnum};
use ipnet::IpNet;

pub use file::{FileError, with_file};

use crate::graphql::{DocumentLimits, DocumentSettings};
use crate::http::{ForwardedHeader, PortalArgs, StreamSettings, origin};

/// Where the keys are that tokens are signed with, and what a token must say.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Tokens")]
pub struct TokenArgs {
    /// Secret of HS256 tokens, at least 32 bytes. A file is safer: the environment is inherited and listed
    #[arg(
        long,
        env = "JWT_SECRET",
        hide_env_values = true,
        conflicts_with = "jwt_secret_file"
    )]
    pub jwt_secret: Option<String>,

    /// File that holds the secret of HS256 tokens; white space around it is ignored
    #[arg(long, env = "JWT_SECRET_FILE", value_name = "FILE")]
    pub jwt_secret_file: Option<PathBuf>,

    /// `iss` that a token must have
    #[arg(long, env = "JWT_ISSUER", default_value = "pg_authn")]
    pub jwt_issuer: String,

    /// `aud` that a token must have, so that one made for another service is no use here
    #[arg(long, env = "JWT_AUDIENCE", default_value = "pg_authn")]
    pub jwt_audience: String,
}

/// The settings of `gateway serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// File with settings, in TOML: `pool-size = 8`, by the names of the flags. A flag overrules the
    /// environment, and that the file. None by default
    #[arg(long, env = "CONFIG", value_name = "FILE", help_heading = "Operation")]
    pub config: Option<PathBuf>,

    /// Connection to Postgres, as a URL or as keywords. Log in as a role that can only become one of
    /// authn_support, authn_admin, authn_reader and authn_service, such as authn_gateway. There is no default:
    /// this or DATABASE_URL_FILE has to be set
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        conflicts_with = "database_url_file",
        help_heading = "Database"
    )]
    pub database_url: Option<String>,

    /// File that holds the connection string, which may have a password in it; white space around it is ignored
    #[arg(
        long,
        env = "DATABASE_URL_FILE",
        value_name = "FILE",
        help_heading = "Database"
    )]
    pub database_url_file: Option<PathBuf>,

    /// Connection to a streaming replica, which then answers queries. A user whom this gateway changed is
    /// read from the primary until the replica shows it, and so is everything while the replica is away or
    /// too far behind
    #[arg(
        long,
        env = "READ_DATABASE_URL",
        hide_env_values = true,
        conflicts_with = "read_database_url_file",
        help_heading = "Database"
    )]
    pub read_database_url: Option<String>,

    /// File that holds the connection string of the replica; white space around it is ignored
    #[arg(
        long,
        env = "READ_DATABASE_URL_FILE",
        value_name = "FILE",
        help_heading = "Database"
    )]
    pub read_database_url_file: Option<PathBuf>,

    /// Connection to the primary for the one connection that listens for changes, where `DATABASE_URL` leads through a
    /// pooler in transaction mode: no notification comes through one. The database itself, or a pool in session
    /// mode. As `DATABASE_URL` by default
    #[arg(
        long,
        env = "LISTEN_DATABASE_URL",
        hide_env_values = true,
        conflicts_with = "listen_database_url_file",
        help_heading = "Database"
    )]
    pub listen_database_url: Option<String>,

    /// File that holds the connection string of the connection that listens; white space around it is ignored
    #[arg(
        long,
        env = "LISTEN_DATABASE_URL_FILE",
        value_name = "FILE",
        help_heading = "Database"
    )]
    pub listen_database_url_file: Option<PathBuf>,

    /// How far behind the primary the replica may be and still be read from: so old is what others changed,
    /// a login service say, at worst
    #[arg(long, env = "READ_MAX_LAG", default_value = "10s", value_parser = duration, help_heading = "Database")]
    pub read_max_lag: Duration,

    /// Address to listen on. Loopback unless told otherwise: TLS is the business of what stands in front
    #[arg(
        long,
        env = "LISTEN",
        default_value = "127.0.0.1:8080",
        help_heading = "Network"
    )]
    pub listen: SocketAddr,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "a doc comment here would become the help's heading"
    )]
    pub tokens: TokenArgs,

    /// File with public keys (a JSON Web Key Set) of RS256, ES256 and EdDSA tokens
    #[arg(long, env = "JWKS_FILE", value_name = "FILE", help_heading = "Tokens")]
    pub jwks_file: Option<PathBuf>,

    /// Address of public keys (a JSON Web Key Set), as `jwks_uri` of an OpenID provider says. They are
    /// fetched at the start, when a token names an unknown one, and when they are old; a fetch that fails
    /// leaves the last ones in force. https, or http on this machine
    #[arg(
        long,
        env = "JWKS_URL",
        value_name = "URL",
        conflicts_with = "jwks_file",
        help_heading = "Tokens"
    )]
    pub jwks_url: Option<String>,

    /// Take keys over http from another machine too. Whoever is on the way can then sign tokens
    #[arg(long, env = "JWKS_ALLOW_HTTP", help_heading = "Tokens")]
    pub jwks_allow_http: bool,

    /// How long a fetch of keys may take: tokens with an unknown key wait for it
    #[arg(long, env = "JWKS_TIMEOUT", default_value = "5s", value_parser = duration, help_heading = "Tokens")]
    pub jwks_timeout: Duration,

    /// The shortest time between two fetches of keys: tokens with made-up keys cannot keep the issuer
    /// busy, and a key that was just published is good after this time at the latest
    #[arg(long, env = "JWKS_MIN_INTERVAL", default_value = "30s", value_parser = duration, help_heading = "Tokens")]
    pub jwks_min_interval: Duration,

    /// The age at which keys are fetched anew though none is missing: how long a withdrawn key may live on
    #[arg(long, env = "JWKS_MAX_AGE", default_value = "10m", value_parser = duration, help_heading = "Tokens")]
    pub jwks_max_age: Duration,

    /// How far apart the clocks of issuer and gateway may be; at most 60s, by which a token outlives its end
    #[arg(long, env = "JWT_LEEWAY", default_value = "30s", value_parser = leeway, help_heading = "Tokens")]
    pub jwt_leeway: Duration,

    /// Connections per role. Postgres keeps plans that depend on row-level security only while the role
    /// stays the same, so each of the four roles has its own, to each server. All to the primary are opened before
    /// /readyz says that requests can be served: the server's max_connections must allow them
    #[arg(long, env = "POOL_SIZE", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..), help_heading = "Limits")]
    pub pool_size: u16,

    /// Keep prepared statements on the connections. `false` behind a pooler that may give every transaction
    /// another connection and does not follow prepared statements: PgBouncer in transaction mode before 1.21,
    /// or with max_prepared_statements=0. Every statement is then parsed and planned anew
    #[arg(long, env = "PREPARE_STATEMENTS", default_value_t = true, action = ArgAction::Set, help_heading = "Operation")]
    pub prepare_statements: bool,

    /// How long a request waits for a connection before it is told SERVICE_UNAVAILABLE: long enough for a
    /// burst, short enough that callers learn of an outage before they give up
    #[arg(long, env = "POOL_TIMEOUT", default_value = "1s", value_parser = duration, help_heading = "Limits")]
    pub pool_timeout: Duration,

    /// How long one statement may run; Postgres then cancels it and the answer is TIMEOUT
    #[arg(long, env = "STATEMENT_TIMEOUT", default_value = "5s", value_parser = duration, help_heading = "Limits")]
    pub statement_timeout: Duration,

    /// How long a server may be connected and say nothing before requests are told SERVICE_UNAVAILABLE at
    /// once, those under way too: longer than a busy server lets one wait for a trifle
    #[arg(long, env = "SILENCE_TIMEOUT", default_value = "3s", value_parser = duration, help_heading = "Limits")]
    pub silence_timeout: Duration,

    /// How long one request may take. More than a statement may, so that the database gives up first and
    /// says so. A mutation that times out may still have taken effect
    #[arg(long, env = "REQUEST_TIMEOUT", default_value = "10s", value_parser = duration, help_heading = "Limits")]
    pub request_timeout: Duration,

    /// How many requests may be at work at once; further ones are told SERVICE_UNAVAILABLE at once. Many
    /// times the connections there are, so that a burst waits for them, and few enough to hold in memory
    #[arg(long, env = "MAX_CONCURRENT_REQUESTS", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..), help_heading = "Limits")]
    pub max_concurrent_requests: u16,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "a doc comment here would become the help's heading"
    )]
    pub documents: DocumentSettings,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "a doc comment here would become the help's heading"
    )]
    pub document_limits: DocumentLimits,

    /// How deep fields may nest. The introspection query of common tools needs 15
    #[arg(long, env = "MAX_DEPTH", default_value_t = 20, help_heading = "Limits")]
    pub max_depth: usize,

    /// How many fields an answer may have, counted from page sizes before anything runs. A page of 100
    /// users, each with a page of 20 authenticators of 12 fields, is 24,000
    #[arg(
        long,
        env = "MAX_COMPLEXITY",
        default_value_t = 50_000,
        help_heading = "Limits"
    )]
    pub max_complexity: usize,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "a doc comment here would become the help's heading"
    )]
    pub streams: StreamSettings,

    /// Networks of the proxies in front, separated by commas, such as `10.0.0.0/8,::1/128`. The address
    /// that is recorded is the last one in their header that is none of theirs. Without any, it is that
    /// of the connection, whatever a header says
    #[arg(
        long,
        env = "TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ',',
        help_heading = "Network"
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// The header that those proxies write. Only this one is read: the other may come from the client
    #[arg(
        long,
        env = "FORWARDED_HEADER",
        default_value = "x-forwarded-for",
        help_heading = "Network"
    )]
    pub forwarded_header: ForwardedHeader,

    /// Origins whose pages may call /graphql from a browser, separated by commas, such as
    /// `https://portal.example`. None by default: the portal that is served here needs none
    #[arg(long, env = "CORS_ORIGINS", value_name = "ORIGINS", value_delimiter = ',', value_parser = origin, help_heading = "Network")]
    pub cors_origins: Vec<HeaderValue>,

    /// Address that answers /metrics, in the format of Prometheus, and nothing else: whoever may look at it is
    /// not whoever may use the gateway. Without it there is none
    #[arg(
        long,
        env = "METRICS_LISTEN",
        value_name = "ADDRESS",
        help_heading = "Operation"
    )]
    pub metrics_listen: Option<SocketAddr>,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "a doc comment here would become the help's heading"
    )]
    pub portal: PortalArgs,

    /// How long requests may go on after a signal to stop, before they are cut off
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value = "10s", value_parser = duration, help_heading = "Operation")]
    pub shutdown_timeout: Duration,

    /// Form of the log on standard error
    #[arg(
        long,
        env = "LOG_FORMAT",
        default_value = "text",
        help_heading = "Operation"
    )]
    pub log_format: LogFormat,

    /// What is logged: a level, or levels by target such as `info,gateway::db=debug`
    #[arg(
        long,
        env = "LOG_LEVEL",
        default_value = "info",
        help_heading = "Operation"
    )]
    pub log_level: String,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line, for machines.
    Json,
}

/// A duration that is not zero, as in `500ms`, `10s` or `8h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if duration.is_zero() {
        return Err("it must be longer than nothing".into());
    }
    Ok(duration)
}

fn leeway(text: &str) -> Result<Duration, String> {
    let leeway = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if leeway > Duration::from_secs(60) {
        return Err("at most 60s".into());
    }
    Ok(leeway)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_longer_than_nothing() {
        assert_eq!(duration("8h"), Ok(Duration::from_secs(8 * 3600)));
        assert!(duration("0s").is_err());
        assert!(duration("soon").is_err());
    }

    #[test]
    fn leeway_is_bounded() {
        assert_eq!(leeway("0s"), Ok(Duration::ZERO));
        assert_eq!(leeway("1m"), Ok(Duration::from_secs(60)));
        assert!(leeway("61s").is_err());
    }
}
