//! An address that stays the same while the server behind it moves.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;

/// Passes connections on to a port of this machine, for the rest of the process's life.
pub struct Relay {
    address: SocketAddr,
    port: Arc<AtomicU16>,
}

impl Relay {
    /// Passes connections on to this port until told otherwise.
    ///
    /// # Panics
    /// If there is no free port.
    #[must_use]
    pub fn to(port: u16) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let port = Arc::new(AtomicU16::new(port));
        let target = Arc::clone(&port);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let port = target.load(Ordering::Relaxed);
                // A server that is not there is a connection that ends at once.
                if let Ok(server) = TcpStream::connect(("127.0.0.1", port)) {
                    let _ = join(client, server);
                }
            }
        });
        Relay { address, port }
    }

    /// From now on to this port.
    pub fn point_to(&self, port: u16) {
        self.port.store(port, Ordering::Relaxed);
    }

    /// Where to connect.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

fn join(client: TcpStream, server: TcpStream) -> io::Result<()> {
    for (mut from, mut to) in [(client.try_clone()?, server.try_clone()?), (server, client)] {
        thread::spawn(move || {
            // However it ends, the other side learns of it.
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
            let _ = from.shutdown(Shutdown::Both);
        });
    }
    Ok(())
}
