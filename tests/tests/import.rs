//! `gateway import`: files of other systems come in whole, once, and with every rejected line told.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use system_tests::database::Database;
use system_tests::environment::gateway_binary;
use uuid::Uuid;

struct World {
    database: Database,
    folder: PathBuf,
    tenant: String,
    app: String,
    users: Vec<String>,
}

impl World {
    fn new() -> World {
        let database = Database::empty();
        let tenant = database.value("select authn.create_tenant('Acme')");
        let app = database.value(&format!("select authn.create_app('{tenant}', 'Login')"));
        let users = database
            .value(&format!(
                "with made as materialized (select authn.create_user('{tenant}') as id from generate_series(1, 5))
                 select id from made
                 cross join lateral (select authn.register_authenticator(id, 'password', '{app}')) r (authenticator)
                 where authenticator is not null"
            ))
            .lines()
            .map(str::to_owned)
            .collect();
        let folder = std::env::temp_dir().join(format!("authn_import_{}", Uuid::new_v4().simple()));
        fs::create_dir(&folder).expect("a folder");
        World {
            database,
            folder,
            tenant,
            app,
            users,
        }
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, content).expect("a file");
        path
    }

    fn import(&self, file: &Path, format: &str, more: &[&str]) -> Output {
        Command::new(gateway_binary())
            .arg("import")
            .arg(file)
            .args(["--format", format, "--tenant", &self.tenant])
            .args(more)
            .env("DATABASE_URL", self.database.gateway_url())
            .output()
            .expect("the import runs")
    }

    /// What the command says at its end.
    fn imported(&self, file: &Path, format: &str, more: &[&str]) -> String {
        let output = self.import(file, format, more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        said.split(" in ").next().expect("a sentence").to_owned()
    }

    /// The lines that were rejected, with the code that the database answered.
    fn rejected(&self, file: &Path) -> Vec<(u64, String)> {
        fs::read_to_string(file.with_added_extension("rejected"))
            .expect("a report")
            .lines()
            .map(|line| {
                let rejected: Value = serde_json::from_str(line).expect("JSON");
                (
                    rejected["line"].as_u64().expect("a line"),
                    rejected["code"].as_str().unwrap_or("unread").to_owned(),
                )
            })
            .collect()
    }

    fn count(&self) -> String {
        self.database
            .value("select count(*) from authn_data.imported_attempts")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).expect("the folder goes");
    }
}

fn csv(world: &World, lines: usize) -> String {
    let mut text = "external_id,at,user_id,succeeded,ip\n".to_owned();
    for n in 0..lines {
        let user = &world.users[n % world.users.len()];
        let minute = n % 60;
        writeln!(
            text,
            "a{n},2024-01-01T00:{minute:02}:00Z,{user},{},192.0.2.1",
            n % 3 == 0
        )
        .expect("a line");
    }
    text
}

#[test]
fn a_csv_file_comes_in_once_and_goes_on_where_it_stopped() {
    let world = World::new();
    let more = ["--app", &world.app, "--batch", "8", "--connections", "3"];
    let text = csv(&world, 100);
    let beginning: String = text.split_inclusive('\n').take(41).collect();
    let file = world.file("attempts.csv", &beginning);
    assert_eq!(
        world.imported(&file, "csv", &more),
        "41 lines: 40 attempts imported, 0 known already, 0 rejected"
    );
    // The file goes on; what is in is not even read into the database again.
    world.file("attempts.csv", &text);
    assert_eq!(
        world.imported(&file, "csv", &more),
        "101 lines: 100 attempts imported, 0 known already, 0 rejected"
    );
    fs::remove_file(file.with_added_extension("cursor")).expect("a cursor");
    assert_eq!(
        world.imported(&file, "csv", &more),
        "101 lines: 0 attempts imported, 100 known already, 0 rejected"
    );
    assert_eq!(world.count(), "100");
}

#[test]
fn every_rejected_line_is_told_by_its_number_and_the_others_come_in() {
    let world = World::new();
    let user = &world.users[0];
    let app = &world.app;
    let lines = [
        format!(
            r#"{{"external_id":"1","at":"2024-01-01T00:00:00Z","user_id":"{user}","app_id":"{app}","succeeded":true}}"#
        ),
        "no JSON".to_owned(),
        String::new(),
        format!(
            r#"{{"external_id":"4","at":"2024-01-01T00:00:00Z","user_id":"{app}","app_id":"{app}","succeeded":true}}"#
        ),
        format!(
            r#"{{"external_id":"5","at":"someday","user_id":"{user}","app_id":"{app}","succeeded":true}}"#
        ),
        format!(
            r#"{{"external_id":"6","when":"2024","user_id":"{user}","app_id":"{app}","succeeded":true}}"#
        ),
        format!(
            r#"{{"external_id":"7","at":"2024-01-01T00:01:00Z","user_id":"{user}","app_id":"{app}","succeeded":false}}"#
        ),
        format!(
            r#"{{"external_id":"8\u0000","at":"2024-01-01T00:01:00Z","user_id":"{user}","app_id":"{app}","succeeded":false}}"#
        ),
        format!(
            r#"{{"external_id":9,"at":"2024-01-01 00:01+00","user_id":"{user}","app_id":"{app}","succeeded":"no"}}"#
        ),
        format!(
            r#"{{"external_id":"10","at":"2024-01-01T00:01:00Z","user_id":"{user}","app_id":"{app}","method":"riddle","succeeded":true}}"#
        ),
    ];
    let file = world.file("attempts.jsonl", &lines.join("\n"));
    assert_eq!(
        world.imported(&file, "jsonl", &[]),
        "10 lines: 3 attempts imported, 0 known already, 6 rejected"
    );
    let told = |line: u64, code: &str| (line, code.to_owned());
    assert_eq!(
        world.rejected(&file),
        [
            told(2, "unread"),
            told(4, "AU001"),
            told(5, "AU017"),
            told(6, "unread"),
            told(8, "unread"),
            told(10, "AU017")
        ]
    );
    assert_eq!(world.count(), "3");
}

#[test]
fn an_attack_in_the_log_of_sshd_can_be_tried_against_a_policy() {
    let world = World::new();
    let mut log = String::new();
    for second in 0..12 {
        writeln!(
            log,
            "Dec 31 23:59:{second:02} host sshd[7]: Failed password for root from 192.0.2.66 port 4711 ssh2"
        )
        .expect("a line");
    }
    log.push_str(
        "Dec 31 23:59:30 host sshd[7]: Connection closed by 192.0.2.66 [preauth]\n\
         Dec 31 23:59:40 host sshd[7]: message repeated 3 times: [ Failed password for root from 192.0.2.66 port 4711 ssh2]\n\
         Dec 31 23:59:50 host sshd[7]: Failed password for invalid user oracle from 192.0.2.66 port 4711 ssh2\n\
         Jan  1 00:05:00 host sshd[8]: Accepted password for root from 198.51.100.1 port 4712 ssh2\n",
    );
    let file = world.file("auth.log", &log);
    let users = world.file("users.csv", &format!("root,{}\n", world.users[0]));
    let users = users.to_string_lossy();
    let more = ["--app", &world.app, "--users", &users, "--year", "2023"];
    assert_eq!(
        world.imported(&file, "openssh", &more),
        "16 lines: 16 attempts imported, 0 known already, 1 rejected"
    );
    assert_eq!(world.rejected(&file), [(15, "unread".to_owned())]);
    assert_eq!(
        world.database.value(&format!(
            "select s.attempts, s.locks, s.locked_for, s.refused, s.refused_successes
             from authn.simulate_lockout_policy('{}', 'password', '[{{\"failures\": 5, \"duration\": \"15 minutes\"}}]') s",
            world.tenant
        )),
        "16|1|00:15:00|11|1",
        "five guesses instead of fifteen, and the owner waits"
    );
}

#[test]
fn what_stops_an_import_is_said_and_nothing_is_lost() {
    let world = World::new();
    let file = world.file("attempts.csv", &csv(&world, 3));
    let output = Command::new(gateway_binary())
        .arg("import")
        .arg(&file)
        .args(["--format", "csv", "--tenant", &world.app])
        .env("DATABASE_URL", world.database.gateway_url())
        .output()
        .expect("the import runs");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("there is no tenant"), "{said}");
    assert_eq!(
        world.imported(&file, "csv", &["--app", &world.app]),
        "4 lines: 3 attempts imported, 0 known already, 0 rejected"
    );
}
