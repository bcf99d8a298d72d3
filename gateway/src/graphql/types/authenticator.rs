//! Authenticators.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{ID, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    App, AuthenticatorAction, AuthenticatorContext, AuthenticatorMethod, AuthenticatorScope,
    AuthenticatorStatus, Device, ExplanationRow, StatusCount, StatusExplanation, User,
    UserDocument,
};
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::DateTime;

#[derive(Debug, Deserialize)]
pub(crate) struct AuthenticatorRow {
    pub(crate) authenticator_id: Uuid,
    pub(crate) method: AuthenticatorMethod,
    scope: AuthenticatorScope,
    identifier: Option<String>,
    provider: Option<String>,
    name: Option<String>,
    pub(crate) device_id: Option<Uuid>,
    pub(crate) status: AuthenticatorStatus,
    app_label: Option<String>,
    statuses: BTreeMap<AuthenticatorStatus, i32>,
    pub(crate) registered_at: DateTime,
    pub(crate) last_success_at: Option<DateTime>,
    last_app: Option<App>,
    last_device_id: Option<Uuid>,
    locked_until: Option<DateTime>,
    locked_indefinitely: bool,
    deactivated_until: Option<DateTime>,
    deactivated_indefinitely: bool,
    available_actions: Vec<AuthenticatorAction>,
    /// No app uses it yet.
    stands_alone: bool,
    locked_everywhere_since: Option<DateTime>,
    /// Read only where it is selected.
    explanation: Option<ExplanationRow>,
}

/// Where an authenticator stands in the list of its user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct AuthenticatorKey(AuthenticatorMethod, DateTime, Uuid);

/// A status, and where: a row of `authn.standings`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// The app; `None`: the authenticator stands for itself.
    pub(crate) app: Option<Uuid>,
    pub(crate) status: AuthenticatorStatus,
    pub(crate) locked_since: Option<DateTime>,
}

/// An authenticator, as part of the answer that it came in.
#[derive(Clone)]
pub(crate) struct Authenticator {
    user: Arc<UserDocument>,
    position: usize,
}

impl Authenticator {
    /// The user's authenticator of this id, where it was read.
    pub(crate) fn find(user: &Arc<UserDocument>, authenticator_id: Uuid) -> Option<Self> {
        Self::all(user)
            .find(|authenticator| authenticator.row().authenticator_id == authenticator_id)
    }

    /// Every authenticator of the user that was read.
    pub(crate) fn all(user: &Arc<UserDocument>) -> impl Iterator<Item = Self> {
        (0..user.authenticators.len()).map(|position| Self {
            user: Arc::clone(user),
            position,
        })
    }

    pub(crate) fn row(&self) -> &AuthenticatorRow {
        &self.user.authenticators[self.position]
    }

    pub(crate) fn key(&self) -> AuthenticatorKey {
        let row = self.row();
        AuthenticatorKey(row.method, row.registered_at, row.authenticator_id)
    }

    /// Whether a text in lower case is part of a name or identifier of it, or its or its user's key.
    pub(crate) fn is_found_by(&self, text: &str) -> bool {
        let row = self.row();
        let names = [&row.name, &row.identifier, &self.user.display_name];
        names
            .into_iter()
            .flatten()
            .any(|name| name.to_lowercase().contains(text))
            || [row.authenticator_id, self.user.user_id]
                .iter()
                .any(|uuid| uuid.to_string() == text)
    }

    /// Its contexts, where they were read.
    pub(crate) fn contexts_read(&self) -> impl Iterator<Item = AuthenticatorContext> {
        AuthenticatorContext::of(&self.user, self.row().authenticator_id)
    }

    /// What of it has a status of its own, where its contexts were read: those, or itself where it stands alone.
    pub(crate) fn standings(&self) -> impl Iterator<Item = Standing> {
        let row = self.row();
        let itself = row.stands_alone.then_some(Standing {
            app: None,
            status: row.status,
            locked_since: row.locked_everywhere_since,
        });
        itself
            .into_iter()
            .chain(self.contexts_read().map(|context| {
                let context = context.row();
                Standing {
                    app: Some(context.app.app_id),
                    status: context.status,
                    locked_since: context.locked_since,
                }
            }))
    }
}

/// One way in which one user proves who they are, listed once however many apps use it.
#[Object(serial)]
impl Authenticator {
    /// Global id; carries the user's.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Authenticator {
            user: self.user.user_id,
            authenticator: self.row().authenticator_id,
        }
        .encode()
    }

    /// Key in SQL, together with the user's.
    async fn uuid(&self) -> Uuid {
        self.row().authenticator_id
    }

    /// Whose it is.
    async fn user(&self) -> User {
        User(Arc::clone(&self.user))
    }

    /// Its type.
    async fn method(&self) -> AuthenticatorMethod {
        self.row().method
    }

    /// What it is bound to.
    async fn scope(&self) -> AuthenticatorScope {
        self.row().scope
    }

    /// Name that its user gave it.
    async fn name(&self) -> Option<&str> {
        self.row().name.as_deref()
    }

    /// Email address, phone number, or the user's id at the provider; masked unless the caller is an admin
    /// or a service. Null for methods without one.
    async fn identifier(&self) -> Option<&str> {
        self.row().identifier.as_deref()
    }

    /// The social provider, or the OIDC or SAML connection.
    async fn provider(&self) -> Option<&str> {
        self.row().provider.as_deref()
    }

    /// The device that a device-scoped authenticator is bound to.
    async fn device(&self) -> Option<Device> {
        Device::find(&self.user, self.row().device_id?)
    }

    /// The status that its contexts agree on, else MIXED. Contexts whose app does not offer the method do
    /// not count. Without a context: what its own facts say.
    async fn status(&self) -> AuthenticatorStatus {
        self.row().status
    }

    /// How many contexts have which status: the breakdown of MIXED. Statuses that none has are left out.
    async fn status_counts(&self) -> Vec<StatusCount> {
        let counts = self.row().statuses.iter();
        counts
            .map(|(&status, &count)| StatusCount { status, count })
            .collect()
    }

    /// The app that uses it, or "Multiple"; null when none does yet.
    async fn app_label(&self) -> Option<&str> {
        self.row().app_label.as_deref()
    }

    /// The apps that use it, by name.
    async fn apps(&self) -> Vec<App> {
        self.contexts_read()
            .map(|context| context.row().app.clone())
            .collect()
    }

    /// Its facts in each app that uses it, by the app's name: what clicking a status shows.
    async fn contexts(&self) -> Vec<AuthenticatorContext> {
        self.contexts_read().collect()
    }

    /// When it was registered first.
    async fn registered_at(&self) -> DateTime {
        self.row().registered_at
    }

    /// When it authenticated last, in whatever app.
    async fn last_success_at(&self) -> Option<DateTime> {
        self.row().last_success_at
    }

    /// The app of the last success.
    async fn last_app(&self) -> Option<&App> {
        self.row().last_app.as_ref()
    }

    /// The device of the last success, where it was told.
    async fn last_device(&self) -> Option<Device> {
        Device::find(&self.user, self.row().last_device_id?)
    }

    /// The latest end of a lock in force in any context; null when there is none or it has no end.
    async fn locked_until(&self) -> Option<DateTime> {
        self.row().locked_until
    }

    /// Whether a lock is in force in some context that lasts until it is unlocked.
    async fn locked_indefinitely(&self) -> bool {
        self.row().locked_indefinitely
    }

    /// The latest end of what deactivates it in every app: itself, its device or its user; null when
    /// nothing does or it has no end.
    async fn deactivated_until(&self) -> Option<DateTime> {
        self.row().deactivated_until
    }

    /// Whether it is deactivated in every app until that is lifted.
    async fn deactivated_indefinitely(&self) -> bool {
        self.row().deactivated_indefinitely
    }

    /// What the caller may do with it as a whole that would change something.
    async fn available_actions(&self) -> &[AuthenticatorAction] {
        &self.row().available_actions
    }

    /// Why it has its status: the rule that decided, since when, until when, and by which facts.
    async fn explanation(
        &self,
        #[graphql(
            desc = "The app to explain, by its key in SQL; it must be registered there. Left out: the \
            authenticator as a whole, with each of its apps."
        )]
        app: Option<Uuid>,
    ) -> Result<StatusExplanation, ApiError> {
        let whole = self.row().explanation.as_ref();
        let whole = whole.ok_or_else(ApiError::internal)?;
        let row = match app {
            None => whole,
            Some(app) => whole.in_app(app).ok_or_else(|| {
                ApiError::bad_input("the authenticator is not registered in the app to explain")
            })?,
        };
        Ok(StatusExplanation {
            row: row.clone(),
            authenticator: self.clone(),
        })
    }
}
