//! The files of the portal: what `npm run build` left in `gateway/portal/dist`. A release has them inside; a
//! development build reads them from the checkout. Each is there as it is and compressed.

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "portal/dist"]
#[allow_missing = true]
struct Files;

/// How long a browser may use what it has without asking.
#[derive(Clone, Copy)]
pub(super) enum Lifetime {
    /// Its name changes with its content.
    ForEver,
    /// It asks each time, and is told when nothing changed.
    UntilTheNextBuild,
}

/// The encodings that the build makes, the smaller first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The file, as small as the client takes it; `None` where there is none.
pub(super) fn answer(name: &str, lifetime: Lifetime, asked: &HeaderMap) -> Option<Response> {
    let content_type = content_type(name)?;
    let (encoding, file) = encoded(name, asked)?;
    let tag =
        HeaderValue::from_str(&format!("\"{}\"", hex::encode(file.metadata.sha256_hash()))).ok()?;
    let unchanged = asked.get(IF_NONE_MATCH) == Some(&tag);
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, tag);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, cache_control(lifetime));
    if unchanged {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some((headers, file.data).into_response())
}

fn encoded(name: &str, asked: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    ENCODINGS
        .into_iter()
        .filter(|(encoding, _)| takes(asked, encoding))
        .find_map(|(encoding, ending)| {
            Some((Some(encoding), Files::get(&format!("{name}{ending}"))?))
        })
        .or_else(|| Some((None, Files::get(name)?)))
}

/// Whether the client takes the encoding. `q=0`, which says that it does not, is heeded.
fn takes(asked: &HeaderMap, encoding: &str) -> bool {
    asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|choice| {
            let (name, quality) = choice.split_once(';').unwrap_or((choice, ""));
            name.trim().eq_ignore_ascii_case(encoding)
                && quality
                    .trim()
                    .strip_prefix("q=")
                    .is_none_or(|quality| quality.parse().is_ok_and(|quality: f32| quality > 0.0))
        })
}

fn cache_control(lifetime: Lifetime) -> HeaderValue {
    HeaderValue::from_static(match lifetime {
        Lifetime::ForEver => "public, max-age=31536000, immutable",
        Lifetime::UntilTheNextBuild => "no-cache",
    })
}

/// The type of what the build makes; `None` for anything else, which is then not served.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_encoding_is_taken_where_it_is_named_and_not_refused() {
        for value in ["br", "gzip, deflate, br", "gzip;q=0.5, BR;q=0.9"] {
            assert!(takes(&accepting(value), "br"), "{value}");
        }
        for value in ["", "gzip", "br;q=0", "brotli", "br;q=nonsense"] {
            assert!(!takes(&accepting(value), "br"), "{value}");
        }
    }

    #[test]
    fn only_what_a_page_consists_of_is_served() {
        for name in ["index.js.br", ".gitignore", "index", "index.js.map"] {
            assert_eq!(content_type(name), None, "{name}");
        }
    }
}
