//! Whatever is sent is answered.

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use proptest::prelude::*;
use serde_json::json;

use super::support::*;

/// Requests that no client would send, in the shapes that a handler may stumble over.
fn any_request() -> impl Strategy<Value = Request<Body>> {
    let text = prop_oneof![
        "\\PC{0,200}",
        r#"([{}\[\]():@"\\#, \n$!.a1-]|query |mutation |fragment |on |__typename){0,60}"#,
    ];
    let json = text.clone().prop_map(|text| {
        json!({ "query": text, "operationName": text, "variables": { "a": text } }).to_string()
    });
    let body = prop_oneof![
        json.prop_map(String::into_bytes),
        text.prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..300),
    ];
    let header = |known: &'static [&'static str]| {
        prop_oneof![
            proptest::sample::select(known).prop_map(|value| value.as_bytes().to_vec()),
            proptest::collection::vec(any::<u8>(), 0..60),
        ]
    };
    let headers = (
        header(&["Bearer ", "Bearer a.b.c", "Basic YTpi"]),
        header(&[
            "application/json",
            "application/json; charset=utf-8",
            "text/plain",
        ]),
        header(&["*/*", RESPONSE_JSON, "application/json;q=0"]),
        any::<bool>(),
    );
    let method = proptest::sample::select(&["GET", "POST", "OPTIONS", "PUT", "BREW"][..]);
    (method, headers, "[a-z=&%0-9+{}]{0,60}", body).prop_map(
        |(method, (authorization, content_type, accept, honest), parameters, body)| {
            let uri = format!("/graphql?{}", parameters.replace(['{', '}'], "%"));
            let mut request = Request::new(Body::from(body));
            *request.method_mut() = method.parse().unwrap();
            *request.uri_mut() = uri.parse().unwrap();
            let authorization = match honest {
                true => format!("Bearer {}", token()).into_bytes(),
                false => authorization,
            };
            for (name, value) in [
                ("authorization", authorization),
                ("content-type", content_type),
                ("accept", accept),
            ] {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    request.headers_mut().insert(name, value);
                }
            }
            request
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Whatever is sent, the answer is GraphQL's: data, or errors with a code, and never a failure of ours.
    #[test]
    fn whatever_is_sent_is_answered(request in any_request()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (status, body, response) = runtime.block_on(send(request));
        prop_assert!(!status.is_server_error(), "{} {}", status, body);
        prop_assert!(body["data"].is_object() || !code(&body).is_empty(), "{} {}", status, body);
        prop_assert!(response.headers().contains_key("x-request-id"));
    }
}
