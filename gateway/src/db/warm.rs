//! Warming up: whatever the first requests would have to wait for is done before they are let in.

use tokio::task::JoinSet;

use super::statement::Text;
use super::transaction::SESSION;
use super::{Database, DatabaseError, Lease};
use crate::auth::Role;

impl Database {
    /// Opens every connection that there may be to the primary, and prepares every statement on each: a
    /// server that does not allow as many says so now and not in a rush.
    pub(crate) async fn warm(&self) -> Result<(), DatabaseError> {
        let mut roles = JoinSet::new();
        for role in Role::ALL {
            let database = self.clone();
            roles.spawn(async move { database.warm_role(role).await });
        }
        while let Some(warmed) = roles.join_next().await {
            warmed.map_err(|_| DatabaseError::Unexpected)??;
        }
        Ok(())
    }

    async fn warm_role(&self, role: Role) -> Result<(), DatabaseError> {
        let server = self.primary();
        let mut leases = Vec::new();
        for _ in 0..server.most_connections() {
            let work = async {
                let lease = server.lease(role).await?;
                self.prepare_all(&lease).await?;
                Ok(lease)
            };
            // Kept until all are there: the pool would hand out the same one again.
            leases.push(server.unless_silent(work).await?);
        }
        leases.into_iter().for_each(Lease::finish);
        Ok(())
    }

    async fn prepare_all(&self, lease: &Lease) -> Result<(), DatabaseError> {
        let texts = inventory::iter::<Text>.into_iter().chain([&SESSION]);
        for text in texts {
            drop(self.prepared(lease.client(), *text).await?);
        }
        Ok(())
    }
}
