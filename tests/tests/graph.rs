//! The graph over a real gateway and a real database: what support sees and does.

use serde_json::{Value, json};
use system_tests::demo::{Demo, PERSON, UNLOCK};

fn authenticator<'a>(person: &'a Value, method: &str) -> &'a Value {
    person["authenticators"]["nodes"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["method"] == method))
        .unwrap_or_else(|| panic!("an authenticator of method {method}"))
}

/// The apps of the changes with the status before and after, in the order of their names.
fn changed(payload: &Value) -> Vec<(String, String, String)> {
    assert_eq!(payload["userErrors"], json!([]));
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut changes: Vec<_> = payload["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| {
            (
                text(&change["app"]["name"]),
                text(&change["statusBefore"]),
                text(&change["statusAfter"]),
            )
        })
        .collect();
    changes.sort();
    changes
}

fn change(app: &str, before: &str, after: &str) -> (String, String, String) {
    (app.to_owned(), before.to_owned(), after.to_owned())
}

#[test]
fn a_password_active_in_one_app_and_locked_in_another_is_mixed_and_multiple() {
    let demo = Demo::start();
    let person = demo.person("support", "Mia Mixed");
    let password = authenticator(&person, "PASSWORD");
    assert_eq!(password["status"], "MIXED");
    assert_eq!(password["appLabel"], "Multiple");
    assert_eq!(
        password["statusCounts"],
        json!([{ "status": "ACTIVE", "count": 1 }, { "status": "LOCKED", "count": 1 }])
    );
    let contexts: Vec<_> = password["contexts"]
        .as_array()
        .expect("contexts")
        .iter()
        .map(|context| (context["app"]["name"].as_str(), context["status"].as_str()))
        .collect();
    assert_eq!(
        contexts,
        [
            (Some("Shop"), Some("ACTIVE")),
            (Some("Wallet"), Some("LOCKED"))
        ]
    );
    assert_eq!(password["user"]["displayName"], "Mia Mixed");
}

#[test]
fn unlock_reaches_as_far_as_the_scope() {
    let demo = Demo::start();
    let mia = demo.person("support", "Mia Mixed");
    assert_eq!(
        changed(&demo.unlock("support", &mia, "SMS_OTP", "Shop")),
        [
            change("Desk", "LOCKED", "ACTIVE"),
            change("Shop", "LOCKED", "ACTIVE"),
            change("Wallet", "LOCKED", "ACTIVE")
        ],
        "a global method: in every app"
    );
    assert_eq!(
        changed(&demo.unlock("support", &mia, "PASSWORD", "Shop")),
        [],
        "an app-scoped one that is locked elsewhere: not there"
    );
    assert_eq!(
        changed(&demo.unlock("support", &mia, "PASSWORD", "Wallet")),
        [change("Wallet", "LOCKED", "REGISTERED")],
        "an app-scoped one: in this app"
    );
    assert_eq!(
        changed(&demo.unlock("support", &mia, "PIN", "Wallet")),
        [
            change("Wallet", "LOCKED", "REGISTERED"),
            change("Wallet", "LOCKED", "REGISTERED")
        ],
        "a device-scoped one: on every device in this app"
    );
    assert_eq!(
        changed(&demo.unlock("support", &mia, "PIN", "Wallet")),
        [],
        "again: nothing to do"
    );
    let actor = demo.database.value(
        "select distinct actor from authn.events where kind = 'unlocked' and reason = 'called'",
    );
    assert_eq!(actor, "developer", "the token's subject is who did it");
}

#[test]
fn a_method_that_cannot_lock_is_a_user_error() {
    let demo = Demo::start();
    let tom = demo.person("support", "Tom Timer");
    let payload = demo.unlock("support", &tom, "PASSKEY", "Shop");
    assert_eq!(payload["changes"], json!([]));
    assert_eq!(payload["userErrors"][0]["code"], "METHOD_NOT_LOCKABLE");
}

#[test]
fn suspension_covers_a_lock_and_leaves_it() {
    let demo = Demo::start();
    let sue = demo.person("admin", "Sue Suspended");
    assert_eq!(sue["status"], "SUSPENDED");
    assert_eq!(sue["availableActions"], json!(["REINSTATE"]));
    assert_eq!(authenticator(&sue, "PASSWORD")["status"], "DEACTIVATED");
    let reinstate = "mutation Reinstate($input: UserReinstateInput!) {
        userReinstate(input: $input) { user { status } changes { statusAfter } userErrors { code } }
    }";
    let payload = demo.data(
        "admin",
        reinstate,
        &json!({ "input": { "userId": sue["id"] } }),
    );
    assert_eq!(payload["userReinstate"]["user"]["status"], "ACTIVE");
    assert_eq!(
        authenticator(&demo.person("admin", "Sue Suspended"), "PASSWORD")["status"],
        "LOCKED"
    );
}

#[test]
fn an_authenticator_is_deactivated_in_one_app_or_everywhere() {
    let demo = Demo::start();
    let mutation = "mutation Deactivate($input: AuthenticatorDeactivateInput!) {
        authenticatorDeactivate(input: $input) {
            authenticator { status availableActions contexts { app { name } status } }
            changes { app { name } statusBefore statusAfter }
            userErrors { code field }
        }
    }";
    let mia = demo.person("admin", "Mia Mixed");
    let id = authenticator(&mia, "PASSWORD")["id"].clone();
    let here = json!({ "authenticatorId": id, "appId": demo.app("Shop"), "reason": "stolen" });
    let payload = demo.data("admin", mutation, &json!({ "input": here }));
    assert_eq!(
        changed(&payload["authenticatorDeactivate"]),
        [change("Shop", "ACTIVE", "DEACTIVATED")]
    );
    let everywhere = json!({ "authenticatorId": id, "everywhere": true });
    let payload = demo.data("admin", mutation, &json!({ "input": everywhere }));
    assert_eq!(
        changed(&payload["authenticatorDeactivate"]),
        [
            change("Shop", "DEACTIVATED", "DEACTIVATED"),
            change("Wallet", "LOCKED", "DEACTIVATED")
        ]
    );
    let nowhere = demo.data(
        "admin",
        mutation,
        &json!({ "input": { "authenticatorId": id } }),
    );
    let errors = &nowhere["authenticatorDeactivate"]["userErrors"];
    assert_eq!(
        errors.as_array().map(Vec::len),
        Some(1),
        "one of the two is needed: {errors}"
    );
}

#[test]
fn support_sees_masked_identifiers_and_admins_do_not() {
    let demo = Demo::start();
    assert_eq!(
        demo.person("admin", "Mia Mixed")["email"],
        "mia.mixed@example.com"
    );
    let masked = demo.person("support", "Mia Mixed");
    assert_eq!(masked["email"], "m•••@example.com");
    assert_eq!(
        authenticator(&masked, "EMAIL_OTP")["identifier"],
        "m•••@example.com"
    );
}

#[test]
fn what_a_role_may_not_do_is_forbidden_and_not_done() {
    let demo = Demo::start();
    let mia = demo.person("reader", "Mia Mixed");
    let input = json!({ "userId": mia["id"], "method": "SMS_OTP", "appId": demo.app("Shop") });
    let answer = demo.gateway.send(
        Some(&demo.token("reader")),
        UNLOCK,
        &json!({ "input": input }),
    );
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(
        authenticator(&demo.person("reader", "Mia Mixed"), "SMS_OTP")["status"],
        "LOCKED"
    );
    assert_eq!(
        authenticator(&mia, "SMS_OTP")["availableActions"],
        json!([]),
        "and is not offered"
    );
}

#[test]
fn another_tenant_sees_nothing_and_is_told_the_same_as_of_what_does_not_exist() {
    let demo = Demo::start();
    let other = demo
        .gateway
        .token("00000000-0000-0000-0000-000000000001", "admin", &[]);
    let mia = demo.person("admin", "Mia Mixed");
    let query = "query Nodes($id: ID!, $uuid: UUID!) { users { totalCount } apps { id } node(id: $id) { id } user(uuid: $uuid) { id } }";
    let seen = demo.gateway.data(
        &other,
        query,
        &json!({ "id": mia["id"], "uuid": mia["uuid"] }),
    );
    assert_eq!(
        seen,
        json!({ "users": { "totalCount": 0 }, "apps": [], "node": null, "user": null })
    );
    let input = json!({ "userId": mia["id"], "method": "SMS_OTP", "appId": demo.app("Shop") });
    let payload = demo
        .gateway
        .data(&other, UNLOCK, &json!({ "input": input }));
    assert_eq!(
        payload["authenticatorsUnlock"]["userErrors"][0]["code"],
        "NOT_FOUND"
    );
}

#[test]
fn a_support_role_confined_to_an_app_sees_that_app_alone() {
    let demo = Demo::start();
    let wallet = demo
        .database
        .value("select app_id from authn.apps where name = 'Wallet'");
    let token = demo
        .gateway
        .token(&demo.tenant, "support", &["--apps", &wallet]);
    let seen = demo
        .gateway
        .data(&token, PERSON, &json!({ "name": "Mia Mixed" }));
    let mia = &seen["users"]["nodes"][0];
    let password = authenticator(mia, "PASSWORD");
    assert_eq!(password["status"], "LOCKED");
    assert_eq!(password["appLabel"], "Wallet");
    assert_eq!(password["apps"], json!([{ "name": "Wallet" }]));
}

#[test]
fn without_a_token_nothing_is_told() {
    let demo = Demo::start();
    let answer = demo
        .gateway
        .send(None, "{ users { totalCount nope } }", &json!({}));
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.body["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
    assert!(!answer.body.to_string().contains("nope"));
}

#[test]
fn pages_walk_through_all_users_once_in_both_directions() {
    let demo = Demo::start();
    let forwards = "query Page($at: String) { users(first: 50, after: $at) { totalCount nodes { uuid } pageInfo { hasNextPage endCursor } } }";
    let backwards = "query Page($at: String) { users(last: 50, before: $at) { totalCount nodes { uuid } pageInfo { hasPreviousPage startCursor } } }";
    let walk = |query: &str, more: &str, cursor: &str, reverse: bool| {
        let (mut seen, mut at) = (Vec::new(), Value::Null);
        loop {
            let page = demo.data("support", query, &json!({ "at": at }))["users"].clone();
            let mut uuids: Vec<_> = page["nodes"].as_array().expect("nodes").clone();
            if reverse {
                uuids.reverse();
            }
            seen.extend(uuids);
            if page["pageInfo"][more] != true {
                assert_eq!(page["totalCount"], seen.len());
                return seen;
            }
            at = page["pageInfo"][cursor].clone();
        }
    };
    let there = walk(forwards, "hasNextPage", "endCursor", false);
    let mut back = walk(backwards, "hasPreviousPage", "startCursor", true);
    back.reverse();
    assert_eq!(there, back);
}

#[test]
fn the_viewer_and_the_methods_are_what_the_database_says() {
    let demo = Demo::start();
    let seen = demo.data(
        "support",
        "{ viewer { role } methods { method scope lockable registration } }",
        &json!({}),
    );
    assert_eq!(seen["viewer"]["role"], "SUPPORT");
    assert_eq!(seen["methods"].as_array().map(Vec::len), Some(11));
}

#[test]
fn it_is_ready_only_where_code_and_tables_are_of_one_version() {
    let demo = Demo::start();
    assert_eq!(demo.gateway.get("/healthz").0, 200);
    assert_eq!(demo.gateway.get("/readyz").0, 200);
    let (status, page) = demo.gateway.get("/");
    assert_eq!(status, 200);
    assert!(page.contains("<html"));
}

#[test]
fn an_end_in_the_past_is_told_at_its_field() {
    let demo = Demo::start();
    let mia = demo.person("admin", "Mia Mixed");
    let input = json!({ "userId": mia["id"], "until": "2020-01-01T00:00:00Z", "reason": "called" });
    let suspend = "mutation Suspend($input: UserSuspendInput!) {
        userSuspend(input: $input) { userErrors { code field message } }
    }";
    let data = demo.data("admin", suspend, &json!({ "input": input }));
    assert_eq!(
        data["userSuspend"]["userErrors"],
        json!([{ "code": "INVALID_ARGUMENT", "field": ["input", "until"], "message": "`until` lies in the future" }])
    );
}
