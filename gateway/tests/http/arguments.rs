//! What is wrong with arguments is told before the database is asked.

use axum::http::StatusCode;
use serde_json::json;

use super::support::*;

#[tokio::test]
async fn arguments_are_checked_before_the_database_is_asked() {
    for (document, message) in [
        ("{ users(first: 0) { totalCount } }", "between"),
        (
            "{ users(first: 1, last: 1) { totalCount } }",
            "not for both",
        ),
        ("{ users(after: \"x\") { totalCount } }", "cursor"),
        ("{ authenticators(last: 101) { totalCount } }", "between"),
    ] {
        let (_, body, _) = send(query(document)).await;
        assert_eq!(code(&body), "BAD_USER_INPUT", "{document}");
        assert!(
            body["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains(message),
            "{body}"
        );
    }
}

#[tokio::test]
async fn ids_of_another_kind_are_not_found() {
    for (mutation, field) in [
        (
            "authenticatorsUnlock(input: { userId: \"x\", method: PIN })",
            "userId",
        ),
        (
            "authenticatorUnlock(input: { authenticatorId: \"x\" })",
            "authenticatorId",
        ),
        (
            "authenticatorDeactivate(input: { authenticatorId: \"x\", everywhere: true })",
            "authenticatorId",
        ),
        (
            "authenticatorReactivate(input: { authenticatorId: \"x\", everywhere: true })",
            "authenticatorId",
        ),
        ("deviceDeactivate(input: { deviceId: \"x\" })", "deviceId"),
        ("deviceReactivate(input: { deviceId: \"x\" })", "deviceId"),
        ("userSuspend(input: { userId: \"x\" })", "userId"),
        ("userReinstate(input: { userId: \"x\" })", "userId"),
    ] {
        let document = format!(
            "mutation {{ done: {mutation} {{ changes {{ statusAfter }} userErrors {{ field code }} }} }}"
        );
        let (status, body, _) = send(query(&document)).await;
        assert_eq!(status, StatusCode::OK);
        let expected = json!({ "changes": [], "userErrors": [{ "field": ["input", field], "code": "NOT_FOUND" }] });
        assert_eq!(body["data"]["done"], expected, "{mutation} {body}");
    }
}
