//! What Prometheus scrapes: every request is in it, and no client decides how much there is of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use gateway::graphql::{DocumentId, DocumentSettings};
use gateway::http::metrics_router;
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;

use super::support::*;

/// The trusted documents of the documentation.
const TRUSTED: &str = include_str!("../../documents/documentation.json");

struct Scraped {
    app: Router,
    metrics: Router,
}

impl Scraped {
    async fn start() -> Self {
        let gateway = gateway(&DocumentSettings::default(), http_settings(256, Vec::new())).await;
        Self {
            metrics: metrics_router(gateway.exposition()),
            app: routes(gateway),
        }
    }

    async fn send(&self, request: Request<Body>) {
        self.app.clone().oneshot(request).await.unwrap();
    }

    /// The lines with a value.
    async fn samples(&self) -> Vec<String> {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let response = self.metrics.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers()["content-type"],
            "application/openmetrics-text; version=1.0.0; charset=utf-8"
        );
        let text = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(text.ends_with("# EOF\n"), "{text}");
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        samples.map(Into::into).collect()
    }

    /// The series, without their values.
    async fn series(&self) -> BTreeSet<String> {
        let samples = self.samples().await;
        let series = samples.iter().filter_map(|line| line.rsplit_once(' '));
        series.map(|(name, _)| name.to_owned()).collect()
    }

    /// Waits for a sample that a task of the gateway's own brings about.
    async fn await_sample(&self, sample: &str) {
        let comes = async {
            while !self.samples().await.iter().any(|line| line == sample) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let patience = Duration::from_secs(120);
        let came = tokio::time::timeout(patience, comes).await;
        assert!(came.is_ok(), "{sample} does not come");
    }

    async fn assert_sample(&self, sample: &str) {
        let samples = self.samples().await;
        assert!(
            samples.iter().any(|line| line == sample),
            "no {sample} in {samples:#?}"
        );
    }
}

/// A request without a token.
fn bare(body: &str) -> Request<Body> {
    Request::post("/graphql")
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

fn forged(number: i32) -> Request<Body> {
    let mut request = bare("{}");
    let header = format!("Bearer {number}").parse().unwrap();
    request.headers_mut().insert("authorization", header);
    request
}

#[tokio::test]
async fn names_that_clients_make_up_add_no_series() {
    let scraped = Scraped::start().await;
    scraped.send(query("query First { __typename }")).await;
    scraped.send(query("query First { nonsense }")).await;
    scraped.send(query("query First {")).await;
    scraped.send(forged(0)).await;
    let before = scraped.series().await;
    for number in 0..50 {
        let body = |text: &str| json!({ "query": text, "operationName": format!("N{number}") });
        for text in [
            format!("query N{number} {{ __typename }}"),
            format!("query N{number} {{ nonsense{number} }}"),
            format!("query N{number} {{"),
        ] {
            scraped.send(post(body(&text).to_string())).await;
        }
        scraped.send(forged(number)).await;
    }
    assert_eq!(scraped.series().await, before);
}

#[tokio::test]
async fn a_request_is_counted_by_operation_role_and_code() {
    let scraped = Scraped::start().await;
    scraped.send(query("query Mine { __typename }")).await;
    scraped.send(query("{ apps { id } }")).await;
    let documents: BTreeMap<String, String> = serde_json::from_str(TRUSTED).unwrap();
    let mut queries = documents
        .iter()
        .filter(|(_, text)| text.starts_with("query"));
    let (id, text) = queries.next().unwrap();
    let name = text.split([' ', '(', '{']).nth(1).unwrap();
    scraped
        .send(post(json!({ "documentId": id }).to_string()))
        .await;
    let count = "authn_gateway_request_seconds_count";
    for (operation, code) in [
        ("ad_hoc", "OK"),
        ("ad_hoc", "SERVICE_UNAVAILABLE"),
        (name, "SERVICE_UNAVAILABLE"),
    ] {
        let labels = format!("operation=\"{operation}\",role=\"support\",code=\"{code}\"");
        scraped
            .assert_sample(&format!("{count}{{{labels}}} 1"))
            .await;
    }
    let statement = "statement=\"apps\",outcome=\"unavailable\"";
    let count = "authn_gateway_transaction_seconds_count";
    scraped
        .assert_sample(&format!("{count}{{{statement}}} 1"))
        .await;
}

#[tokio::test]
async fn a_refusal_is_counted_by_its_reason() {
    let scraped = Scraped::start().await;
    let directives = "{ __typename ".to_owned() + &"@skip(if: false) ".repeat(51) + "}";
    let unknown = json!({ "documentId": DocumentId::of("").to_string() });
    scraped.send(query("{")).await;
    scraped.send(query(&directives)).await;
    scraped.send(post(unknown.to_string())).await;
    scraped.send(post("no json")).await;
    scraped.send(bare("{\"query\": \"{ apps { id } }\"}")).await;
    scraped
        .send(accepting(query("{ __typename }"), "text/html"))
        .await;
    scraped
        .send(Request::delete("/graphql").body(Body::empty()).unwrap())
        .await;
    for reason in [
        "document",
        "directives",
        "untrusted",
        "body",
        "token",
        "accept",
        "method",
    ] {
        let sample = format!("authn_gateway_refusals_total{{reason=\"{reason}\"}} 1");
        scraped.assert_sample(&sample).await;
    }
}

#[tokio::test]
async fn the_connections_of_each_role_are_told() {
    let scraped = Scraped::start().await;
    for role in ["support", "admin", "reader", "service"] {
        for (name, value) in [
            ("pool_connections", 0),
            ("pool_connections_in_use", 0),
            ("pool_connections_limit", 1),
            ("pool_waiting", 0),
        ] {
            let labels = format!("server=\"primary\",role=\"{role}\"");
            scraped
                .assert_sample(&format!("authn_gateway_{name}{{{labels}}} {value}"))
                .await;
        }
    }
    scraped
        .assert_sample("authn_gateway_requests_at_work_limit 256")
        .await;
}

#[tokio::test]
async fn streams_are_counted_while_they_are_open_and_when_they_end() {
    let scraped = Scraped::start().await;
    scraped
        .assert_sample("authn_gateway_streams_open_limit 10")
        .await;
    let mut request = query("query MadeUp { __typename }");
    *request.uri_mut() = "/graphql/stream".parse().unwrap();
    let request = accepting(request, "text/event-stream");
    let response = scraped.app.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().collect().await.unwrap();
    let labels = "transport=\"sse\",operation=\"ad_hoc\",role=\"support\"";
    scraped
        .await_sample(&format!("authn_gateway_stream_operations{{{labels}}} 0"))
        .await;
    scraped
        .assert_sample(&format!("authn_gateway_stream_answers_total{{{labels}}} 1"))
        .await;
    scraped
        .assert_sample("authn_gateway_stream_ends_total{transport=\"sse\",reason=\"itself\"} 1")
        .await;
    scraped.await_sample("authn_gateway_streams_open 0").await;
}
