//! A database of one's own on the test cluster, with the extension and its storage in it.

use std::io::Write;
use std::mem::ManuallyDrop;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::environment::{checkout, connection_string, gateway_role, superuser};

/// A database that is dropped with this value.
pub struct Database {
    name: String,
}

impl Database {
    /// An empty world: the extension and its storage, no tenant.
    #[must_use]
    pub fn empty() -> Database {
        let database = Database::without_storage();
        psql(&database.name, "select authn.migrate();");
        database
    }

    /// The extension, before anybody called `authn.migrate()`.
    #[must_use]
    pub fn without_storage() -> Database {
        let database = Database::named(|name| format!("create database {name}"));
        psql(&database.name, "create extension pg_authn;");
        database
    }

    fn named(create: impl FnOnce(&str) -> String) -> Database {
        let name = format!("authn_{}", Uuid::new_v4().simple());
        psql("postgres", &create(&name));
        Database { name }
    }

    /// The demo tenant.
    #[must_use]
    pub fn with_demo() -> Database {
        // Loaded once; every other is a copy. It goes with the cluster.
        static LOADED: LazyLock<String> = LazyLock::new(|| {
            let database = ManuallyDrop::new(Database::empty());
            let load = checkout().join("sql/demo/load.sql");
            psql(&database.name, &format!("\\i {}", load.display()));
            database.name.clone()
        });
        Database::named(|name| format!("create database {name} template {}", *LOADED))
    }

    /// What it is called on the test cluster.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The database as the superuser, as a connection string.
    #[must_use]
    pub fn superuser_url(&self) -> String {
        connection_string(&superuser(), &self.name)
    }

    /// The database as the gateway's login role, as a connection string.
    #[must_use]
    pub fn gateway_url(&self) -> String {
        connection_string(&gateway_role(), &self.name)
    }

    /// What psql prints for a script, run as the superuser.
    ///
    /// # Panics
    /// If a statement of the script fails.
    #[must_use]
    pub fn psql(&self, script: &str) -> String {
        psql(&self.name, script)
    }

    /// The one value that a query answers, as text.
    #[must_use]
    pub fn value(&self, query: &str) -> String {
        self.psql(&format!(
            "\\pset format unaligned\n\\pset tuples_only\n{query};"
        ))
        .trim()
        .to_owned()
    }

    /// A connection as the superuser.
    ///
    /// # Panics
    /// If the cluster refuses the connection.
    pub async fn connect(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.superuser_url(), NoTls)
            .await
            .expect("the test cluster accepts a connection");
        tokio::spawn(connection);
        client
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        psql(
            "postgres",
            &format!("drop database if exists {} with (force)", self.name),
        );
    }
}

fn psql(database: &str, script: &str) -> String {
    let mut child = Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
        .arg(connection_string(&superuser(), database))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql is installed");
    child
        .stdin
        .take()
        .expect("psql reads a pipe")
        .write_all(script.as_bytes())
        .expect("psql reads the script");
    let output = child.wait_with_output().expect("psql ends");
    assert!(
        output.status.success(),
        "psql failed: {}\n{script}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("psql prints UTF-8")
}
