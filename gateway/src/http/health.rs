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
use crate::auth::Role;
use crate::db::{Database, DatabaseError, Versions};

/// How long an answer of the database holds: nobody can keep it busy by asking whether it is well.
const FRESH: Duration = Duration::from_secs(1);

/// Whether the database can be used.
pub(super) struct Readiness {
    database: Database,
    state: Mutex<Checked>,
}

#[derive(Default)]
struct Checked {
    /// Whether every connection was opened and prepared: until then the first requests would wait for theirs,
    /// or find that the server does not allow as many, or the login not every role.
    warm: bool,
    last: Option<(Instant, Result<(), &'static str>)>,
}

impl Readiness {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            state: Mutex::default(),
        }
    }

    async fn check(&self) -> Result<(), &'static str> {
        let mut state = self.state.lock().await;
        if let Some((at, verdict)) = state.last
            && at.elapsed() < FRESH
        {
            return verdict;
        }
        let verdict = self.ask(state.warm).await;
        state.warm |= verdict.is_ok();
        state.last = Some((Instant::now(), verdict));
        verdict
    }

    async fn ask(&self, warm: bool) -> Result<(), &'static str> {
        let roles = match warm {
            true => &[Role::Reader][..],
            false => &Role::ALL,
        };
        for role in roles {
            verdict(self.database.versions(*role).await)?;
        }
        if !warm {
            let warmed = self.database.warm().await;
            warmed.map_err(|_| "the connections to the database cannot all be opened")?;
        }
        Ok(())
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
