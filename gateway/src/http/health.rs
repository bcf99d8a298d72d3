//! `/healthz`: the process answers. `/readyz`: requests can be served.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::Mutex;

use super::Gateway;
use crate::db::{Database, DatabaseError, Versions};

/// How long an answer of the database holds: nobody can keep it busy by asking whether it is well.
const FRESH: Duration = Duration::from_secs(1);

/// Whether the database can be used.
pub(super) struct Readiness {
    database: Database,
    last: Mutex<Option<(Instant, Result<(), &'static str>)>>,
}

impl Readiness {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            last: Mutex::new(None),
        }
    }

    async fn check(&self) -> Result<(), &'static str> {
        let mut last = self.last.lock().await;
        if let Some((at, verdict)) = *last
            && at.elapsed() < FRESH
        {
            return verdict;
        }
        let verdict = verdict(self.database.versions().await);
        *last = Some((Instant::now(), verdict));
        verdict
    }
}

fn verdict(versions: Result<Versions, DatabaseError>) -> Result<(), &'static str> {
    match versions {
        Ok(Versions { storage: None, .. }) => Err("the storage is missing: run authn.migrate()"),
        Ok(Versions {
            extension,
            storage: Some(storage),
        }) if extension != storage => {
            Err("the storage is of another version than the extension: run authn.migrate()")
        }
        Ok(_) => Ok(()),
        Err(DatabaseError::Forbidden) => Err("the login may not use pg_authn"),
        Err(_) => Err("the database does not answer"),
    }
}

pub(super) async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

pub(super) async fn readyz(State(gateway): State<Arc<Gateway>>) -> Response {
    let verdict = match gateway.is_stopping() {
        true => Err("the gateway is stopping"),
        false if !gateway.verifier.has_keys() => Err("the keys of tokens have not been fetched"),
        false => gateway.readiness.check().await,
    };
    match verdict {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(reason) => {
            let body = Json(json!({ "status": "unavailable", "reason": reason }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(extension: &str, storage: Option<&str>) -> Result<(), &'static str> {
        verdict(Ok(Versions {
            extension: extension.into(),
            storage: storage.map(Into::into),
        }))
    }

    #[test]
    fn ready_is_when_extension_and_storage_agree() {
        assert!(of("0.1.0", Some("0.1.0")).is_ok());
        assert!(of("0.2.0", Some("0.1.0")).is_err());
        assert!(of("0.1.0", None).is_err());
        assert!(verdict(Err(DatabaseError::Unavailable)).is_err());
    }
}
