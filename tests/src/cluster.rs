//! A cluster of one's own, for a test that crashes its server or counts what the whole server did.
//! `scripts/cluster.sh` knows as which user a server runs; `AUTHN_TEST_PG_BIN` is what it starts.

use std::fs;
use std::process::{Command, Stdio};

use tokio_postgres::{Client, Error, NoTls};
use uuid::Uuid;

use crate::environment::{checkout, server_binaries};

/// A running server with the extension and its storage in the database `postgres`, durable like one in
/// production. It ends with this value, and its data with it.
pub struct Cluster {
    name: String,
    settings: &'static [&'static str],
    connection_string: String,
    /// Of the gateway's login.
    password: String,
}

impl Cluster {
    /// Creates and starts a cluster with further settings of the server (`name=value`).
    ///
    /// # Panics
    /// If the server does not start.
    pub async fn start(settings: &'static [&'static str]) -> Cluster {
        fs::create_dir_all(checkout().join(".run/test")).expect("a place for the data");
        let mut cluster = Cluster {
            name: format!("cluster-{}", Uuid::new_v4().simple()),
            settings,
            connection_string: String::new(),
            password: Uuid::new_v4().to_string(),
        };
        cluster.launch();
        cluster
            .connect()
            .await
            .expect("a new cluster accepts a connection")
            .batch_execute(&format!(
                "set client_min_messages = warning;
                 create extension pg_authn;
                 select authn.migrate();
                 alter role authn_gateway password '{}';",
                cluster.password
            ))
            .await
            .expect("the extension and its storage");
        cluster
    }

    /// A streaming replica of this cluster.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn follow(&self) -> Cluster {
        let name = format!("cluster-{}", Uuid::new_v4().simple());
        Cluster {
            connection_string: script(&["follow", &name, &self.name]),
            name,
            settings: &[],
            password: self.password.clone(),
        }
    }

    /// A connection as the superuser.
    ///
    /// # Errors
    /// If the server is down or recovering.
    pub async fn connect(&self) -> Result<Client, Error> {
        let (client, connection) = tokio_postgres::connect(&self.connection_string, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Where the server listens and as whom to log in.
    #[must_use]
    pub fn connection_string(&self) -> &str {
        &self.connection_string
    }

    /// The same as another role, with its password as a connection string writes it.
    ///
    /// # Panics
    /// If the connection string is none.
    #[must_use]
    pub fn connection_string_of(&self, role: &str, password: &str) -> String {
        let fields = self.connection_string.split(' ').map(|field| {
            match field.split_once('=').expect("a keyword and its value") {
                ("user", _) => format!("user={role}"),
                ("password", _) => format!("password={password}"),
                _ => field.to_owned(),
            }
        });
        fields.collect::<Vec<_>>().join(" ")
    }

    /// The same as the gateway's login.
    #[must_use]
    pub fn gateway_url(&self) -> String {
        self.connection_string_of("authn_gateway", &self.password)
    }

    /// `kill -9` of the whole server, every process of it.
    pub fn crash(&self) {
        script(&["crash", &self.name]);
    }

    /// Every process of the server stops where it is: connections stay open and nobody answers.
    pub fn silence(&self) {
        script(&["silence", &self.name]);
    }

    /// The server goes on.
    pub fn resume(&self) {
        script(&["resume", &self.name]);
    }

    /// Starts the server after a crash, on the same port; it recovers by itself.
    pub fn launch(&mut self) {
        let mut arguments = vec![
            "start",
            &self.name,
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
        ];
        arguments.extend(self.settings);
        self.connection_string = script(&arguments);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        script(&["remove", &self.name]);
    }
}

/// `kill -9` of one server process.
///
/// # Panics
/// If there is no such process.
pub fn kill(process: i32) {
    let status = Command::new("sh")
        .args(["-c", "kill -KILL \"$1\"", "-", &process.to_string()])
        .status()
        .expect("a shell");
    assert!(status.success(), "process {process} was killed");
}

fn script(arguments: &[&str]) -> String {
    assert!(
        server_binaries().starts_with(checkout().join(".run")),
        "the installation in .run is the one under test"
    );
    let output = Command::new(checkout().join("scripts/cluster.sh"))
        .args(arguments)
        .stderr(Stdio::piped())
        .output()
        .expect("scripts/cluster.sh runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .expect("a connection string")
        .trim()
        .to_owned()
}
