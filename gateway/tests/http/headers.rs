//! The headers of everything that is served, and the pages that may read it.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode};
use tower::ServiceExt;

use super::support::*;

#[tokio::test]
async fn everything_is_served_with_security_headers() {
    for path in [
        "/",
        "/users/00000000-0000-0000-0000-000000000001/authenticators",
        "/favicon.svg",
        "/assets/nothing.js",
        "/portal.json",
        "/healthz",
        "/graphql",
        "/nowhere",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (_, _, response) = send(request).await;
        let headers = response.headers();
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("default-src 'none'; script-src 'self';"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert!(
            !headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
    }
}

fn preflight(origin: &'static str) -> Request<Body> {
    Request::options("/graphql")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type",
        )
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn pages_of_other_origins_are_kept_out() {
    for mut request in [preflight("https://evil.example"), query("{ __typename }")] {
        request
            .headers_mut()
            .insert("origin", HeaderValue::from_static("https://evil.example"));
        let (.., response) = send(request).await;
        assert!(
            response
                .headers()
                .keys()
                .all(|name| !name.as_str().starts_with("access-control-")),
            "{response:?}"
        );
    }
}

#[tokio::test]
async fn pages_of_the_origins_that_are_named_are_let_in() {
    let ours = "https://portal.example";
    let app = app_with(1, vec![gateway::http::origin(ours).unwrap()]).await;
    let response = app.clone().oneshot(preflight(ours)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-origin"], ours);
    assert_eq!(headers["access-control-allow-methods"], "POST");
    assert_eq!(
        headers["access-control-allow-headers"],
        "authorization,content-type"
    );
    assert!(!headers.contains_key("access-control-allow-credentials"));
    assert!(headers.contains_key("content-security-policy"));

    let mut request = query("{ __typename }");
    request
        .headers_mut()
        .insert("origin", ours.parse().unwrap());
    let response = app.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], ours);

    for other in ["https://evil.example", "null", "http://portal.example"] {
        let response = app.clone().oneshot(preflight(other)).await.unwrap();
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-origin"),
            "{other}"
        );
    }
}
