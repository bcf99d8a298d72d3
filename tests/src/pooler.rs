//! PgBouncer in transaction mode before the test cluster: `scripts/pooler.sh` knows how it is started.

use std::io::Write;
use std::process::{Command, Stdio};

use tokio_postgres::config::Config;
use uuid::Uuid;

use crate::database::Database;
use crate::environment::{checkout, connection_string, gateway_role};

/// A pooler, which ends with this value.
pub struct Pooler {
    name: String,
    port: u16,
}

impl Pooler {
    /// Starts one that shares so many connections of the server among whoever logs in as the gateway's role.
    #[must_use]
    pub fn sharing(connections: u16) -> Pooler {
        let name = format!("pooler-{}", Uuid::new_v4().simple());
        let server = gateway_role();
        let password = String::from_utf8_lossy(server.get_password().unwrap_or_default());
        let user = server.get_user().unwrap_or_default();
        let arguments = [
            "start",
            &name,
            &server.get_ports()[0].to_string(),
            &connections.to_string(),
        ];
        let port = script(&arguments, &format!("\"{user}\" \"{password}\"\n"));
        Pooler {
            port: port.parse().expect("a port"),
            name,
        }
    }

    /// A database of the test cluster through the pooler, as the gateway's login role.
    #[must_use]
    pub fn url(&self, database: &Database) -> String {
        let server = gateway_role();
        let mut through = Config::new();
        through
            .host("127.0.0.1")
            .port(self.port)
            .user(server.get_user().unwrap_or_default())
            .password(server.get_password().unwrap_or_default());
        connection_string(&through, database.name())
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        script(&["remove", &self.name], "");
    }
}

fn script(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(checkout().join("scripts/pooler.sh"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("scripts/pooler.sh runs");
    child
        .stdin
        .take()
        .expect("the script reads a pipe")
        .write_all(input.as_bytes())
        .expect("the script reads");
    let output = child.wait_with_output().expect("the script ends");
    assert!(output.status.success(), "pooler.sh {arguments:?} failed");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
