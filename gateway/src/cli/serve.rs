//! `gateway serve`

use std::fs;
use std::io::IsTerminal;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::{Failure, secret};
use crate::auth::{KeySet, Verifier, VerifierSettings};
use crate::config::{LogFormat, ServeArgs};
use crate::db::{Database, DatabaseSettings};
use crate::graphql::{self, SchemaLimits};
use crate::http::{self, Gateway};

/// Room on the stack of each worker: the second fence behind the guard against deep documents.
const STACK: usize = 8 * 1024 * 1024;

pub(super) fn run(args: ServeArgs) -> Result<(), Failure> {
    log_to_stderr(&args)?;
    let verifier = verifier(&args)?;
    let database = Database::new(&DatabaseSettings {
        url: args.database_url.clone(),
        pool_size: args.pool_size.into(),
        pool_timeout: args.pool_timeout,
        statement_timeout: args.statement_timeout,
    })
    .map_err(|error| Failure::new(error.to_string()))?;
    let schema = graphql::build(&SchemaLimits {
        depth: args.max_depth,
        complexity: args.max_complexity,
    });

    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?
        .block_on(async {
            let listener = TcpListener::bind(args.listen).await.map_err(|error| {
                Failure::new(format!("cannot listen on {}: {error}", args.listen))
            })?;
            let gateway = Arc::new(Gateway::new(
                schema,
                verifier,
                database,
                args.request_timeout,
            ));
            http::serve(listener, gateway, args.shutdown_timeout)
                .await
                .map_err(|error| Failure::new(format!("cannot serve: {error}")))
        })
}

fn verifier(args: &ServeArgs) -> Result<Verifier, Failure> {
    let secret = secret::read(&args.tokens)?;
    let keys = match &args.jwks_file {
        None => KeySet::default(),
        Some(path) => {
            let complaint = |error: &dyn std::fmt::Display| {
                Failure::new(format!(
                    "cannot use the key set {}: {error}",
                    path.display()
                ))
            };
            let json = fs::read(path).map_err(|error| complaint(&error))?;
            KeySet::parse(&json).map_err(|error| complaint(&error))?
        }
    };
    if secret.is_none() && args.jwks_file.is_none() {
        return Err(Failure::new(
            "there is no key to verify tokens with: set JWT_SECRET, JWT_SECRET_FILE or JWKS_FILE",
        ));
    }
    let settings = VerifierSettings {
        issuer: args.tokens.jwt_issuer.clone(),
        audience: args.tokens.jwt_audience.clone(),
        leeway: args.jwt_leeway.as_secs(),
    };
    Ok(Verifier::new(settings, secret.as_deref(), keys))
}

fn log_to_stderr(args: &ServeArgs) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&args.log_level)
        .map_err(|error| Failure::new(format!("{:?} is no log level: {error}", args.log_level)))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
