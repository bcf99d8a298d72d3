//! What every mutation answers, and how it comes about.

use async_graphql::{Context, Object, SimpleObject};
use serde::Deserialize;
use uuid::Uuid;

use crate::db::{DatabaseError, Statement};
use crate::graphql::documents::Documents;
use crate::graphql::objects::Keys;
use crate::graphql::selection::Selection;
use crate::graphql::types::{
    App, Authenticator, AuthenticatorMethod, AuthenticatorStatus, Device, User,
};
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::graphql::{ApiError, Session};

/// The answer of a statement that ends with `sql/changes.sql`.
#[derive(Deserialize)]
struct Acted {
    changes: Vec<ChangeRow>,
    verdict: Option<UserErrorCode>,
}

#[derive(Clone, Deserialize)]
pub(super) struct ChangeRow {
    pub(super) authenticator_id: Uuid,
    pub(super) device_id: Option<Uuid>,
    method: AuthenticatorMethod,
    status_before: AuthenticatorStatus,
    status_after: AuthenticatorStatus,
    app: Option<App>,
}

/// A context that the mutation changed.
pub(super) struct ContextChange {
    row: ChangeRow,
    authenticator: Option<Authenticator>,
    device: Option<Device>,
}

impl ContextChange {
    pub(super) fn new(
        row: ChangeRow,
        authenticator: Option<Authenticator>,
        device: Option<Device>,
    ) -> Self {
        Self {
            row,
            authenticator,
            device,
        }
    }
}

/// A context that the mutation changed: some fact of it, even where its status stays what it was.
#[Object(serial)]
impl ContextChange {
    /// The authenticator, as it is now.
    async fn authenticator(&self) -> Result<&Authenticator, ApiError> {
        self.authenticator.as_ref().ok_or_else(ApiError::internal)
    }

    /// The type of the authenticator.
    async fn method(&self) -> AuthenticatorMethod {
        self.row.method
    }

    /// The app; null for an authenticator that no app uses yet.
    async fn app(&self) -> Option<&App> {
        self.row.app.as_ref()
    }

    /// The device that a device-scoped authenticator is bound to, as it is now.
    async fn device(&self) -> Option<&Device> {
        self.device.as_ref()
    }

    /// The status before the mutation.
    async fn status_before(&self) -> AuthenticatorStatus {
        self.row.status_before
    }

    /// The status after it.
    async fn status_after(&self) -> AuthenticatorStatus {
        self.row.status_after
    }
}

/// The part that the payloads of all mutations have in common.
#[derive(Default, SimpleObject)]
pub(super) struct Outcome {
    /// Every context that was changed; empty when nothing was.
    changes: Vec<ContextChange>,
    /// Why it did not do what was asked; empty when it did.
    user_errors: Vec<UserError>,
}

impl Outcome {
    pub(super) fn refused(error: UserError) -> Self {
        Self {
            changes: Vec::new(),
            user_errors: vec![error],
        }
    }
}

/// What an action is about, and how its input calls that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) user: Uuid,
    pub(super) authenticator: Option<Uuid>,
    pub(super) device: Option<Uuid>,
    /// The field of the input that names the target.
    pub(super) field: &'static str,
    /// The field of the input that names the place.
    pub(super) place: &'static str,
}

impl Target {
    pub(super) const fn user(user: Uuid) -> Self {
        Self {
            user,
            authenticator: None,
            device: None,
            field: "userId",
            place: "appId",
        }
    }

    pub(super) const fn authenticator((user, authenticator): (Uuid, Uuid)) -> Self {
        Self {
            authenticator: Some(authenticator),
            field: "authenticatorId",
            ..Self::user(user)
        }
    }

    pub(super) const fn device((user, device): (Uuid, Uuid)) -> Self {
        Self {
            device: Some(device),
            field: "deviceId",
            ..Self::user(user)
        }
    }

    /// The field of the input that an argument of the function came from.
    fn input_field(&self, argument: &str) -> Option<&'static str> {
        match argument {
            "user_id" | "authenticator_id" | "device_id" => Some(self.field),
            "app_id" => Some(self.place),
            "method" => Some("method"),
            "until" => Some("until"),
            "reason" => Some("reason"),
            "cause" => Some("cause"),
            _ => None,
        }
    }
}

/// What a mutation did, and the objects that its payload selects.
#[derive(Default)]
pub(super) struct Done {
    pub(super) outcome: Outcome,
    pub(super) user: Option<User>,
    pub(super) authenticator: Option<Authenticator>,
    pub(super) device: Option<Device>,
}

impl Done {
    /// Nothing: an id in the input names no object of its kind, which is all that is said of ids that
    /// name none that the caller sees.
    pub(super) fn not_found(sqlstate: &str, field: &str) -> Self {
        let error = UserErrorCode::of_condition(sqlstate)
            .map(|(code, message)| UserError::new(code, message, Some(field)))
            .unwrap_or_else(|| {
                UserError::new(
                    UserErrorCode::NotFound,
                    "there is no such object",
                    Some(field),
                )
            });
        Self::refused(error)
    }

    pub(super) fn refused(error: UserError) -> Self {
        Self {
            outcome: Outcome::refused(error),
            ..Self::default()
        }
    }
}

/// Takes an action and reads what the payload selects, in one transaction.
pub(super) async fn act(
    context: &Context<'_>,
    action: Statement,
    target: Target,
) -> Result<Done, ApiError> {
    let Session { database, caller } = Session::of(context);
    let selection = Selection::of(context);
    let read = move |acted: &Acted| {
        selection.objects.then(|| {
            let changed = acted.changes.iter().map(|change| change.authenticator_id);
            Keys {
                users: vec![target.user],
                authenticators: changed.chain(target.authenticator).collect(),
                apps: Vec::new(),
                devices: target.device.is_some(),
            }
            .statement(&selection)
        })
    };
    let action = action.about_users(vec![target.user]);
    match database.write(caller, action, read).await {
        Ok((acted, documents)) => Ok(done(&acted, documents.as_ref(), target)),
        Err(DatabaseError::Refused { sqlstate, argument }) => {
            let (code, message) =
                UserErrorCode::of_condition(&sqlstate).ok_or_else(ApiError::internal)?;
            let field = argument
                .as_deref()
                .and_then(|argument| target.input_field(argument));
            let message = match (code, field) {
                (UserErrorCode::InvalidArgument, Some("until")) => "`until` lies in the future",
                _ => message,
            };
            Ok(Done::refused(UserError::new(code, message, field)))
        }
        Err(error) => Err(error.into()),
    }
}

fn done(acted: &Acted, documents: Option<&Documents<Vec<App>>>, target: Target) -> Done {
    let authenticator = |id| documents?.authenticator(target.user, id);
    let device = |id| documents?.device(target.user, id);
    let changes: Vec<_> = acted
        .changes
        .iter()
        .map(|row| {
            ContextChange::new(
                row.clone(),
                authenticator(row.authenticator_id),
                row.device_id.and_then(device),
            )
        })
        .collect();
    let nothing_to_do = acted.verdict.filter(|_| changes.is_empty());
    Done {
        outcome: Outcome {
            changes,
            user_errors: nothing_to_do
                .map(|code| UserError::new(code, code.message(), None))
                .into_iter()
                .collect(),
        },
        user: documents.and_then(|documents| documents.user(target.user)),
        authenticator: target.authenticator.and_then(authenticator),
        device: target.device.and_then(device),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_at_fault_is_called_as_in_the_input() {
        let one = Uuid::from_u128(1);
        for (target, argument, field) in [
            (Target::user(one), "user_id", Some("userId")),
            (
                Target::authenticator((one, one)),
                "user_id",
                Some("authenticatorId"),
            ),
            (
                Target::authenticator((one, one)),
                "authenticator_id",
                Some("authenticatorId"),
            ),
            (Target::authenticator((one, one)), "app_id", Some("appId")),
            (Target::device((one, one)), "device_id", Some("deviceId")),
            (Target::device((one, one)), "until", Some("until")),
            (Target::user(one), "tenant_id", None),
        ] {
            assert_eq!(target.input_field(argument), field, "{argument}");
        }
    }
}
