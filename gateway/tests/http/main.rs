//! The HTTP surface, without a database: who is let in, which requests are understood, and how refusals
//! look. The database's address leads nowhere.

mod metrics;
mod portal;
mod trusted;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use gateway::auth::{KeySet, Keys, Verifier, VerifierSettings};
use gateway::db::{Database, DatabaseSettings};
use gateway::graphql::{
    self, DocumentLimits, DocumentSettings, Documents, SchemaLimits, Validator,
};
use gateway::http::{
    ForwardedHeader, Gateway, HttpSettings, PortalSettings, StreamSettings, TrustedProxies, router,
};
use gateway::metrics::Metrics;
use http_body_util::BodyExt;
use jsonwebtoken::{EncodingKey, Header, encode};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt;

const SECRET: &[u8] = b"an hmac secret of more than 32 bytes";

async fn app() -> Router {
    app_with(256, Vec::new()).await
}

async fn app_with(max_concurrent: usize, cors_origins: Vec<HeaderValue>) -> Router {
    app_executing(&DocumentSettings::default(), max_concurrent, cors_origins).await
}

async fn app_executing(
    documents: &DocumentSettings,
    max_concurrent: usize,
    cors_origins: Vec<HeaderValue>,
) -> Router {
    app_of(documents, http_settings(max_concurrent, cors_origins)).await
}

fn http_settings(max_concurrent: usize, cors_origins: Vec<HeaderValue>) -> HttpSettings {
    HttpSettings {
        request_timeout: Duration::from_secs(5),
        max_concurrent,
        proxies: TrustedProxies::new(Vec::new(), ForwardedHeader::XForwardedFor),
        cors_origins,
        portal: PortalSettings::default(),
        streams: StreamSettings {
            max_streams: 10,
            max_subscriptions: 10,
            connection_init_timeout: Duration::from_secs(5),
            keep_alive: Duration::from_secs(12),
            send_timeout: Duration::from_secs(30),
        },
    }
}

async fn app_of(documents: &DocumentSettings, http: HttpSettings) -> Router {
    routes(gateway(documents, http).await)
}

fn routes(gateway: Arc<Gateway>) -> Router {
    let peer = SocketAddr::from(([127, 0, 0, 1], 1));
    router(gateway).layer(MockConnectInfo(peer))
}

async fn gateway(documents: &DocumentSettings, http: HttpSettings) -> Arc<Gateway> {
    let settings = VerifierSettings {
        issuer: "pg_authn".into(),
        audience: "pg_authn".into(),
        leeway: 0,
    };
    let database = DatabaseSettings {
        url: "host=127.0.0.1 port=1 user=nobody dbname=nothing".into(),
        read_url: None,
        listen_url: None,
        read_max_lag: Duration::from_secs(10),
        pool_size: 1,
        pool_timeout: Duration::from_millis(500),
        statement_timeout: Duration::from_secs(1),
        silence_timeout: Duration::from_secs(1),
        prepare_statements: true,
    };
    let database = Database::new(&database, Metrics::default()).unwrap();
    let limits = SchemaLimits {
        depth: 20,
        complexity: 50_000,
    };
    let schema = graphql::build(&limits);
    let validator = Validator::new(&limits);
    let documents = Documents::load(documents, DocumentLimits::default(), &validator)
        .await
        .unwrap();
    let verifier = Verifier::new(settings, Some(SECRET), Keys::Fixed(KeySet::default()));
    Arc::new(Gateway::new(schema, documents, verifier, database, http))
}

fn token() -> String {
    token_of("support")
}

fn token_of(role: &str) -> String {
    let claims = json!({
        "iss": "pg_authn", "aud": "pg_authn", "sub": "ada", "role": role,
        "exp": chrono::Utc::now().timestamp() + 600,
        "tenant": "00000000-0000-0000-0000-000000000001",
    });
    encode(
        &Header::default(),
        &claims,
        &EncodingKey::from_secret(SECRET),
    )
    .unwrap()
}

/// A POST of a body, as a client with a token sends it.
fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql")
        .header("authorization", format!("Bearer {}", token()))
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

fn query(query: &str) -> Request<Body> {
    post(json!({ "query": query }).to_string())
}

fn accepting(mut request: Request<Body>, accept: &'static str) -> Request<Body> {
    request
        .headers_mut()
        .insert("accept", accept.parse().unwrap());
    request
}

const RESPONSE_JSON: &str = "application/graphql-response+json";

async fn send(request: Request<Body>) -> (StatusCode, Value, Response<()>) {
    let response = app().await.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    (parts.status, body, Response::from_parts(parts, ()))
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

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
