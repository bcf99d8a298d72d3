//! The one connection that listens.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::db::{Database, DatabaseError};

const CHANNEL: &str = "authn_changed";

/// How long until another attempt to connect: twice as long each time.
const RETRY: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// Counts reasons to look at the log.
pub(super) type Wakes = u64;

/// Listens for the rest of the process's life; what it answers with changes whenever there may be
/// something to read.
pub(super) fn start(database: Database) -> watch::Receiver<Wakes> {
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(async move {
        let mut pause = RETRY[0];
        // Until nobody can be woken any more.
        while !sender.is_closed() {
            if let Err(error) = listen(&database, &sender, &mut pause).await {
                tracing::warn!(?error, "changes are not listened to; trying again");
            }
            // Notifications may have been missed, and will be until there is a connection.
            sender.send_modify(|wakes| *wakes += 1);
            sleep(pause).await;
            pause = (pause * 2).min(RETRY[1]);
        }
    });
    receiver
}

/// Until the connection is lost.
async fn listen(
    database: &Database,
    sender: &watch::Sender<Wakes>,
    pause: &mut Duration,
) -> Result<(), DatabaseError> {
    let mut notifications = database.listen(CHANNEL).await?;
    *pause = RETRY[0];
    loop {
        sender.send_modify(|wakes| *wakes += 1);
        notifications.next().await?;
    }
}
