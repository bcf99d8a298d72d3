//! A gateway whose database leads nowhere, and requests to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

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
use serde_json::{Value, json};
use tower::ServiceExt;

pub(super) const SECRET: &[u8] = b"an hmac secret of more than 32 bytes";

pub(super) async fn app() -> Router {
    app_with(256, Vec::new()).await
}

pub(super) async fn app_with(max_concurrent: usize, cors_origins: Vec<HeaderValue>) -> Router {
    app_executing(&DocumentSettings::default(), max_concurrent, cors_origins).await
}

pub(super) async fn app_executing(
    documents: &DocumentSettings,
    max_concurrent: usize,
    cors_origins: Vec<HeaderValue>,
) -> Router {
    app_of(documents, http_settings(max_concurrent, cors_origins)).await
}

pub(super) fn http_settings(max_concurrent: usize, cors_origins: Vec<HeaderValue>) -> HttpSettings {
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

pub(super) async fn app_of(documents: &DocumentSettings, http: HttpSettings) -> Router {
    routes(gateway(documents, http).await)
}

pub(super) fn routes(gateway: Arc<Gateway>) -> Router {
    let peer = SocketAddr::from(([127, 0, 0, 1], 1));
    router(gateway).layer(MockConnectInfo(peer))
}

pub(super) async fn gateway(documents: &DocumentSettings, http: HttpSettings) -> Arc<Gateway> {
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

pub(super) fn token() -> String {
    token_of("support")
}

pub(super) fn token_of(role: &str) -> String {
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
pub(super) fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql")
        .header("authorization", format!("Bearer {}", token()))
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

pub(super) fn query(query: &str) -> Request<Body> {
    post(json!({ "query": query }).to_string())
}

pub(super) fn accepting(mut request: Request<Body>, accept: &'static str) -> Request<Body> {
    request
        .headers_mut()
        .insert("accept", accept.parse().unwrap());
    request
}

pub(super) const RESPONSE_JSON: &str = "application/graphql-response+json";

pub(super) async fn send(request: Request<Body>) -> (StatusCode, Value, Response<()>) {
    let response = app().await.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    (parts.status, body, Response::from_parts(parts, ()))
}

pub(super) fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}
