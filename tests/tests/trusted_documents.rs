//! Documents of a team's own: a file says which, and one that cannot be used stops the gateway at its start.

use std::env::temp_dir;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use system_tests::database::Database;
use system_tests::environment::gateway_binary;
use system_tests::gateway::{Gateway, SECRET};
use system_tests::tenants::Tenant;
use uuid::Uuid;

const TEXT: &str = "query Team($first: Int) { users(first: $first) { nodes { uuid } } }";
/// `printf %s "$TEXT" | sha256sum`
const ID: &str = "sha256:f9f924df3bf3873644f32fca8027b5659729312935f0c250a7555105fe47afc5";

/// A folder that ends with this value.
struct Folder(PathBuf);

impl Folder {
    fn with(manifest: &Value) -> Folder {
        let folder = temp_dir().join(format!("documents-{}", Uuid::new_v4()));
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("team.json"), manifest.to_string()).expect("a manifest");
        Folder(folder)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path of text")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // One that somebody else removed is gone just as well.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_team_adds_documents_of_its_own_by_a_folder() {
    let database = Database::empty();
    let tenant = Tenant::create(&database, "north");
    let folder = Folder::with(&json!({ ID: TEXT }));
    let gateway = Gateway::with(
        &database,
        &[
            ("DOCUMENTS", "trusted"),
            ("TRUSTED_DOCUMENTS", folder.path()),
        ],
    );
    let token = tenant.token(&gateway, "admin", "somebody");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];

    let body = json!({ "documentId": ID, "variables": { "first": 1 } });
    let answer = gateway.post(&headers, &body).body;
    assert_eq!(
        answer["data"]["users"]["nodes"][0]["uuid"], tenant.user,
        "{answer:#}"
    );
    let answer = gateway.send(Some(&token), "{ users { totalCount } }", &json!({}));
    assert_eq!(
        answer.body["errors"][0]["extensions"]["code"],
        "OPERATION_NOT_ALLOWED"
    );
    let log = gateway.log();
    assert!(
        log.contains("Team") && log.contains("trusted=true"),
        "{log}"
    );
}

#[test]
fn a_document_that_cannot_be_used_stops_the_start() {
    let database = Database::empty();
    let folder = Folder::with(&json!({ ID: format!("{TEXT} ") }));
    let output = Command::new(gateway_binary())
        .arg("serve")
        .env("DATABASE_URL", database.gateway_url())
        .env("LISTEN", "127.0.0.1:0")
        .env("JWT_SECRET", SECRET)
        .env("TRUSTED_DOCUMENTS", folder.path())
        .output()
        .expect("the gateway starts");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("team.json") && said.contains(ID), "{said}");
}
