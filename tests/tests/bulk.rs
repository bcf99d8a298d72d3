//! Many at once in the graph: shown, done, undone.

use serde_json::{Value, json};
use system_tests::demo::Demo;

const UNLOCK: &str = "mutation Unlock($input: AuthenticatorsBulkUnlockInput!) {
    authenticatorsBulkUnlock(input: $input) {
        batchId changeCount
        changes { authenticator { method user { displayName } } app { name } statusBefore statusAfter }
        userErrors { code field message }
    }
}";

const DEACTIVATE: &str = "mutation Deactivate($input: AuthenticatorsBulkDeactivateInput!) {
    authenticatorsBulkDeactivate(input: $input) {
        batchId changeCount changes { method app { name } statusAfter } userErrors { code field message }
    }
}";

const UNDO: &str = "mutation Undo($input: AuthenticatorsBulkUndoInput!) {
    authenticatorsBulkUndo(input: $input) {
        batchId changeCount changes { statusAfter } userErrors { code field message }
    }
}";

fn mutate(demo: &Demo, mutation: &str, input: &Value) -> Value {
    let data = demo.data("admin", mutation, &json!({ "input": input }));
    let payload = data.as_object().and_then(|data| data.values().next());
    payload.expect("a payload").clone()
}

fn locked(demo: &Demo) -> Value {
    let query = "{ authenticators(filter: { contextStatus: [LOCKED] }, first: 1) { totalCount } }";
    demo.data("admin", query, &json!({}))["authenticators"]["totalCount"].clone()
}

#[test]
fn what_was_shown_is_done_and_undone() {
    let demo = Demo::start();
    let before = locked(&demo);
    let mut input = json!({ "filter": { "status": ["LOCKED"] }, "reason": "an outage" });
    let shown = mutate(&demo, UNLOCK, &input);
    assert_eq!(shown["userErrors"], json!([]));
    assert_eq!(shown["batchId"], Value::Null);
    assert_ne!(shown["changeCount"], 0);
    assert_eq!(locked(&demo), before, "shown, not done");

    input["dryRun"] = json!(false);
    let done = mutate(&demo, UNLOCK, &input);
    assert_eq!(done["changes"], shown["changes"]);
    assert_eq!(done["changeCount"], shown["changeCount"]);
    assert_eq!(locked(&demo), 0);

    let undo = json!({ "batchId": done["batchId"], "reason": "a mistake" });
    let undone = mutate(&demo, UNDO, &undo);
    assert_eq!(undone["userErrors"], json!([]));
    assert_eq!(undone["changeCount"], done["changeCount"]);
    assert_ne!(undone["batchId"], done["batchId"]);
    assert_eq!(locked(&demo), before);
    assert_eq!(mutate(&demo, UNDO, &undo)["changeCount"], 0, "again");
}

#[test]
fn a_batch_is_as_wide_as_its_filter() {
    let demo = Demo::start();
    let input = json!({
        "filter": { "app": demo.app("Wallet"), "method": ["PIN"] }, "reason": "a breach", "dryRun": false
    });
    let done = mutate(&demo, DEACTIVATE, &input);
    let changes = done["changes"].as_array().expect("changes");
    assert!(!changes.is_empty());
    for change in changes {
        assert_eq!(
            change,
            &json!({ "method": "PIN", "app": { "name": "Wallet" }, "statusAfter": "DEACTIVATED" })
        );
    }
    let everybody = mutate(
        &demo,
        DEACTIVATE,
        &json!({ "filter": { "method": ["PASSWORD"] }, "reason": "a breach" }),
    );
    let count = everybody["changeCount"].as_u64().expect("a count");
    assert!(count > 100, "{count}");
    assert_eq!(everybody["changes"].as_array().map(Vec::len), Some(100));
}

#[test]
fn a_filter_that_is_not_understood_is_told_where_it_was_written() {
    let demo = Demo::start();
    for (filter, reason, code, field) in [
        (
            json!({}),
            "why",
            "INVALID_ARGUMENT",
            json!(["input", "filter"]),
        ),
        (
            json!({ "status": ["MIXED"] }),
            "why",
            "INVALID_ARGUMENT",
            json!(["input", "filter", "status"]),
        ),
        (
            json!({ "method": [] }),
            "why",
            "INVALID_ARGUMENT",
            json!(["input", "filter", "method"]),
        ),
        (
            json!({ "app": "nonsense" }),
            "why",
            "NOT_FOUND",
            json!(["input", "filter", "app"]),
        ),
        (
            json!({ "method": ["PASSKEY"] }),
            "why",
            "METHOD_NOT_LOCKABLE",
            json!(["input", "filter", "method"]),
        ),
        (
            json!({ "method": ["PIN"] }),
            " ",
            "INVALID_ARGUMENT",
            json!(["input", "reason"]),
        ),
    ] {
        let input = json!({ "filter": filter, "reason": reason, "dryRun": false });
        let payload = mutate(&demo, UNLOCK, &input);
        assert_eq!(payload["userErrors"][0]["code"], code, "{input}");
        assert_eq!(payload["userErrors"][0]["field"], field, "{input}");
        assert_eq!(payload["changeCount"], 0);
    }
    let unknown = json!({ "batchId": "00000000-0000-0000-0000-000000000001", "reason": "why" });
    let payload = mutate(&demo, UNDO, &unknown);
    assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(
        payload["userErrors"][0]["field"],
        json!(["input", "batchId"])
    );
}
