//! What the mutations of lockout policies have in common.

use async_graphql::{Context, SimpleObject};
use serde::Deserialize;

use crate::db::{Statement, statement};
use crate::graphql::lockout_policy_input::{Place, refusal};
use crate::graphql::types::{LockoutPolicy, label};
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::graphql::{ApiError, Session};

#[derive(Deserialize)]
struct Acted {
    verdict: Option<UserErrorCode>,
}

/// What a mutation of a policy did.
#[derive(Default, SimpleObject)]
pub(super) struct PolicyOutcome {
    /// The policy that is in force now; null when there are `userErrors`.
    lockout_policy: Option<LockoutPolicy>,
    /// Why it did not do what was asked; empty when it did.
    user_errors: Vec<UserError>,
}

impl PolicyOutcome {
    pub(super) fn refused(error: UserError) -> Self {
        Self {
            lockout_policy: None,
            user_errors: vec![error],
        }
    }
}

/// Changes the policy of a place and reads the one that is in force then, in one transaction.
pub(super) async fn change(
    context: &Context<'_>,
    action: Statement,
    place: Place,
) -> Result<PolicyOutcome, ApiError> {
    let Session { database, caller } = Session::of(context);
    let tenant = caller.claims.tenant;
    let read = move |acted: &Acted| {
        let method = label(&place.method);
        acted
            .verdict
            .is_none()
            .then(|| statement!(["lockout_policies"], tenant, place.app, method))
    };
    match database.write(caller, action, read).await {
        Ok((
            Acted {
                verdict: Some(code),
            },
            _,
        )) => Ok(PolicyOutcome::refused(UserError::new(
            code,
            code.message(),
            None,
        ))),
        Ok((_, policies)) => Ok(PolicyOutcome {
            lockout_policy: policies.and_then(|mut policies: Vec<LockoutPolicy>| policies.pop()),
            user_errors: Vec::new(),
        }),
        Err(error) => refusal(error).map(PolicyOutcome::refused),
    }
}
