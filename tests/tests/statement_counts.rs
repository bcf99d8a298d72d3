//! One statement per root field, whatever is selected: a transaction that reads runs one statement of
//! `gateway/sql/`, and the gateway's log tells how many transactions a request took.

use std::fs;

use serde_json::{Value, json};
use system_tests::demo::Demo;
use system_tests::environment::checkout;
use system_tests::gateway::Answer;
use system_tests::graph::OPERATIONS;

/// Everything that a user leads to, nested and side by side.
const WIDE: &str = "query Wide($kinds: [EventKind!]) {
    users(first: 5, search: \"a\", hasAuthenticator: { contextStatus: [ACTIVE, LOCKED] }) {
        totalCount
        nodes {
            displayName status devices { name }
            authenticators(first: 5) { totalCount nodes { ...A explanation { sentence contexts { sentence } } } }
            locked: authenticators(first: 5, filter: { contextStatus: [LOCKED] }) { nodes { uuid } }
            events(first: 5) { totalCount nodes { kind app { methods } device { name } authenticator { method } } }
            some: events(first: 3, filter: { kind: $kinds }) { nodes { at details } }
        }
    }
}
fragment A on Authenticator {
    method status statusCounts { status count } apps { methods } device { name } lastDevice { name } lastApp { name }
    contexts { app { name methods } device { name } status reason availableActions }
    user { displayName authenticators(first: 5) { nodes { uuid } } }
}";

const HUNDRED: &str =
    "{ users(first: 100) { nodes { displayName authenticators(first: 10) { nodes {
    method status appLabel contexts { app { name } status }
} } } } }";

/// How many transactions the gateway says that a request took.
fn transactions(demo: &Demo, answer: &Answer) -> u64 {
    let log = demo.gateway.log();
    let line = log
        .lines()
        .find(|line| line.contains(" request ") && line.contains(&answer.request_id))
        .or_else(|| log.lines().find(|line| line.contains(&answer.request_id)))
        .unwrap_or_else(|| panic!("no line about {}: {log}", answer.request_id));
    let count = line
        .split("transactions")
        .nth(1)
        .expect("a number of transactions");
    let digits: String = count
        .chars()
        .skip_while(|character| !character.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().expect("a number")
}

fn variables(demo: &Demo) -> Value {
    let value = |query: &str| demo.database.value(query);
    let user = value("select user_id from authn.users where display_name = 'Mia Mixed'");
    let authenticator = value(&format!(
        "select authenticator_id from authn.contexts where user_id = '{user}' and method = 'pin' order by 1 limit 1"
    ));
    let data = demo.data(
        "admin",
        "query Ids($uuid: UUID!) { user(uuid: $uuid) { id devices { id } authenticators { nodes { id uuid } } } apps { id uuid } }",
        &json!({ "uuid": user }),
    );
    let all = data["user"]["authenticators"]["nodes"]
        .as_array()
        .expect("nodes");
    let pin = all.iter().find(|one| one["uuid"] == authenticator.as_str());
    json!({
        "uuid": user,
        "user": data["user"]["id"],
        "authenticator": pin.expect("a PIN")["id"],
        "device": data["user"]["devices"][0]["id"],
        "app": data["apps"][0]["id"],
        "appUuid": data["apps"][0]["uuid"],
    })
}

#[test]
fn every_root_field_is_one_statement() {
    let demo = Demo::start();
    let variables = variables(&demo);
    for (name, operation) in OPERATIONS {
        let role = match name.starts_with("Mutation.attempt") {
            true => "service",
            false => "admin",
        };
        let token = demo.token(role);
        let answer = demo.gateway.send(Some(&token), operation, &variables);
        assert!(answer.body["errors"].is_null(), "{name}: {:#}", answer.body);
        // What a mutation reads of the result belongs to its transaction; one that is refused before takes none.
        let taken = transactions(&demo, &answer);
        match name.starts_with("Query.") {
            true => assert_eq!(taken, 1, "{name}"),
            false => assert!(taken <= 1, "{name}: {taken}"),
        }
    }
}

#[test]
fn every_trusted_query_takes_as_many_statements_as_it_has_root_fields() {
    let demo = Demo::start();
    let token = demo.token("admin");
    let variables = variables(&demo);
    for manifest in [
        "gateway/documents/documentation.json",
        "gateway/portal/documents.json",
    ] {
        let text = fs::read_to_string(checkout().join(manifest)).expect("a manifest");
        let documents: Value = serde_json::from_str(&text).expect("JSON");
        for (id, document) in documents.as_object().expect("documents") {
            let document = document.as_str().expect("a document");
            if !document.trim_start().starts_with("query") {
                // What a mutation takes is counted above, field by field.
                assert!(
                    document.contains("mutation") || document.contains("subscription"),
                    "{document}"
                );
                continue;
            }
            let values = values(document, &variables);
            let answer = demo.gateway.send(Some(&token), document, &values);
            assert!(answer.body["errors"].is_null(), "{id}: {:#}", answer.body);
            let roots = answer.body["data"]
                .as_object()
                .map_or(0, serde_json::Map::len);
            assert_eq!(transactions(&demo, &answer), roots as u64, "{document}");
        }
    }
}

/// A value for every variable of a document that must have one.
fn values(document: &str, known: &Value) -> Value {
    let mut values = serde_json::Map::new();
    let head = document.split('{').next().unwrap_or_default();
    for variable in head.split('$').skip(1) {
        let (name, kind) = variable.split_once(':').expect("a type");
        let kind = kind
            .trim()
            .split([',', ')', ' ', '\n'])
            .next()
            .unwrap_or_default();
        let value = match kind {
            "UUID!" => known["uuid"].clone(),
            "ID!" => known["authenticator"].clone(),
            "[ID!]!" => json!([known["user"], known["app"]]),
            "Int!" => json!(5),
            "String!" => json!("Mia"),
            "LockoutPolicySimulationInput!" => json!({
                "method": "PASSWORD", "tiers": [{ "failures": 5, "durationSeconds": 900 }],
            }),
            other => {
                assert!(!other.ends_with('!'), "no value for ${name}: {other}");
                continue;
            }
        };
        values.insert(name.trim().to_owned(), value);
    }
    Value::Object(values)
}

#[test]
fn what_is_selected_adds_no_statement() {
    let demo = Demo::start();
    for (what, operation, at_least) in [
        ("everything", WIDE, 5),
        ("a page of 100 users", HUNDRED, 100),
    ] {
        let kinds = json!({ "kinds": ["LOCKED", "LOCK_EXPIRED"] });
        let answer = demo
            .gateway
            .send(Some(&demo.token("support")), operation, &kinds);
        assert!(answer.body["errors"].is_null(), "{what}: {:#}", answer.body);
        let users = answer.body["data"]["users"]["nodes"]
            .as_array()
            .map(Vec::len);
        assert_eq!(users, Some(at_least), "{what}");
        assert_eq!(transactions(&demo, &answer), 1, "{what}");
    }
}

#[test]
fn root_fields_side_by_side_are_one_statement_each() {
    let demo = Demo::start();
    let query = "{ viewer { role } apps { name } users(first: 1) { nodes { uuid } } events(first: 1) { nodes { kind } } }";
    let answer = demo
        .gateway
        .send(Some(&demo.token("support")), query, &json!({}));
    assert_eq!(transactions(&demo, &answer), 4, "{:#}", answer.body);
}
