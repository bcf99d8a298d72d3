//! `Authenticator.explanation` is `authn.explain_status`.

use serde_json::{Value, json};
use system_tests::demo::Demo;

const EXPLAINED: &str = "{ authenticators(first: 100) { nodes {
    uuid user { uuid } status contexts { app { uuid } }
    explanation { ...E contexts { ...E app { name methods } contexts { status } } }
} } }
fragment E on StatusExplanation { status rule sentence since until indefinitely available facts }";

fn same(explanation: &Value, told: &Value) {
    let label = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
    for field in ["status", "rule"] {
        assert_eq!(label(&explanation[field]), told[field], "{explanation}");
    }
    for field in ["sentence", "available"] {
        assert_eq!(explanation[field], told[field], "{explanation}");
    }
    assert_eq!(explanation["until"].is_null(), told["until"].is_null());
    assert_eq!(explanation["since"].is_null(), told["since"].is_null());
    assert_eq!(explanation["indefinitely"], told["endless"] == true);
    for (key, value) in explanation["facts"].as_object().expect("facts") {
        // How much is left of a lock depends on the instant of the question.
        if key != "unlock" {
            assert_eq!(value, &told[key], "{key}");
        }
    }
}

#[test]
fn every_authenticator_is_explained_as_the_database_explains_it() {
    let demo = Demo::start();
    let data = demo.data("admin", EXPLAINED, &json!({}));
    let authenticators = data["authenticators"]["nodes"].as_array().expect("nodes");
    assert_eq!(authenticators.len(), 100);
    for authenticator in authenticators {
        let (user, id) = (&authenticator["user"]["uuid"], &authenticator["uuid"]);
        let told = demo.database.value(&format!(
            "select authn.explain_status({}, {})",
            literal(user),
            literal(id)
        ));
        let told: Value = serde_json::from_str(&told).expect("an explanation");
        let explanation = &authenticator["explanation"];
        same(explanation, &told);
        assert_eq!(explanation["status"], authenticator["status"]);
        let contexts = explanation["contexts"].as_array().expect("contexts");
        let of_apps = told["contexts"].as_array().expect("contexts");
        assert_eq!(contexts.len(), of_apps.len());
        for (context, told) in contexts.iter().zip(of_apps) {
            same(context, told);
            assert_eq!(context["app"]["name"], told["app_name"]);
            assert!(
                context["app"]["methods"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty())
            );
            assert_eq!(context["contexts"], json!([]));
        }
    }
}

#[test]
fn an_explanation_is_of_one_app_or_of_the_whole() {
    let demo = Demo::start();
    let query = "query Explain($uuid: UUID!, $wallet: UUID!) { user(uuid: $uuid) {
        authenticators(filter: { method: [PASSWORD] }) { nodes {
            whole: explanation { rule sentence app { name } }
            there: explanation(app: $wallet) { status rule sentence app { name } facts }
        } }
    } }";
    let value = |query: &str| demo.database.value(query);
    let variables = json!({
        "uuid": value("select user_id from authn.users where display_name = 'Mia Mixed'"),
        "wallet": value("select app_id from authn.apps where name = 'Wallet'"),
    });
    let data = demo.data("support", query, &variables);
    let password = &data["user"]["authenticators"]["nodes"][0];
    assert_eq!(password["whole"]["rule"], "CONTEXTS_DIFFER");
    assert_eq!(password["whole"]["app"], json!(null));
    assert_eq!(password["there"]["rule"], "LOCKED");
    assert_eq!(password["there"]["app"]["name"], "Wallet");
    let sentence = password["there"]["sentence"].as_str().expect("a sentence");
    assert!(
        sentence.starts_with("Locked in Wallet since "),
        "{sentence}"
    );
    assert_eq!(password["there"]["facts"]["lock"]["cause"], "tier");
}

#[test]
fn where_it_is_not_registered_there_is_nothing_to_explain() {
    let demo = Demo::start();
    let query = "query Explain($app: UUID!) { users(search: \"Mia Mixed\") { nodes {
        authenticators(filter: { method: [PASSWORD] }) { nodes { explanation(app: $app) { status } } }
    } } }";
    let answer = demo.gateway.send(
        Some(&demo.token("support")),
        query,
        &json!({ "app": "00000000-0000-0000-0000-000000000001" }),
    );
    let error = &answer.body["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.contains("not registered"))
    );
}

fn literal(uuid: &Value) -> String {
    format!("'{}'", uuid.as_str().expect("a uuid"))
}
