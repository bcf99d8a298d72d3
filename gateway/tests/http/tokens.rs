//! Who is let in, and what the others are told.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode};
use serde_json::json;

use super::support::*;

fn with_authorization(document: &str, authorization: Option<&'static str>) -> Request<Body> {
    let mut request = query(document);
    request.headers_mut().remove("authorization");
    if let Some(value) = authorization {
        request
            .headers_mut()
            .insert("authorization", HeaderValue::from_static(value));
    }
    request
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_said_about_the_schema() {
    for document in [
        "{ nonsense }",
        "{ users { totalCount } }",
        "{ users { nonsense } }",
        "{ __schema { types { name } } }",
        "{ __typename } fragment F on User { id }",
        "{ __typename } fragment F on Nonsense { id }",
        "query Q($status: UserStatus) { __typename }",
        "query Q($status: Nonsense) { __typename }",
        "mutation { userSuspend(input: { userId: \"x\" }) { userErrors { code } } }",
    ] {
        for authorization in [None, Some("Bearer nonsense"), Some("Basic YTpi")] {
            let (status, body, response) = send(with_authorization(document, authorization)).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{document}");
            assert!(response.headers().contains_key("www-authenticate"));
            assert_eq!(
                body["errors"][0]["message"],
                "a valid bearer token is required"
            );
            assert_eq!(code(&body), "UNAUTHENTICATED");
            assert!(body["errors"][0]["extensions"]["requestId"].is_string());
        }
    }
}

#[tokio::test]
async fn without_a_token_a_server_of_graphql_can_be_told_and_no_more() {
    for (document, expected) in [
        ("{ __typename }", json!({ "__typename": "Query" })),
        (
            "{ __type(name: \"User\") { name } }",
            json!({ "__type": null }),
        ),
        (
            "{ __type(name: \"Nonsense\") { name } }",
            json!({ "__type": null }),
        ),
    ] {
        let (status, body, _) = send(with_authorization(document, None)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body, json!({ "data": expected }), "{document}");
        let (status, ..) = send(with_authorization(document, Some("Bearer nonsense"))).await;
        assert_eq!(
            status,
            StatusCode::UNAUTHORIZED,
            "a token that is sent counts"
        );
    }
}
