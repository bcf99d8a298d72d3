//! The root fields of subscriptions.

use async_graphql::futures_util::stream::{self, BoxStream, StreamExt};
use async_graphql::{Context, Subscription as GraphqlSubscription};
use uuid::Uuid;

use super::live::{Established, Interest, Live, Subscriber};
use super::selection::Selection;
use super::types::AuthenticatorChange;
use super::{ApiError, Session};
use crate::db::DatabaseError;

/// What can be subscribed to.
#[derive(Default)]
pub(crate) struct Subscription;

/// What can be subscribed to: over `/graphql/stream` (Server-Sent Events) and over a WebSocket at
/// `/graphql`.
#[GraphqlSubscription]
impl Subscription {
    /// What changes the status of authenticators, as it happens: registrations, locks, unlocks, removals,
    /// deactivations, suspensions and their ends, also those that come by themselves. Attempts only where they
    /// change a status. Each change comes once, whoever restarts in between, when the subscription goes on
    /// with the cursor of the last one.
    async fn authenticator_changed(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Key in SQL of the one user whose changes are wanted; all when left out."
        )]
        user_id: Option<Uuid>,
        #[graphql(
            desc = "The cursor of the last change that was seen: what came after it comes first. From now on when \
            left out."
        )]
        after: Option<String>,
    ) -> BoxStream<'static, Result<AuthenticatorChange, ApiError>> {
        let Session { caller, .. } = Session::of(context);
        let interest = Interest {
            user: user_id,
            selection: Selection::of(context),
        };
        let live = context.data_unchecked::<Live>();
        let established = context.data_unchecked::<Established>().clone();
        let subscriber = Subscriber::new(live, caller.clone(), interest, after, established);
        stream::unfold(subscriber, |mut subscriber| async {
            let change = subscriber.next().await?;
            Some((change.map_err(refused), subscriber))
        })
        .boxed()
    }
}

/// What the database refuses about the arguments.
fn refused(error: DatabaseError) -> ApiError {
    match &error {
        DatabaseError::Refused { sqlstate, .. } => match sqlstate.as_str() {
            "AU001" => ApiError::bad_input("`userId` is no user that you see"),
            "AU017" => ApiError::bad_input(
                "`after` is no cursor of this subscription: give back one that a change held",
            ),
            "AU018" => ApiError::cursor_expired(),
            _ => error.into(),
        },
        _ => error.into(),
    }
}
