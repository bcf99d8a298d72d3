//! A connection that does nothing but listen.

use std::future::poll_fn;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{interval_at, timeout};
use tokio_postgres::{AsyncMessage, Client, NoTls};

use super::{Database, DatabaseError};

/// How often a connection on which nothing comes is asked whether it is still there, and how long it has.
const HEARTBEAT: Duration = Duration::from_secs(30);
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// What somebody notifies on a channel.
pub(crate) struct Notifications {
    client: Client,
    wakes: mpsc::Receiver<()>,
    heartbeat: tokio::time::Interval,
}

impl Database {
    /// Listens on a channel from now on.
    pub(crate) async fn listen(
        &self,
        channel: &'static str,
    ) -> Result<Notifications, DatabaseError> {
        let connected = timeout(ANSWERS_WITHIN, self.listening().connect(NoTls)).await;
        let (client, mut connection) = connected
            .map_err(|_| DatabaseError::Unavailable)?
            .map_err(|error| DatabaseError::of_statement("listen", &error))?;
        // One that waits to be taken stands for all that come meanwhile.
        let (wake, wakes) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await
            {
                if matches!(message, AsyncMessage::Notification(_)) {
                    let _ = wake.try_send(());
                }
            }
        });
        let mut notifications = Notifications {
            client,
            wakes,
            heartbeat: interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT),
        };
        notifications.ask(&format!("listen {channel}")).await?;
        Ok(notifications)
    }
}

impl Notifications {
    /// Waits for a notification. An error: the connection is lost, and some may have been missed.
    pub(crate) async fn next(&mut self) -> Result<(), DatabaseError> {
        loop {
            tokio::select! {
                wake = self.wakes.recv() => return wake.ok_or(DatabaseError::Unavailable),
                _ = self.heartbeat.tick() => self.ask("select").await?,
            }
        }
    }

    async fn ask(&mut self, statement: &str) -> Result<(), DatabaseError> {
        timeout(ANSWERS_WITHIN, self.client.batch_execute(statement))
            .await
            .map_err(|_| DatabaseError::Unavailable)?
            .map_err(|error| DatabaseError::of_statement("listen", &error))
    }
}
