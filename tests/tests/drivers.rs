//! The views through the drivers that BI tools use: every row of every view is read, and each column has the type
//! that `docs/views.md` says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use system_tests::database::Database;
use system_tests::environment::{checkout, superuser};
use tokio_postgres::config::Host;
use uuid::Uuid;

/// Debian's pgjdbc.
const JDBC: &str = "/usr/share/java/postgresql.jar";

/// A login of a data team, which is dropped with this value.
struct Reader<'a> {
    database: &'a Database,
    name: String,
    password: String,
}

impl Reader<'_> {
    fn of_the_demo(database: &Database) -> Reader<'_> {
        let name = format!("reader_{}", Uuid::new_v4().simple());
        let password = Uuid::new_v4().simple().to_string();
        let _ = database.psql(&format!(
            "create role {name} login password '{password}' in role authn_reader;
             select authn.bind_role('{name}', t.tenant_id, 'authn_reader') from authn.tenants t;"
        ));
        Reader {
            database,
            name,
            password,
        }
    }

    fn jdbc(&self) -> String {
        let (host, port) = server();
        format!(
            "jdbc:postgresql://{host}:{port}/{}?user={}&password={}",
            self.database.name(),
            self.name,
            self.password
        )
    }

    fn odbc(&self) -> String {
        let (host, port) = server();
        format!(
            "Driver=PostgreSQL Unicode;Server={host};Port={port};Database={};Uid={};Pwd={};BoolsAsChar=0;TextAsLongVarchar=0",
            self.database.name(),
            self.name,
            self.password
        )
    }

    /// How many rows of each view this login sees.
    fn rows(&self, views: &BTreeSet<String>) -> BTreeMap<String, String> {
        views
            .iter()
            .map(|view| {
                let count = self.database.psql(&format!(
                    "\\pset format unaligned\n\\pset tuples_only\nset session authorization {};\nselect count(*) from authn.{view};",
                    self.name
                ));
                (view.clone(), count.trim().to_owned())
            })
            .collect()
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let _ = self.database.psql(&format!("drop role {}", self.name));
    }
}

fn server() -> (String, u16) {
    let server = superuser();
    let Some(Host::Tcp(host)) = server.get_hosts().first() else {
        panic!("the test cluster listens on TCP");
    };
    (host.clone(), server.get_ports()[0])
}

/// Every column of the views that a reader may read, with its type as `docs/views.md` calls it.
fn columns(database: &Database) -> BTreeMap<(String, String), String> {
    database
        .value(
            "select c.relname, a.attname, case
                 when t.typtype = 'e' then 'enum'
                 when t.typcategory = 'A' then 'list'
                 else format_type(t.oid, null)
             end
             from pg_class c
             join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
             join pg_type t on t.oid = a.atttypid
             where c.relnamespace = 'authn'::regnamespace
               and c.relkind = 'v'
               and has_table_privilege('authn_reader', c.oid, 'select')",
        )
        .lines()
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::to_owned).collect();
            let [view, column, r#type] = cells.try_into().expect("three values");
            ((view, column), r#type)
        })
        .collect()
}

/// What the table of the documentation has in a column, by the type in PostgreSQL.
fn documented(driver: &str) -> BTreeMap<String, String> {
    let page = fs::read_to_string(checkout().join("docs/views.md")).expect("the page of the views");
    let (_, section) = page
        .split_once("## From a BI tool")
        .expect("a section about BI tools");
    let mut rows = section
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let header = rows.next().expect("a table");
    let at = header
        .iter()
        .position(|cell| cell.starts_with(driver))
        .expect("a column of the driver");
    rows.skip(1)
        .flat_map(|row| {
            let names = row[1].split(", ").map(|name| name.replace('`', ""));
            names
                .map(|name| (name, row[at].to_owned()))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Past the capture of the test runner.
fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}

fn reads_every_view(driver: &str, program: &mut Command, url: impl Fn(&Reader<'_>) -> String) {
    let database = Database::with_demo();
    let columns = columns(&database);
    let views: BTreeSet<_> = columns.keys().map(|(view, _)| view.clone()).collect();
    let reader = Reader::of_the_demo(&database);
    let output = program
        .arg(url(&reader))
        .args(&views)
        .output()
        .expect("the driver's program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let documented = documented(driver);
    let mut told = BTreeMap::new();
    let mut rows = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("UTF-8").lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [view, column, r#type] => {
                told.insert((view.to_owned(), column.to_owned()), r#type.to_owned());
            }
            [view, count] => {
                rows.insert(view.to_owned(), count.to_owned());
            }
            _ => panic!("{line}"),
        }
    }
    let expected: BTreeMap<_, _> = columns
        .into_iter()
        .map(|(column, r#type)| {
            let comes_as = documented.get(&r#type);
            let comes_as =
                comes_as.unwrap_or_else(|| panic!("{column:?}: {type} is not in the table"));
            (column, comes_as.clone())
        })
        .collect();
    assert_eq!(told, expected);
    assert_eq!(rows, reader.rows(&views));
    assert_ne!(rows["contexts"], "0", "the demo is there");
}

#[test]
fn every_view_reads_over_jdbc() {
    // A runtime alone cannot run a program from its source.
    let there = Command::new("javac").arg("-version").output();
    if !there.is_ok_and(|output| output.status.success()) || !Path::new(JDBC).exists() {
        skipped(&format!(
            "the views over JDBC, because there is no JDK on the PATH or no {JDBC} (Debian's libpostgresql-jdbc-java)"
        ));
        return;
    }
    let mut program = Command::new("java");
    program
        .args(["-cp", JDBC])
        .arg(checkout().join("tests/drivers/Views.java"));
    reads_every_view("JDBC", &mut program, |reader| reader.jdbc());
}

#[test]
fn every_view_reads_over_odbc() {
    let mut program = Command::new("/usr/bin/python3");
    program.arg(checkout().join("tests/drivers/views.py"));
    reads_every_view("ODBC", &mut program, |reader| reader.odbc());
}
