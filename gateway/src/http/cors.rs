//! Pages of other origins: kept out unless they are named.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, Method};
use tower_http::cors::CorsLayer;

/// How long a browser need not ask again.
const MAX_AGE: Duration = Duration::from_secs(600);

/// What lets the pages of these origins in; `None` where there are none.
pub(super) fn layer(origins: &[HeaderValue]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    // Without credentials: a token is in a header that only a page which has it can send.
    let layer = CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods([Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE])
        .expose_headers([HeaderName::from_static("x-request-id")])
        .max_age(MAX_AGE);
    Some(layer)
}

/// An origin as browsers write it: scheme, host and, where it is not the usual one, port.
pub fn origin(text: &str) -> Result<HeaderValue, String> {
    let url = url::Url::parse(text).map_err(|error| error.to_string())?;
    let origin = url.origin().ascii_serialization();
    let pattern = text.contains('*');
    if !matches!(url.scheme(), "http" | "https") || origin != text || pattern {
        return Err("an origin is a scheme and a host, as in https://portal.example".into());
    }
    HeaderValue::from_str(&origin).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_one_that_a_browser_can_send() {
        for good in ["https://portal.example", "http://localhost:5173"] {
            assert_eq!(origin(good).unwrap(), good);
        }
        for bad in [
            "*",
            "null",
            "portal.example",
            "https://portal.example/",
            "https://portal.example/path",
            "https://portal.example:443",
            "https://*.example",
            "file:///portal",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
