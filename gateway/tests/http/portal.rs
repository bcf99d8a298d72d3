//! The page, its files, and what it may do.

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use clap::Parser;
use gateway::graphql::DocumentSettings;
use gateway::http::{PortalArgs, PortalSettings};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::support::*;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    portal: PortalArgs,
}

async fn portal_with(settings: &[&str]) -> Router {
    let settings = Settings::parse_from([&["gateway"], settings].concat());
    let mut http = http_settings(1, Vec::new());
    http.portal = PortalSettings::try_from(&settings.portal).unwrap();
    app_of(&DocumentSettings::default(), http).await
}

async fn get(
    app: &Router,
    path: &str,
    headers: &[(&'static str, &str)],
) -> (Response<()>, Vec<u8>) {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    (Response::from_parts(parts, ()), body)
}

/// What `npm run build` made, if it did: a gateway is built and tested without it too.
fn built(name: &str) -> Option<Vec<u8>> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("portal/dist");
    std::fs::read(dist.join(name)).ok()
}

#[tokio::test]
async fn every_view_is_the_page_or_how_to_build_it() {
    let app = portal_with(&[]).await;
    let user = "/users/00000000-0000-0000-0000-000000000001";
    let views = [
        "/",
        "/users",
        user,
        "/authenticators",
        "/policies",
        "/signed-in",
    ];
    for view in views
        .map(String::from)
        .into_iter()
        .chain([format!("{user}/history")])
    {
        let (response, body) = get(&app, &view, &[]).await;
        match built("index.html") {
            Some(page) => {
                assert_eq!(response.status(), StatusCode::OK, "{view}");
                assert_eq!(
                    response.headers()["content-type"],
                    "text/html; charset=utf-8"
                );
                assert_eq!(response.headers()["cache-control"], "no-cache");
                assert_eq!(body, page, "{view}");
            }
            None => {
                assert_eq!(response.status(), StatusCode::NOT_FOUND, "{view}");
                assert!(String::from_utf8(body).unwrap().contains("npm run build"));
            }
        }
    }
    let (response, _) = get(&app, "/nowhere", &[]).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_sent_small_and_once() {
    let Some(page) = built("index.html") else {
        let (response, _) = get(&portal_with(&[]).await, "/assets/index.js", &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        return;
    };
    let page = String::from_utf8(page).unwrap();
    let script = page.split('"').find(|text| text.ends_with(".js")).unwrap();
    let app = portal_with(&[]).await;
    let (whole, text) = get(&app, script, &[]).await;
    assert_eq!(
        whole.headers()["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(
        whole.headers()["cache-control"],
        "public, max-age=31536000, immutable"
    );
    assert!(!whole.headers().contains_key("content-encoding"));
    for (accepted, encoding, ending) in [("gzip, br", "br", ".br"), ("gzip", "gzip", ".gz")] {
        let (response, body) = get(&app, script, &[("accept-encoding", accepted)]).await;
        assert_eq!(response.headers()["content-encoding"], encoding);
        assert_eq!(response.headers()["vary"], "accept-encoding");
        assert_eq!(
            Some(&body),
            built(&format!("{}{ending}", &script[1..])).as_ref()
        );
        assert!(body.len() < text.len());
    }
    let tag = whole.headers()["etag"].to_str().unwrap();
    let (again, body) = get(&app, script, &[("if-none-match", tag)]).await;
    assert_eq!((again.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn the_page_is_told_where_to_sign_in_and_may_go_there() {
    let (response, body) = get(&portal_with(&[]).await, "/portal.json", &[]).await;
    assert_eq!(response.headers()["cache-control"], "no-cache");
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(told, json!({ "signIn": null, "embedders": [] }));

    let issuer = "https://login.example/realms/staff/";
    let app = portal_with(&["--oidc-issuer", issuer, "--oidc-client-id", "portal"]).await;
    let (response, body) = get(&app, "/portal.json", &[]).await;
    let told: Value = serde_json::from_slice(&body).unwrap();
    let sign_in = json!({ "issuer": "https://login.example/realms/staff/", "clientId": "portal", "scope": "openid" });
    assert_eq!(told, json!({ "signIn": sign_in, "embedders": [] }));
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.contains("connect-src 'self' https://login.example;"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn only_the_embedders_that_are_named_may_frame_the_page() {
    let (response, _) = get(&portal_with(&[]).await, "/", &[]).await;
    assert_eq!(response.headers()["x-frame-options"], "DENY");
    let app = portal_with(&[
        "--portal-embedders",
        "https://a.example,https://b.example:8443",
    ])
    .await;
    let (response, _) = get(&app, "/", &[]).await;
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.contains("frame-ancestors https://a.example https://b.example:8443;"),
        "{policy}"
    );
    assert!(!response.headers().contains_key("x-frame-options"));
    let (_, body) = get(&app, "/portal.json", &[]).await;
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        told["embedders"],
        json!(["https://a.example", "https://b.example:8443"])
    );
}

#[test]
fn a_sign_in_is_configured_whole() {
    for incomplete in [
        ["--oidc-issuer", "https://login.example"],
        ["--oidc-client-id", "portal"],
    ] {
        let settings = Settings::parse_from([&["gateway"], &incomplete[..]].concat());
        let complaint = PortalSettings::try_from(&settings.portal).unwrap_err();
        assert!(complaint.contains("both or neither"), "{complaint}");
    }
}

#[test]
fn the_page_has_nothing_inline() {
    let html = include_str!("../../portal/index.html");
    for inline in [
        "<style",
        " style=",
        "onclick",
        "onsubmit",
        "javascript:",
        "http:",
        "https:",
        "<script>",
    ] {
        assert!(!html.contains(inline), "{inline}");
    }
}
