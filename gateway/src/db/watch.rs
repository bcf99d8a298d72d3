//! Watching the servers over a connection of its own each: one that is connected and silent would keep every
//! request waiting, and a replica must be known to show what was changed before it is read from.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_postgres::{Client, Error, NoTls};

use super::Database;
use super::position::{Position, WHERE};
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
        if let (Some((at, false)), Some(replica)) = (found, database.replica()) {
            replica.primary_is_at(at);
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
        let replayed = found.and_then(|(at, follows)| follows.then_some(at));
        replica.is_at(replayed);
        sleep(REPLICA_INTERVAL).await;
    }
}

/// Where the server is, and whether it follows another; `None` where it does not say.
async fn ask(
    server: &Server,
    connection: &mut Option<Client>,
    patience: Duration,
) -> Option<(Position, bool)> {
    let found = timeout(patience, position(server, connection)).await;
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

async fn position(
    server: &Server,
    connection: &mut Option<Client>,
) -> Result<(Position, bool), Error> {
    let client = match connection {
        Some(client) => client,
        None => connection.insert(connect(server).await?),
    };
    Position::of(&client.query_one(WHERE, &[]).await?)
}

async fn connect(server: &Server) -> Result<Client, Error> {
    let mut config = server.config.clone();
    config.application_name("gateway watch");
    let (client, connection) = config.connect(NoTls).await?;
    // It ends with its client; an error is one of the client's questions too.
    tokio::spawn(async { drop(connection.await) });
    Ok(client)
}
