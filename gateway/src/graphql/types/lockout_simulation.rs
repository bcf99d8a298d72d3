//! What another lockout policy would have made of the attempts that were recorded.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use serde::Deserialize;
use uuid::Uuid;

use super::{App, Authenticator, User};
use crate::graphql::ApiError;
use crate::graphql::documents::Documents;
use crate::graphql::page::MAX_PAGE;
use crate::graphql::scalars::DateTime;
use crate::graphql::user_error::UserError;

/// The totals of a simulation.
#[derive(Clone, Debug, SimpleObject, Deserialize)]
#[graphql(serial)]
pub(crate) struct LockoutSimulationSummary {
    /// Users who tried.
    users: i64,
    /// Authenticators that were tried.
    authenticators: i64,
    /// Attempts that were replayed.
    attempts: i64,
    /// Locks that there would have been.
    locks: i64,
    /// How long they would have lasted so far, all added up, in seconds.
    locked_for_seconds: f64,
    /// Attempts that a lock would have refused.
    refused: i64,
    /// Those of them that really succeeded: logins that the policy would have cost.
    legitimate_refused: i64,
    /// Users who would have been locked at least once.
    users_locked: i64,
    /// Users who would have been refused at least one login that really succeeded.
    users_kept_out: i64,
    /// Authenticators, one by one in each app where that is where they lock, that would be locked now.
    would_be_locked_now: i64,
}

#[derive(Deserialize)]
struct SimulatedRow {
    user_id: Uuid,
    authenticator_id: Uuid,
    app: Option<App>,
    attempts: i64,
    locks: i64,
    locked_for_seconds: f64,
    refused: i64,
    legitimate_refused: i64,
    would_be_locked_now: bool,
    locked_until: Option<DateTime>,
    locked_indefinitely: bool,
}

/// The answer of `sql/lockout_policy_simulation.sql`.
#[derive(Deserialize)]
pub(crate) struct SimulationDocument {
    summary: LockoutSimulationSummary,
    rows: Vec<SimulatedRow>,
}

/// What a policy would have done to one authenticator where it locks.
pub(crate) struct SimulatedLockout {
    documents: Arc<Documents<SimulationDocument>>,
    position: usize,
}

impl SimulatedLockout {
    fn row(&self) -> &SimulatedRow {
        &self.documents.page.rows[self.position]
    }
}

/// What a policy would have done to one authenticator where it locks: in the whole tenant or in one app.
#[Object(serial)]
impl SimulatedLockout {
    /// Whose authenticator it is.
    async fn user(&self) -> Result<User, ApiError> {
        let user = self.documents.user(self.row().user_id);
        user.ok_or_else(ApiError::internal)
    }

    /// The authenticator; null when it has been removed since.
    async fn authenticator(&self) -> Option<Authenticator> {
        let row = self.row();
        self.documents
            .authenticator(row.user_id, row.authenticator_id)
    }

    /// The app; null for a global method, which locks in the whole tenant.
    async fn app(&self) -> Option<&App> {
        self.row().app.as_ref()
    }

    /// Attempts that were replayed.
    async fn attempts(&self) -> i64 {
        self.row().attempts
    }

    /// Locks that there would have been.
    async fn locks(&self) -> i64 {
        self.row().locks
    }

    /// How long they would have lasted so far, in seconds.
    async fn locked_for_seconds(&self) -> f64 {
        self.row().locked_for_seconds
    }

    /// Attempts that a lock would have refused.
    async fn refused(&self) -> i64 {
        self.row().refused
    }

    /// Those of them that really succeeded.
    async fn legitimate_refused(&self) -> i64 {
        self.row().legitimate_refused
    }

    /// Whether it would be locked now.
    async fn would_be_locked_now(&self) -> bool {
        self.row().would_be_locked_now
    }

    /// Until when; null when it would not be locked, or without end.
    async fn locked_until(&self) -> Option<DateTime> {
        self.row().locked_until
    }

    /// Whether it would be locked until it is unlocked.
    async fn locked_indefinitely(&self) -> bool {
        self.row().locked_indefinitely
    }
}

/// What a policy would have made of the attempts, or why it cannot be one.
pub(crate) struct LockoutSimulation {
    documents: Option<Arc<Documents<SimulationDocument>>>,
    user_errors: Vec<UserError>,
}

impl LockoutSimulation {
    pub(crate) fn of(documents: Documents<SimulationDocument>) -> Self {
        Self {
            documents: Some(Arc::new(documents)),
            user_errors: Vec::new(),
        }
    }

    pub(crate) fn refused(error: UserError) -> Self {
        Self {
            documents: None,
            user_errors: vec![error],
        }
    }
}

/// What a policy would have made of the attempts, or why it cannot be one.
#[Object(serial)]
impl LockoutSimulation {
    /// The totals; null when there are `userErrors`.
    async fn summary(&self) -> Option<&LockoutSimulationSummary> {
        Some(&self.documents.as_ref()?.page.summary)
    }

    /// The authenticators that it would have touched: those that would have lost most logins first, then
    /// those that would have been locked longest.
    #[graphql(complexity = "super::super::page::cost(Some(first), None, child_complexity)")]
    async fn rows(
        &self,
        #[graphql(desc = "How many: 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<SimulatedLockout>, ApiError> {
        if !(1..=MAX_PAGE).contains(&first.into()) {
            return Err(ApiError::bad_input("`first` is between 1 and 100"));
        }
        let Some(documents) = &self.documents else {
            return Ok(Vec::new());
        };
        let count = documents.page.rows.len();
        let shown = usize::try_from(first).unwrap_or_default().min(count);
        let rows = (0..shown).map(|position| SimulatedLockout {
            documents: Arc::clone(documents),
            position,
        });
        Ok(rows.collect())
    }

    /// Why it was not simulated; empty when it was.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}
