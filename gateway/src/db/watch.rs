//! Watching the servers over a connection of its own each: one that is connected and silent would keep every
//! request waiting, and a replica must be known to show what was changed before it is read from.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_postgres::{Client, Error, NoTls};

use super::Database;
use super::position::Found;
use super::server::Server;

/// Between two questions to the primary.
const PRIMARY_INTERVAL: Duration = Duration::from_secs(1);

/// Between two questions to the replica: so long, and as it is behind, a user who was changed is read from
/// the primary.
const REPLICA_INTERVAL: Duration = Duration::from_millis(100);

/// Asks the primary for ever.
pub(super) async fn primary(database: Database, patience: Duration) {
    let mut connection = None;
    loop {
        let found = ask(database.primary(), &mut connection, patience).await;
        if let (Some(found), Some(replica)) = (found, database.replica()) {
            replica.primary_is_at(found.at);
        }
        sleep(PRIMARY_INTERVAL).await;
    }
}

/// Asks the replica for ever.
pub(super) async fn replica(database: Database, patience: Duration) {
    let mut connection = None;
    while let Some(replica) = database.replica() {
        let found = ask(replica.server(), &mut connection, patience).await;
        // Whoever follows nobody may be anything: a primary of its own, or a copy that stands still.
        let replayed = found.and_then(|found| found.follows.then_some(found.at));
        replica.is_at(replayed);
        sleep(REPLICA_INTERVAL).await;
    }
}

/// What the server says of itself; `None` where it says nothing.
async fn ask(
    server: &Server,
    connection: &mut Option<Client>,
    patience: Duration,
) -> Option<Found> {
    let found = timeout(patience, find(server, connection)).await;
    let silent = found.is_err();
    if server.silent.send_replace(silent) != silent {
        match silent {
            true => tracing::warn!(server = %server.place, ?patience, "the server is silent"),
            false => tracing::info!(server = %server.place, "the server answers again"),
        }
    }
    match found {
        Ok(Ok(found)) => Some(found),
        // Why it cannot be reached is told by whoever needs it.
        Ok(Err(_)) | Err(_) => {
            *connection = None;
            None
        }
    }
}

async fn find(server: &Server, connection: &mut Option<Client>) -> Result<Found, Error> {
    let client = match connection {
        Some(client) => client,
        None => connection.insert(connect(server).await?),
    };
    Found::ask(client).await
}

async fn connect(server: &Server) -> Result<Client, Error> {
    let mut config = server.config.clone();
    config.application_name("gateway watch");
    let (client, connection) = config.connect(NoTls).await?;
    // It ends with its client; an error is one of the client's questions too.
    tokio::spawn(async { drop(connection.await) });
    Ok(client)
}
