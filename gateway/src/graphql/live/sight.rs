//! What somebody sees, apart from who they are: subscribers with the same sight share a follower.

use std::sync::Arc;

use uuid::Uuid;

use crate::auth::Role;
use crate::db::Caller;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sight {
    pub(super) tenant: Uuid,
    role: Role,
    /// In order.
    apps: Option<Vec<Uuid>>,
}

impl Sight {
    pub(super) fn of(caller: &Caller) -> Self {
        let mut apps = caller.claims.apps.clone();
        if let Some(apps) = &mut apps {
            apps.sort_unstable();
            apps.dedup();
        }
        Self {
            tenant: caller.claims.tenant,
            role: caller.claims.role,
            apps,
        }
    }

    /// The gateway itself, with this sight.
    pub(super) fn caller(&self) -> Arc<Caller> {
        Arc::new(Caller::follower(self.tenant, self.role, self.apps.clone()))
    }
}
