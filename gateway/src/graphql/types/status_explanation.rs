//! Why an authenticator has its status.

use async_graphql::{Enum, Object};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{App, Authenticator, AuthenticatorStatus};
use crate::graphql::scalars::{DateTime, Json};

/// What decided about a status: the first that held, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StatusRule {
    /// The user is suspended.
    UserSuspended,
    /// An administrator deactivated the authenticator in every app.
    DeactivatedEverywhere,
    /// An administrator deactivated its device.
    DeviceDeactivated,
    /// An administrator deactivated it in this app.
    DeactivatedHere,
    /// A lockout policy locked it.
    Locked,
    /// It has authenticated.
    Succeeded,
    /// It has not authenticated yet.
    NeverSucceeded,
    /// Of the authenticator as a whole: no app uses it yet.
    NoContext,
    /// Of the authenticator as a whole: its apps differ.
    ContextsDiffer,
    /// Of the authenticator as a whole: its apps agree.
    ContextsAgree,
}

/// What `authn.explain_status` answers (`docs/explain-status.md`).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ExplanationRow {
    status: AuthenticatorStatus,
    rule: StatusRule,
    sentence: String,
    app_id: Option<Uuid>,
    available: Option<bool>,
    since: Option<DateTime>,
    until: Option<DateTime>,
    #[serde(default)]
    endless: bool,
    #[serde(default)]
    contexts: Vec<ExplanationRow>,
    /// Everything else.
    #[serde(flatten)]
    facts: Map<String, Value>,
}

impl ExplanationRow {
    /// The explanation of the authenticator in one app, where it is registered there.
    pub(super) fn in_app(&self, app: Uuid) -> Option<&Self> {
        self.contexts.iter().find(|row| row.app_id == Some(app))
    }
}

/// An explanation, as part of the answer that it came in.
pub(crate) struct StatusExplanation {
    pub(super) row: ExplanationRow,
    pub(super) authenticator: Authenticator,
}

/// Why an authenticator has its status: in one app, or as a whole.
#[Object(serial)]
impl StatusExplanation {
    /// The status.
    async fn status(&self) -> AuthenticatorStatus {
        self.row.status
    }

    /// What decided about it.
    async fn rule(&self) -> StatusRule {
        self.row.rule
    }

    /// The same in one English sentence. Plain text; may hold the reason that somebody gave.
    async fn sentence(&self) -> &str {
        &self.row.sentence
    }

    /// The app that it is about; null for the authenticator as a whole.
    async fn app(&self) -> Option<App> {
        let app_id = self.row.app_id?;
        let mut contexts = self.authenticator.contexts_read();
        let context = contexts.find(|context| context.row().app.app_id == app_id)?;
        Some(context.row().app.clone())
    }

    /// Whether the app offers the method now; null for the authenticator as a whole.
    async fn available(&self) -> Option<bool> {
        self.row.available
    }

    /// When it began, or when what lay over it was over; null for the authenticator as a whole.
    async fn since(&self) -> Option<DateTime> {
        self.row.since
    }

    /// When what decided ends; null when it has no end to wait for.
    async fn until(&self) -> Option<DateTime> {
        self.row.until
    }

    /// Whether what decided lasts until somebody ends it.
    async fn indefinitely(&self) -> bool {
        self.row.endless
    }

    /// The explanation in each app, by the app's name; empty where this is one of them.
    async fn contexts(&self) -> Vec<StatusExplanation> {
        let rows = self.row.contexts.iter();
        rows.map(|row| StatusExplanation {
            row: row.clone(),
            authenticator: self.authenticator.clone(),
        })
        .collect()
    }

    /// What it was decided by: `facts`, `policy`, `lock` and `attempts`, and in `unlock` what an unlock
    /// would touch; of the authenticator as a whole `unlock` alone. The keys are those of
    /// `authn.explain_status`.
    async fn facts(&self) -> Json {
        Json(Value::Object(self.row.facts.clone()))
    }
}
