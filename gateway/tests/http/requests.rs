//! Which requests are understood, and the form of their answers.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use super::support::*;

#[tokio::test]
async fn a_query_is_answered_in_the_form_that_the_client_accepts() {
    for (accept, content_type) in [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        (
            RESPONSE_JSON,
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let (status, body, response) = send(accepting(query("{ __typename }"), accept)).await;
        assert_eq!(status, StatusCode::OK, "{accept}");
        assert_eq!(
            body,
            json!({ "data": { "__typename": "Query" } }),
            "{accept}"
        );
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().contains_key("x-request-id"));
    }
    let (status, ..) = send(accepting(query("{ __typename }"), "text/html")).await;
    assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn only_json_in_one_object_is_a_request() {
    for (request, expected) in [
        (post("not json"), StatusCode::BAD_REQUEST),
        (post("[]"), StatusCode::BAD_REQUEST),
        (
            post(r#"[{"query":"{ __typename }"}]"#),
            StatusCode::BAD_REQUEST,
        ),
        (post("{}"), StatusCode::BAD_REQUEST),
        (
            post(r#"{"query":"{ __typename }","variables":[]}"#),
            StatusCode::BAD_REQUEST,
        ),
        (post("x".repeat(70_000)), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let (status, body, _) = send(request).await;
        assert_eq!(status, expected);
        assert_eq!(code(&body), "BAD_USER_INPUT");
        assert!(body.get("data").is_none());
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        let mut request =
            query("mutation { userReinstate(input: { userId: \"x\" }) { userErrors { code } } }");
        request
            .headers_mut()
            .insert("content-type", content_type.parse().unwrap());
        assert_eq!(
            send(request).await.0,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_get_queries_and_never_mutates() {
    let get = |query: &str| {
        Request::get(format!("/graphql?query={query}"))
            .header("authorization", format!("Bearer {}", token()))
            .body(Body::empty())
            .unwrap()
    };
    let (status, body, _) = send(get("%7B__typename%7D")).await;
    assert_eq!(
        (status, &body["data"]["__typename"]),
        (StatusCode::OK, &json!("Query"))
    );
    let (status, _, response) = send(get("mutation%7B__typename%7D")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "POST");
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
        let mut request = query("{ __typename }");
        *request.method_mut() = method.parse().unwrap();
        assert_eq!(
            send(request).await.0,
            StatusCode::METHOD_NOT_ALLOWED,
            "{method}"
        );
    }
}

#[tokio::test]
async fn documents_that_cannot_run_are_request_errors() {
    for (document, expected) in [
        ("{", "BAD_USER_INPUT"),
        ("{ nonsense }", "BAD_USER_INPUT"),
        (
            "query A { __typename } query B { __typename }",
            "BAD_USER_INPUT",
        ),
        (
            "query Q($a: UUID!) { user(uuid: $a) { id } }",
            "BAD_USER_INPUT",
        ),
        ("subscription { nonsense }", "BAD_USER_INPUT"),
        (
            "{ users(first: 100) { nodes { authenticators(first: 100) { nodes { id uuid name status method } } } } }",
            "QUERY_TOO_COMPLEX",
        ),
        ("{ ...A } fragment A on Query { ...A }", "QUERY_TOO_COMPLEX"),
    ] {
        let (status, body, _) = send(accepting(query(document), RESPONSE_JSON)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{document} {body}");
        assert_eq!(code(&body), expected, "{document} {body}");
        let (status, body, _) = send(query(document)).await;
        assert_eq!(status, StatusCode::OK, "{document}");
        assert_eq!(code(&body), expected, "{document}");
    }
}
