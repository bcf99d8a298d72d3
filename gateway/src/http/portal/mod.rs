//! The portal: the page, what it consists of, and what it must be told.

mod files;
mod settings;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::Gateway;
use files::Lifetime;
pub use settings::{PortalArgs, PortalSettings};

/// The addresses of the page, which shows what each of them names. Any other is not found.
const VIEWS: [&str; 7] = [
    "/",
    "/users",
    "/users/{user}",
    "/users/{user}/{tab}",
    "/authenticators",
    "/policies",
    "/signed-in",
];

const NOT_BUILT: &str = "The portal is not part of this build of the gateway. Build it with `npm ci && npm run build` \
     in gateway/portal, then build the gateway again; `make run` and `make package` do both.\n";

pub(super) fn routes() -> Router<Arc<Gateway>> {
    VIEWS
        .into_iter()
        .fold(Router::new(), |router, view| router.route(view, get(page)))
        .route("/favicon.svg", get(icon))
        .route("/assets/{file}", get(asset))
        .route("/portal.json", get(told))
}

async fn page(headers: HeaderMap) -> Response {
    files::answer("index.html", Lifetime::UntilTheNextBuild, &headers)
        .unwrap_or_else(|| (StatusCode::NOT_FOUND, NOT_BUILT).into_response())
}

async fn icon(headers: HeaderMap) -> Response {
    found(files::answer(
        "favicon.svg",
        Lifetime::UntilTheNextBuild,
        &headers,
    ))
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    found(files::answer(
        &format!("assets/{file}"),
        Lifetime::ForEver,
        &headers,
    ))
}

fn found(answer: Option<Response>) -> Response {
    answer.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

async fn told(State(gateway): State<Arc<Gateway>>) -> Response {
    let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    (headers, Json(gateway.settings.portal.told())).into_response()
}
