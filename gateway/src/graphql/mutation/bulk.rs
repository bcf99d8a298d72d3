//! What the bulk mutations have in common: the filter, and what they answer.

use async_graphql::{Context, ID, InputObject, SimpleObject};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::outcome::{ChangeRow, ContextChange};
use crate::db::{DatabaseError, Statement};
use crate::graphql::documents::Documents;
use crate::graphql::ids::GlobalId;
use crate::graphql::objects::Keys;
use crate::graphql::scalars::DateTime;
use crate::graphql::selection::Selection;
use crate::graphql::types::{App, AuthenticatorMethod, AuthenticatorStatus, labels};
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::graphql::{ApiError, Session};

/// Describes the contexts that a bulk action is about. At least one condition is named; what is left out does
/// not matter; of a list, any value will do.
#[derive(InputObject)]
pub(super) struct BulkFilter {
    /// In this app: global id or uuid.
    app: Option<ID>,
    /// Of these types.
    method: Option<Vec<AuthenticatorMethod>>,
    /// With this status in an app now; never MIXED, which is no context's.
    status: Option<Vec<AuthenticatorStatus>>,
    /// Bound to this device: global id or uuid.
    device: Option<ID>,
    /// Of these users: global ids or uuids.
    user: Option<Vec<ID>>,
    /// Locked since this instant or later.
    since: Option<DateTime>,
    /// Registered there at this instant or later.
    registered_since: Option<DateTime>,
    /// Last used successfully before this instant, or, never having been, registered before it.
    last_used_before: Option<DateTime>,
}

impl BulkFilter {
    /// The filter as the database takes it; an id that names nothing answers like one that does not exist.
    pub(super) fn into_json(self) -> Value {
        let device = |id: &ID| {
            let of_device = GlobalId::device(id).map(|(_, device)| device);
            of_device.or_else(|| GlobalId::bare(id)).unwrap_or_default()
        };
        let user = |id: &ID| GlobalId::user(id).unwrap_or_default();
        let conditions = [
            (
                "app",
                json!(self.app.map(|id| GlobalId::app(&id).unwrap_or_default())),
            ),
            ("method", json!(labels(self.method.as_deref()))),
            ("status", json!(labels(self.status.as_deref()))),
            ("device", json!(self.device.as_ref().map(device))),
            (
                "user",
                json!(
                    self.user
                        .map(|ids| ids.iter().map(user).collect::<Vec<_>>())
                ),
            ),
            ("since", json!(self.since)),
            ("registered_since", json!(self.registered_since)),
            ("last_used_before", json!(self.last_used_before)),
        ];
        let named = conditions
            .into_iter()
            .filter(|(_, condition)| !condition.is_null());
        named
            .map(|(name, condition)| (name.to_owned(), condition))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// The answer of a statement that ends with `sql/batch.sql`.
#[derive(Deserialize)]
struct Acted {
    batch_id: Option<Uuid>,
    count: i64,
    changes: Vec<BatchChange>,
}

#[derive(Deserialize)]
struct BatchChange {
    user_id: Uuid,
    #[serde(flatten)]
    row: ChangeRow,
}

/// What a bulk mutation did, or would do.
#[derive(Default, SimpleObject)]
pub(super) struct BulkOutcome {
    /// What to undo it by; null when nothing was changed, or only shown.
    batch_id: Option<Uuid>,
    /// The first hundred contexts that were changed, or would be.
    changes: Vec<ContextChange>,
    /// How many there are in all.
    change_count: i64,
    /// Why it did not do what was asked; empty when it did.
    user_errors: Vec<UserError>,
}

/// Takes a bulk action and reads what the payload selects, in one transaction.
pub(super) async fn act(context: &Context<'_>, action: Statement) -> Result<BulkOutcome, ApiError> {
    let Session { database, caller } = Session::of(context);
    let selection = Selection::of(context);
    let read = move |acted: &Acted| {
        let changes = &acted.changes;
        (selection.objects && !changes.is_empty()).then(|| {
            Keys {
                users: changes.iter().map(|change| change.user_id).collect(),
                authenticators: changes
                    .iter()
                    .map(|change| change.row.authenticator_id)
                    .collect(),
                ..Keys::default()
            }
            .statement(&selection)
        })
    };
    match database.write(caller, action, read).await {
        Ok((acted, documents)) => Ok(done(acted, documents.as_ref())),
        Err(error) => refused(error),
    }
}

fn done(acted: Acted, documents: Option<&Documents<Vec<App>>>) -> BulkOutcome {
    let changes = acted
        .changes
        .into_iter()
        .map(|BatchChange { user_id, row }| {
            let authenticator = documents
                .and_then(|documents| documents.authenticator(user_id, row.authenticator_id));
            let device = row
                .device_id
                .and_then(|device| documents?.device(user_id, device));
            ContextChange::new(row, authenticator, device)
        });
    BulkOutcome {
        batch_id: acted.batch_id,
        changes: changes.collect(),
        change_count: acted.count,
        user_errors: Vec::new(),
    }
}

fn refused(error: DatabaseError) -> Result<BulkOutcome, ApiError> {
    let DatabaseError::Refused { sqlstate, argument } = error else {
        return Err(error.into());
    };
    let (code, message) = UserErrorCode::of_condition(&sqlstate).ok_or_else(ApiError::internal)?;
    let path = argument.as_deref().map(input_path).unwrap_or_default();
    let message = match (code, path.as_slice()) {
        (UserErrorCode::InvalidArgument, ["filter"]) => "the filter names at least one condition",
        (UserErrorCode::InvalidArgument, ["filter", "status"]) => {
            "at least one status that a context can have: MIXED is none"
        }
        (UserErrorCode::InvalidArgument, ["filter", _]) => "a list names at least one value",
        (UserErrorCode::InvalidArgument, ["reason"]) => "a bulk action says why",
        (UserErrorCode::InvalidArgument, ["until"]) => "`until` lies in the future",
        (UserErrorCode::InvalidArgument, ["batchId"]) => {
            "that is an undo, which is not undone: take the action again"
        }
        _ => message,
    };
    Ok(BulkOutcome {
        user_errors: vec![UserError::at(code, message, &path)],
        ..BulkOutcome::default()
    })
}

/// Where in the input it is that the database calls so: `filter.registered_since`.
fn input_path(argument: &str) -> Vec<&str> {
    // Nobody names the tenant: the token does.
    let parts = argument.split('.').filter(|part| *part != "tenant_id");
    let names = parts.map(|part| match part {
        "registered_since" => "registeredSince",
        "last_used_before" => "lastUsedBefore",
        "batch_id" => "batchId",
        // A caller who is confined to apps names one of them.
        "app_id" => "filter",
        other => other,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_what_was_named_and_no_more() {
        let app = Uuid::from_u128(1);
        let filter = BulkFilter {
            app: Some(GlobalId::App(app).encode()),
            method: Some(vec![AuthenticatorMethod::SmsOtp]),
            status: None,
            device: None,
            user: Some(vec![ID("nobody".into())]),
            since: None,
            registered_since: None,
            last_used_before: None,
        };
        assert_eq!(
            filter.into_json(),
            json!({ "app": app, "method": ["sms_otp"], "user": [Uuid::nil()] })
        );
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_was_written() {
        for (argument, path) in [
            ("filter", &["filter"][..]),
            ("filter.method", &["filter", "method"]),
            ("filter.registered_since", &["filter", "registeredSince"]),
            ("reason", &["reason"]),
            ("batch_id", &["batchId"]),
            ("tenant_id", &[]),
        ] {
            assert_eq!(input_path(argument), path, "{argument}");
        }
    }
}
