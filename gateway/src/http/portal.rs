//! The portal: three static files, compiled in.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Gateway;

const FILES: [(&str, &str, &str); 4] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("../../portal/index.html"),
    ),
    (
        "/portal.css",
        "text/css; charset=utf-8",
        include_str!("../../portal/portal.css"),
    ),
    (
        "/portal.js",
        "text/javascript; charset=utf-8",
        include_str!("../../portal/portal.js"),
    ),
    (
        "/portal.svg",
        "image/svg+xml",
        include_str!("../../portal/portal.svg"),
    ),
];

pub(super) fn routes() -> Router<Arc<Gateway>> {
    FILES
        .into_iter()
        .fold(Router::new(), |router, (path, content_type, text)| {
            router.route(path, get(async move || file(content_type, text)))
        })
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
