//! Lockout policies in the graph: what is in force, what an administrator sets, and what-if.

use serde_json::{Value, json};
use system_tests::demo::Demo;

const SET: &str = "mutation Set($input: LockoutPolicySetInput!) {
    lockoutPolicySet(input: $input) {
        lockoutPolicy {
            method source version thenPermanent failuresExpireAfterSeconds hardCap
            app { name } tiers { failures durationSeconds }
        }
        userErrors { code field message }
    }
}";

const UNSET: &str = "mutation Unset($input: LockoutPolicyUnsetInput!) {
    lockoutPolicyUnset(input: $input) {
        lockoutPolicy { source version }
        userErrors { code field message }
    }
}";

const SIMULATE: &str = "query Simulate($input: LockoutPolicySimulationInput!) {
    lockoutPolicySimulation(input: $input) {
        summary {
            users authenticators attempts locks lockedForSeconds refused legitimateRefused usersLocked
            usersKeptOut wouldBeLockedNow
        }
        rows(first: 3) {
            user { displayName } authenticator { method status } app { name }
            attempts locks lockedForSeconds refused legitimateRefused wouldBeLockedNow lockedIndefinitely
        }
        userErrors { code field message }
    }
}";

fn set(demo: &Demo, input: Value) -> Value {
    demo.data("admin", SET, &json!({ "input": input }))["lockoutPolicySet"].clone()
}

fn unset(demo: &Demo, input: Value) -> Value {
    demo.data("admin", UNSET, &json!({ "input": input }))["lockoutPolicyUnset"].clone()
}

/// Where the policy of passwords comes from, in an app or in the tenant.
fn source(demo: &Demo, app: Option<&str>) -> Value {
    let app = app.map(|name| {
        demo.database.value(&format!(
            "select app_id from authn.apps where name = '{name}'"
        ))
    });
    let query = "query Policies($app: UUID) { lockoutPolicies(app: $app) { method source } }";
    let policies = demo.data("support", query, &json!({ "app": app }))["lockoutPolicies"].clone();
    let policies = policies.as_array().expect("policies");
    let password = policies
        .iter()
        .find(|policy| policy["method"] == "PASSWORD");
    password.expect("a policy for passwords")["source"].clone()
}

#[test]
fn the_most_specific_policy_is_in_force_until_it_is_taken_back() {
    let demo = Demo::start();
    let shop = demo.app("Shop");
    let before = (source(&demo, Some("Shop")), source(&demo, None));
    let tiers = json!([
        { "failures": 3, "durationSeconds": 60 },
        { "failures": 6, "durationSeconds": 3600 },
        { "failures": 9 }
    ]);
    let payload = set(
        &demo,
        json!({
            "method": "PASSWORD", "appId": shop, "tiers": tiers, "failuresExpireAfterSeconds": 7200,
            "reason": "stuffing"
        }),
    );
    let version = payload["lockoutPolicy"]["version"].clone();
    assert_eq!(
        payload,
        json!({
            "lockoutPolicy": {
                "method": "PASSWORD", "source": "APP", "version": version, "thenPermanent": false,
                "failuresExpireAfterSeconds": 7200, "hardCap": 100, "app": { "name": "Shop" },
                "tiers": [
                    { "failures": 3, "durationSeconds": 60 },
                    { "failures": 6, "durationSeconds": 3600 },
                    { "failures": 9, "durationSeconds": null }
                ]
            },
            "userErrors": []
        })
    );
    assert_eq!(source(&demo, Some("Shop")), "APP");
    assert_eq!(source(&demo, None), before.1, "the tenant's is what it was");
    let actor = demo.database.value(
        "select actor from authn.events where kind = 'policy_changed' and reason = 'stuffing'",
    );
    assert_eq!(actor, "developer", "the token's subject is who did it");

    let here = json!({ "method": "PASSWORD", "appId": shop });
    let taken_back = unset(&demo, here.clone());
    assert_eq!(taken_back["userErrors"], json!([]));
    assert_ne!(taken_back["lockoutPolicy"]["source"], "APP");
    assert_eq!(
        source(&demo, Some("Shop")),
        taken_back["lockoutPolicy"]["source"]
    );
    let again = unset(&demo, here);
    assert_eq!(again["lockoutPolicy"], Value::Null);
    assert_eq!(again["userErrors"][0]["code"], "POLICY_NOT_SET");
    assert_ne!(before.0, Value::Null);
}

#[test]
fn a_policy_that_cannot_work_is_told_at_the_field_that_is_wrong() {
    let demo = Demo::start();
    let tier =
        |failures: i64, seconds: i64| json!({ "failures": failures, "durationSeconds": seconds });
    let stored = "select count(*) from authn.events where kind = 'policy_changed'";
    let before = demo.database.value(stored);
    for (method, more, code, field) in [
        (
            "PASSWORD",
            json!({ "tiers": [] }),
            "POLICY_INVALID",
            json!(["input", "tiers"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [tier(0, 60)] }),
            "POLICY_INVALID",
            json!(["input", "tiers", "0", "failures"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [tier(5, 60), tier(5, 120)] }),
            "POLICY_INVALID",
            json!(["input", "tiers", "1", "failures"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [tier(5, -60)] }),
            "POLICY_INVALID",
            json!(["input", "tiers", "0", "durationSeconds"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [{ "failures": 5 }, tier(6, 60)] }),
            "POLICY_INVALID",
            json!(["input", "tiers", "0", "durationSeconds"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [tier(3, 60), tier(6, 3600)], "failuresExpireAfterSeconds": 3600 }),
            "POLICY_INVALID",
            json!(["input", "failuresExpireAfterSeconds"]),
        ),
        (
            "SMS_OTP",
            json!({ "tiers": [tier(3, 60)], "thenPermanent": true }),
            "POLICY_INVALID",
            json!(["input", "thenPermanent"]),
        ),
        (
            "SMS_OTP",
            json!({ "tiers": [tier(3, 60)], "appId": demo.app("Shop") }),
            "SCOPE_MISMATCH",
            json!(["input", "appId"]),
        ),
        (
            "PASSKEY",
            json!({ "tiers": [tier(3, 60)] }),
            "METHOD_NOT_LOCKABLE",
            json!(["input", "method"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [tier(3, 60)], "appId": "nonsense" }),
            "NOT_FOUND",
            json!(["input", "appId"]),
        ),
        (
            "PASSWORD",
            json!({ "tiers": [tier(3, 60)], "appId": "00000000-0000-0000-0000-000000000001" }),
            "NOT_FOUND",
            json!(["input", "appId"]),
        ),
    ] {
        let mut input = more;
        input["method"] = json!(method);
        let payload = set(&demo, input.clone());
        assert_eq!(payload["lockoutPolicy"], Value::Null, "{input}");
        assert_eq!(payload["userErrors"][0]["code"], code, "{input}");
        assert_eq!(payload["userErrors"][0]["field"], field, "{input}");
        let simulated = demo.data("reader", SIMULATE, &json!({ "input": input }));
        let simulated = &simulated["lockoutPolicySimulation"];
        assert_eq!(simulated["summary"], Value::Null, "{input}");
        assert_eq!(
            simulated["userErrors"], payload["userErrors"],
            "tried or set: {input}"
        );
    }
    assert_eq!(demo.database.value(stored), before, "nothing was set");
}

#[test]
fn a_policy_is_tried_on_what_happened() {
    let demo = Demo::start();
    let input = json!({
        "method": "PASSWORD", "tiers": [{ "failures": 1, "durationSeconds": 3600 }]
    });
    let answer = demo.data("reader", SIMULATE, &json!({ "input": input }));
    let simulation = &answer["lockoutPolicySimulation"];
    assert_eq!(simulation["userErrors"], json!([]));
    let expected = demo.database.value(&format!(
        "select json_build_array(s.users, s.authenticators, s.attempts, s.locks, s.refused, s.refused_successes,
                                 s.users_locked, s.users_refused_a_success)
         from authn.summarize_lockout_simulation('{}', 'password', '[{{\"failures\": 1, \"duration\": \"1 hour\"}}]') s",
        demo.tenant
    ));
    let summary = &simulation["summary"];
    assert_eq!(
        json!([
            summary["users"],
            summary["authenticators"],
            summary["attempts"],
            summary["locks"],
            summary["refused"],
            summary["legitimateRefused"],
            summary["usersLocked"],
            summary["usersKeptOut"]
        ]),
        serde_json::from_str::<Value>(&expected).expect("a list"),
        "the totals are those of SQL"
    );
    let rows = simulation["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 3, "{rows:#?}");
    let lost: Vec<_> = rows
        .iter()
        .map(|row| row["legitimateRefused"].as_i64())
        .collect();
    assert!(lost.is_sorted_by(|one, next| one >= next), "{lost:?}");
    assert!(
        rows.iter()
            .all(|row| row["authenticator"]["method"] == "PASSWORD")
    );
    assert!(
        rows.iter()
            .all(|row| row["user"]["displayName"].is_string())
    );
}

#[test]
fn support_confined_to_an_app_tries_policies_on_that_app_alone() {
    let demo = Demo::start();
    let wallet = demo
        .database
        .value("select app_id from authn.apps where name = 'Wallet'");
    let token = demo
        .gateway
        .token(&demo.tenant, "support", &["--apps", &wallet]);
    let tiers = json!([{ "failures": 2, "durationSeconds": 60 }]);
    let simulate = |input: Value| {
        let answer = demo
            .gateway
            .data(&token, SIMULATE, &json!({ "input": input }));
        answer["lockoutPolicySimulation"].clone()
    };
    let here = simulate(json!({ "method": "PIN", "tiers": tiers, "appId": wallet }));
    assert_eq!(here["userErrors"], json!([]));
    let everywhere = simulate(json!({ "method": "PIN", "tiers": tiers }));
    assert_eq!(everywhere["userErrors"][0]["code"], "NOT_ALLOWED");
}

#[test]
fn only_administrators_set_policies() {
    let demo = Demo::start();
    for role in ["support", "reader", "service"] {
        let input = json!({ "method": "PIN", "tiers": [{ "failures": 3 }] });
        let answer = demo
            .gateway
            .send(Some(&demo.token(role)), SET, &json!({ "input": input }));
        assert_eq!(
            answer.body["errors"][0]["extensions"]["code"], "FORBIDDEN",
            "{role}"
        );
        let permissions = demo.data(role, "{ viewer { permissions } }", &json!({}));
        let permissions = permissions["viewer"]["permissions"].as_array().cloned();
        assert!(
            !permissions
                .expect("permissions")
                .contains(&json!("SET_LOCKOUT_POLICIES"))
        );
    }
    let permissions = demo.data("admin", "{ viewer { permissions } }", &json!({}));
    let permissions = permissions["viewer"]["permissions"].as_array().cloned();
    assert!(
        permissions
            .expect("permissions")
            .contains(&json!("SET_LOCKOUT_POLICIES"))
    );
}
