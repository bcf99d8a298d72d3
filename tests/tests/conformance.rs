//! GraphQL over HTTP, as its audit for servers sees it.

use std::process::Command;

use system_tests::database::Database;
use system_tests::environment::audit;
use system_tests::gateway::Gateway;

/// What the audit says at its end, and whether every check was met.
fn run(gateway: &Gateway, token: Option<&str>) -> (bool, String) {
    let output = Command::new("node")
        .arg(audit().join("audit.mjs"))
        .arg(format!("http://{}/graphql", gateway.address()))
        .args(token)
        .output()
        .expect("node is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[test]
fn every_check_of_the_audit_is_met_with_a_token_and_without() {
    let database = Database::empty();
    for documents in ["any", "trusted"] {
        let gateway = Gateway::with(&database, &[("DOCUMENTS", documents)]);
        let token = gateway.token("00000000-0000-0000-0000-000000000001", "reader", &[]);
        for token in [Some(token.as_str()), None] {
            let (met, said) = run(&gateway, token);
            assert!(met, "{documents}: {said}");
            assert_eq!(said.trim(), "61 of 61 checks are met");
        }
    }
}
