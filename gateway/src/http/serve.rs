//! Serving until told to stop: new requests are turned away, streams end, running requests finish, then all is
//! cut off.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Gateway, router};

/// Serves on a listener until SIGTERM or SIGINT. Requests that still run then have `grace` to end; a second
/// signal cuts them off at once.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    grace: Duration,
) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (stop, mut stopped) = watch::channel(false);

    tracing::info!(address = %listener.local_addr()?, "listening");
    let service = router(Arc::clone(&gateway)).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        // An error is a sender that is gone, which ends the server just as well.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    });
    let streams = Arc::clone(&gateway);
    let server = tokio::spawn(async move {
        server.await?;
        // Those that are no HTTP any more are not waited for by the server.
        streams.streams_ended().await;
        Ok(())
    });

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(grace = ?grace, "stopping");
    gateway.stop();
    stop.send_replace(true);
    tokio::select! {
        ended = server => return ended.unwrap_or_else(|panic| Err(io::Error::other(panic))),
        () = tokio::time::sleep(grace) => tracing::warn!("requests were cut off"),
        _ = terminate.recv() => tracing::warn!("requests were cut off by a second signal"),
        _ = interrupt.recv() => tracing::warn!("requests were cut off by a second signal"),
    }
    Ok(())
}
