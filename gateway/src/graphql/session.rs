//! What a resolver has: the database, and who is asking.

use std::sync::Arc;

use async_graphql::Context;

use crate::db::{Caller, Database};

/// One request's way to the database.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) database: Database,
    pub(crate) caller: Arc<Caller>,
}

impl Session {
    pub(crate) fn of<'ctx>(context: &Context<'ctx>) -> &'ctx Self {
        context.data_unchecked()
    }
}
