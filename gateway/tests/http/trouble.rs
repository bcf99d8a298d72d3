//! Attacks, an outage and too much at once are answered quickly; health tells of them.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use serde_json::json;
use tower::ServiceExt;

use super::support::*;

#[tokio::test]
async fn attacks_are_answered_quickly() {
    let mut doubling = String::from("{ ...F0 }");
    for level in 0..22 {
        doubling += &format!(
            " fragment F{level} on Query {{ ...F{n} ...F{n} }}",
            n = level + 1
        );
    }
    doubling += " fragment F22 on Query { __typename }";
    let object = format!(
        "{{ node(id: {}1{}) {{ id }} }}",
        "{a:".repeat(1500),
        "}".repeat(1500)
    );
    let list = format!(
        "{{ node(id: {}1{}) {{ id }} }}",
        "[".repeat(2000),
        "]".repeat(2000)
    );
    let aliases: String = (0..500).map(|n| format!("a{n}: __typename ")).collect();
    for document in [doubling, object, list, format!("{{ {aliases} }}")] {
        let start = Instant::now();
        let (_, body, _) = send(query(&document)).await;
        assert_eq!(code(&body), "QUERY_TOO_COMPLEX");
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{:?}",
            start.elapsed()
        );
    }
    let deep = format!(
        r#"{{"query":"{{ __typename }}","variables":{}{}}}"#,
        r#"{"a":"#.repeat(5000),
        "}".repeat(5000)
    );
    assert_eq!(send(post(deep)).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_database_that_is_away_is_said_quickly_and_without_its_words() {
    let start = Instant::now();
    for document in [
        "{ apps { id } }",
        "{ users { totalCount } }",
        "{ viewer { role } }",
    ] {
        let (status, body, _) = send(accepting(query(document), RESPONSE_JSON)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
        assert_eq!(code(&body), "SERVICE_UNAVAILABLE");
        assert!(!body.to_string().contains("refused"), "{body}");
    }
    let document = "mutation { userReinstate(input: { userId: \"00000000-0000-0000-0000-000000000001\" }) { userErrors { code } } }";
    let (_, body, _) = send(query(document)).await;
    assert_eq!(code(&body), "SERVICE_UNAVAILABLE");
    assert_eq!(body["data"], json!({ "userReinstate": null }));
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn more_requests_than_may_be_at_work_are_turned_away_at_once() {
    let app = app_with(1, Vec::new()).await;
    // The database that leads nowhere keeps the first of them at work; the other finds no room.
    let away = || accepting(query("{ apps { id } }"), RESPONSE_JSON);
    let (one, other) = tokio::join!(app.clone().oneshot(away()), app.clone().oneshot(away()));
    let retry = |response: Response<Body>| response.headers().contains_key("retry-after");
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(other.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((retry(one), retry(other)), (false, true));
    let next = app.oneshot(query("{ __typename }")).await.unwrap();
    assert_eq!(next.status(), StatusCode::OK, "there is room again");
}

#[tokio::test]
async fn health_is_told_from_readiness() {
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(send(get("/healthz")).await.0, StatusCode::OK);
    let (status, body, _) = send(get("/readyz")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        body,
        json!({ "status": "unavailable", "reason": "the database does not answer" })
    );
}
