//! One page of the log.

use std::sync::Arc;

use uuid::Uuid;

use super::interest::Objects;
use crate::db::{Caller, Database, DatabaseError};
use crate::graphql::documents::{Documents, documents_statement};
use crate::graphql::types::ChangesPage;

/// How many changes a page has at most: few enough to hold some pages of everybody's in memory.
const MOST: i32 = 50;

/// Which part of the log.
#[derive(Debug, Default)]
pub(super) struct Range {
    /// Behind this cursor; `None`: nothing, but the cursor of now.
    pub(super) after: Option<String>,
    /// Up to this cursor; `None`: up to now.
    pub(super) upto: Option<String>,
    /// Of this user only.
    pub(super) user: Option<Uuid>,
}

pub(super) async fn read(
    database: &Database,
    caller: &Arc<Caller>,
    range: Range,
    objects: Objects,
) -> Result<Arc<Documents<ChangesPage>>, DatabaseError> {
    let selection = objects.selection;
    let statement = documents_statement!(
        "status_changes",
        selection.objects,
        selection,
        caller.claims.tenant,
        range.after,
        range.user,
        MOST,
        range.upto,
        selection.objects,
        objects.users,
        selection.authenticators,
    );
    database.read_newest(caller, statement).await.map(Arc::new)
}
