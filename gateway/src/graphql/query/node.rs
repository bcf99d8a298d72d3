//! `node` and `nodes`

use async_graphql::{Context, ID, Object};

use crate::graphql::documents::Documents;
use crate::graphql::ids::GlobalId;
use crate::graphql::objects::Keys;
use crate::graphql::selection::Selection;
use crate::graphql::types::{App, Node};
use crate::graphql::{ApiError, Session};

/// How many objects may be asked for at once.
const MAX_IDS: usize = 100;

#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object that a global id names; null when the caller sees none.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A global id that an earlier answer held.")] id: ID,
    ) -> Option<Result<Node, ApiError>> {
        let read = read(context, &[id]).await;
        read.map(|mut nodes| nodes.pop().flatten()).transpose()
    }

    /// The objects that global ids name, in their order, with null for those that the caller does not see.
    #[graphql(complexity = "ids.len().saturating_mul(child_complexity).saturating_add(1)")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most 100 global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() > MAX_IDS {
            return Err(ApiError::bad_input("`nodes` takes at most 100 ids"));
        }
        read(context, &ids).await
    }
}

async fn read(context: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>, ApiError> {
    let Session { database, caller } = Session::of(context);
    let ids: Vec<_> = ids.iter().map(GlobalId::parse).collect();
    let keys = Keys::of_ids(ids.iter().copied().flatten());
    let statement = keys.statement(&Selection::of(context));
    let documents: Documents<Vec<App>> = database.read(caller, statement).await?;
    Ok(ids.into_iter().map(|id| documents.node(id?)).collect())
}
