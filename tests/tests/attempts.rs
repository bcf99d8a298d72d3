//! Attempts in the graph, for login services without a connection to the database.

use serde_json::{Value, json};
use system_tests::demo::Demo;

const RECORD: &str = "mutation Record($input: AttemptRecordInput!) {
    attemptRecord(input: $input) {
        result { outcome status failures lockedUntil lockedIndefinitely }
        userErrors { code field }
    }
}";

const BEGIN: &str = "mutation Begin($input: AttemptBeginInput!) {
    attemptBegin(input: $input) { decision attemptId retryAt userErrors { code field } }
}";

const COMPLETE: &str = "mutation Complete($input: AttemptCompleteInput!) {
    attemptComplete(input: $input) { result { outcome status } userErrors { code field } }
}";

/// The password of somebody of the demo who has one in Shop, and the input of an attempt with it.
fn attempt(demo: &Demo) -> (Value, Value) {
    let mia = demo.person("admin", "Mia Mixed");
    let nodes = mia["authenticators"]["nodes"].as_array().cloned();
    let password = nodes
        .expect("authenticators")
        .into_iter()
        .find(|one| one["method"] == "PASSWORD")
        .expect("a password");
    let input = json!({ "authenticatorId": password["id"], "appId": demo.app("Shop") });
    (mia["id"].clone(), input)
}

fn send(demo: &Demo, mutation: &str, input: &Value) -> Value {
    let data = demo.data("service", mutation, &json!({ "input": input }));
    let payload = data.as_object().and_then(|data| data.values().next());
    payload.expect("a payload").clone()
}

#[test]
fn the_failure_that_locks_is_told_and_the_right_secret_after_it_refused() {
    let demo = Demo::start();
    let (_, mut input) = attempt(&demo);
    input["succeeded"] = json!(true);
    assert_eq!(
        send(&demo, RECORD, &input)["result"],
        json!({
            "outcome": "SUCCEEDED", "status": "ACTIVE", "failures": 0, "lockedUntil": null,
            "lockedIndefinitely": false
        })
    );
    input["succeeded"] = json!(false);
    input["ip"] = json!("192.0.2.7");
    input["userAgent"] = json!("a browser");
    let outcomes: Vec<_> = (0..6)
        .map(|_| send(&demo, RECORD, &input)["result"]["outcome"].clone())
        .collect();
    assert_eq!(
        outcomes,
        ["FAILED", "FAILED", "FAILED", "FAILED", "FAILED", "REFUSED"]
    );
    input["succeeded"] = json!(true);
    let late = send(&demo, RECORD, &input);
    assert_eq!(late["result"]["outcome"], "REFUSED");
    assert_eq!(late["result"]["status"], "LOCKED");
    assert!(late["result"]["lockedUntil"].is_string());
    let told = demo.database.value(
        "select distinct host(ip) || ', ' || user_agent from authn.events where kind = 'attempt_failed' and ip is not null \
         and user_agent = 'a browser'",
    );
    assert_eq!(
        told, "192.0.2.7, a browser",
        "what the login service said of its user"
    );
}

#[test]
fn an_attempt_is_begun_and_completed_once() {
    let demo = Demo::start();
    let (user, input) = attempt(&demo);
    let begun = send(&demo, BEGIN, &input);
    assert_eq!(begun["decision"], "ADMITTED");
    let complete = json!({ "userId": user, "attemptId": begun["attemptId"], "succeeded": true });
    let outcome = |payload: Value| payload["result"]["outcome"].clone();
    assert_eq!(outcome(send(&demo, COMPLETE, &complete)), "SUCCEEDED");
    assert_eq!(
        outcome(send(&demo, COMPLETE, &complete)),
        "ALREADY_COMPLETED"
    );
}

#[test]
fn what_an_attempt_names_wrongly_is_a_user_error() {
    let demo = Demo::start();
    let (user, mut input) = attempt(&demo);
    input["succeeded"] = json!(false);
    for (field, value, code) in [
        ("authenticatorId", user.clone(), "NOT_FOUND"),
        (
            "appId",
            json!("00000000-0000-0000-0000-000000000001"),
            "NOT_FOUND",
        ),
        ("deviceId", user.clone(), "NOT_FOUND"),
        ("ip", json!("somewhere"), "INVALID_ARGUMENT"),
    ] {
        let mut wrong = input.clone();
        wrong[field] = value;
        let payload = send(&demo, RECORD, &wrong);
        assert_eq!(payload["result"], Value::Null);
        assert_eq!(
            payload["userErrors"],
            json!([{ "code": code, "field": ["input", field] }])
        );
    }
    let unknown = json!({
        "userId": user, "attemptId": "00000000-0000-0000-0000-000000000001", "succeeded": true
    });
    assert_eq!(
        send(&demo, COMPLETE, &unknown)["userErrors"],
        json!([{ "code": "NOT_FOUND", "field": ["input", "attemptId"] }])
    );
}
