//! A connection on loan from its pool.

use deadpool_postgres::{Client, Object};

/// Goes back to the pool only when its transaction is known to have ended: one that was cut off by a
/// time limit or a panic is closed, so that nothing of a request can meet the next.
pub(super) struct Lease(Option<Client>);

impl Lease {
    pub(super) fn new(client: Client) -> Self {
        Self(Some(client))
    }

    pub(super) fn client(&self) -> &Client {
        self.0
            .as_ref()
            .expect("a lease holds its connection until it ends")
    }

    pub(super) fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}
