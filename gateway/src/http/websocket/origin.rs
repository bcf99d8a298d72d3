//! Which pages may connect. A browser asks nobody before it opens a WebSocket, but says from where.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};

/// Whether a page of this origin may connect: one that we served, or one that is named. What is no browser
/// sends no origin.
pub(super) fn is_allowed(headers: &HeaderMap, named: &[HeaderValue]) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    named.contains(origin) || is_ours(origin, headers.get(HOST))
}

fn is_ours(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let (Ok(origin), Some(Ok(host))) = (origin.to_str(), host.map(HeaderValue::to_str)) else {
        return false;
    };
    origin
        .split_once("://")
        .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("authn.example:8080"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        is_allowed(
            &headers,
            &[HeaderValue::from_static("https://portal.example")],
        )
    }

    #[test]
    fn pages_of_ours_and_named_ones_may_connect() {
        for origin in [
            None,
            Some("http://authn.example:8080"),
            Some("https://authn.example:8080"),
            Some("https://portal.example"),
        ] {
            assert!(allowed(origin), "{origin:?}");
        }
        for origin in [
            "null",
            "",
            "https://evil.example",
            "http://authn.example",
            "http://portal.example",
            "authn.example:8080",
        ] {
            assert!(!allowed(Some(origin)), "{origin:?}");
        }
    }
}
