//! `gateway serve`

use std::fs;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

use super::{Failure, secret};
use crate::auth::{KeySet, Keys, RemoteKeys, RemoteKeysSettings, Verifier, VerifierSettings};
use crate::config::{LogFormat, ServeArgs};
use crate::db::{Database, DatabaseSettings};
use crate::graphql::{self, Documents, SchemaLimits, Validator};
use crate::http::{self, Gateway, HttpSettings, TrustedProxies};
use crate::metrics::Metrics;
use crate::traces::Traces;

/// Room on the stack of each worker: the second fence behind the guard against deep documents.
const STACK: usize = 8 * 1024 * 1024;

pub(super) fn run(args: ServeArgs) -> Result<(), Failure> {
    log_to_stderr(&args)?;
    let settings = http_settings(&args)?;
    let (secret, keys) = (secret::read(&args.tokens)?, keys(&args)?);
    let url = secret::value_or_file(
        args.database_url.as_deref(),
        args.database_url_file.as_deref(),
    )?;
    let url = url.ok_or_else(|| {
        Failure::new("there is no database to serve: set DATABASE_URL or DATABASE_URL_FILE")
    })?;
    let database = DatabaseSettings {
        url,
        read_url: secret::value_or_file(
            args.read_database_url.as_deref(),
            args.read_database_url_file.as_deref(),
        )?,
        listen_url: secret::value_or_file(
            args.listen_database_url.as_deref(),
            args.listen_database_url_file.as_deref(),
        )?,
        read_max_lag: args.read_max_lag,
        pool_size: args.pool_size.into(),
        pool_timeout: args.pool_timeout,
        statement_timeout: args.statement_timeout,
        silence_timeout: args.silence_timeout,
        prepare_statements: args.prepare_statements,
    };
    let database = Database::new(&database, Metrics::default())
        .map_err(|error| Failure::new(error.to_string()))?;
    let limits = SchemaLimits {
        depth: args.max_depth,
        complexity: args.max_complexity,
    };
    let schema = graphql::build(&limits);
    let traces = Traces::from_environment().map_err(Failure::new)?;

    let served = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?
        .block_on(async {
            let validator = Validator::new(&limits);
            let documents = Documents::load(&args.documents, args.document_limits, &validator)
                .await
                .map_err(|error| Failure::new(error.to_string()))?;
            let listener = listen(args.listen).await?;
            if let Some(Keys::Remote(keys)) = &keys {
                // Before the first token needs them.
                drop(keys.refresh());
            }
            database.watch();
            let verifier = verifier(&args, secret.as_deref(), keys)?;
            let gateway = Gateway::new(schema, documents, verifier, database, settings);
            let gateway = Arc::new(gateway.traced(traces.clone()));
            if let Some(address) = args.metrics_listen {
                let listener = listen(address).await?;
                tokio::spawn(http::serve_metrics(listener, gateway.exposition()));
            }
            http::serve(listener, gateway, args.shutdown_timeout)
                .await
                .map_err(|error| Failure::new(format!("cannot serve: {error}")))
        });
    traces.shut_down();
    served
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::new(format!("cannot listen on {address}: {error}")))
}

fn http_settings(args: &ServeArgs) -> Result<HttpSettings, Failure> {
    Ok(HttpSettings {
        request_timeout: args.request_timeout,
        max_concurrent: args.max_concurrent_requests.into(),
        proxies: TrustedProxies::new(args.trusted_proxies.clone(), args.forwarded_header),
        cors_origins: args.cors_origins.clone(),
        streams: args.streams,
        portal: (&args.portal).try_into().map_err(Failure::new)?,
    })
}

/// The public keys, or `None` where no place for them is named.
fn keys(args: &ServeArgs) -> Result<Option<Keys>, Failure> {
    if let Some(url) = &args.jwks_url {
        let settings = RemoteKeysSettings {
            url: url.clone(),
            allow_http: args.jwks_allow_http,
            timeout: args.jwks_timeout,
            min_interval: args.jwks_min_interval,
            max_age: args.jwks_max_age,
        };
        return match RemoteKeys::new(&settings) {
            Ok(keys) => Ok(Some(Keys::Remote(keys))),
            Err(error) => Err(Failure::new(format!("cannot use JWKS_URL: {error}"))),
        };
    }
    let Some(path) = &args.jwks_file else {
        return Ok(None);
    };
    let complaint = |error: &dyn std::fmt::Display| {
        Failure::new(format!(
            "cannot use the key set {}: {error}",
            path.display()
        ))
    };
    let json = fs::read(path).map_err(|error| complaint(&error))?;
    let keys = KeySet::parse(&json).map_err(|error| complaint(&error))?;
    Ok(Some(Keys::Fixed(keys)))
}

fn verifier(
    args: &ServeArgs,
    secret: Option<&[u8]>,
    keys: Option<Keys>,
) -> Result<Verifier, Failure> {
    if secret.is_none() && keys.is_none() {
        return Err(Failure::new(
            "there is no key to verify tokens with: set JWT_SECRET, JWT_SECRET_FILE, JWKS_FILE or JWKS_URL",
        ));
    }
    let settings = VerifierSettings {
        issuer: args.tokens.jwt_issuer.clone(),
        audience: args.tokens.jwt_audience.clone(),
        leeway: args.jwt_leeway.as_secs(),
    };
    let keys = keys.unwrap_or_else(|| Keys::Fixed(KeySet::default()));
    Ok(Verifier::new(settings, secret, keys))
}

fn log_to_stderr(args: &ServeArgs) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&args.log_level)
        .map_err(|error| Failure::new(format!("{:?} is no log level: {error}", args.log_level)))?;
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let log = match args.log_format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(log.with_filter(filter_fn(may_be_logged)))
        .init();
    Ok(())
}

/// Whatever level is asked for: the driver notes the parameters of statements, which are people's
/// addresses and the reasons given about them, and repeats the database's words.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    !metadata.target().starts_with("tokio_postgres") || *metadata.level() <= Level::WARN
}
