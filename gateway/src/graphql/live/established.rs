//! The word that a subscription has begun: what happens from then on is told.

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use super::lock;

/// Given to a subscription with its request; whoever holds the other end learns that it has begun, or that
/// it never will. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Established(Arc<Mutex<Option<oneshot::Sender<()>>>>);

impl Established {
    pub(crate) fn new() -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        (Self(Arc::new(Mutex::new(Some(sender)))), receiver)
    }

    pub(super) fn tell(&self) {
        if let Some(sender) = lock(&self.0).take() {
            // Whoever does not wait need not know.
            let _ = sender.send(());
        }
    }
}
