//! `user`

use async_graphql::{Context, Object};
use uuid::Uuid;

use crate::graphql::documents::Documents;
use crate::graphql::ids::GlobalId;
use crate::graphql::objects::Keys;
use crate::graphql::selection::Selection;
use crate::graphql::types::{App, User};
use crate::graphql::{ApiError, Session};

#[derive(Default)]
pub(super) struct UserQuery;

#[Object]
impl UserQuery {
    /// The user with this key in SQL; null when the caller sees none.
    async fn user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Key of the user in SQL.")] uuid: Uuid,
    ) -> Option<Result<User, ApiError>> {
        read(context, uuid).await.transpose()
    }
}

async fn read(context: &Context<'_>, uuid: Uuid) -> Result<Option<User>, ApiError> {
    let Session { database, caller } = Session::of(context);
    let keys = Keys::of_ids([GlobalId::User(uuid)]);
    let statement = keys.statement(&Selection::of(context));
    let documents: Documents<Vec<App>> = database.read(caller, statement).await?;
    Ok(documents.user(uuid))
}
