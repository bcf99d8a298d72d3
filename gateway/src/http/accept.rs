//! Content negotiation of GraphQL over HTTP.

use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use crate::graphql::{Answer, Code, Reached};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status tells what became of the request.
    GraphqlResponse,
    /// `application/json`: 200 for whatever GraphQL answered, as older clients expect.
    Json,
}

impl MediaType {
    /// The form that a client prefers; `None` when it takes neither. Without a word from the client:
    /// `application/json`.
    pub(super) fn preferred(headers: &HeaderMap) -> Option<Self> {
        let accepted: Vec<_> = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let accepted = accepted.join(",");
        if accepted.trim().is_empty() {
            return Some(Self::Json);
        }
        let graphql = quality(&accepted, "application/graphql-response+json");
        let json = quality(&accepted, "application/json");
        match (graphql, json) {
            // Named beats matched by a wildcard; of two that are named, the more telling one wins.
            (Some(graphql @ (_, NAMED)), Some(json)) if graphql >= json => {
                Some(Self::GraphqlResponse)
            }
            (Some(graphql), Some(json)) if graphql > json => Some(Self::GraphqlResponse),
            (_, Some(_)) => Some(Self::Json),
            (Some(_), None) => Some(Self::GraphqlResponse),
            (None, None) => None,
        }
    }

    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    /// The status of an answer that GraphQL gave.
    pub(super) fn status(self, answer: &Answer) -> StatusCode {
        match (self, answer.reached()) {
            (Self::Json, _) | (_, Reached::Data) => StatusCode::OK,
            (Self::GraphqlResponse, Reached::Nothing | Reached::NoData) => {
                let code = answer.first_code().unwrap_or_default();
                [
                    (Code::Unauthenticated, StatusCode::UNAUTHORIZED),
                    (Code::Forbidden, StatusCode::FORBIDDEN),
                    (Code::Timeout, StatusCode::GATEWAY_TIMEOUT),
                    (Code::ServiceUnavailable, StatusCode::SERVICE_UNAVAILABLE),
                    (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR),
                ]
                .into_iter()
                .find(|(known, _)| known.as_str() == code)
                .map_or(StatusCode::BAD_REQUEST, |(_, status)| status)
            }
        }
    }
}

const NAMED: u8 = 1;

/// How much a media type is wanted: its `q`, then whether it was named rather than matched by a
/// wildcard. `None`: not at all.
fn quality(accepted: &str, media_type: &str) -> Option<(u16, u8)> {
    let (kind, _) = media_type.split_once('/')?;
    accepted
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let precision = match name.as_str() {
                name if name == media_type => 2,
                name if name.strip_suffix("/*") == Some(kind) => 1,
                "*/*" => 0,
                _ => return None,
            };
            let q = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .map_or(Some(1.0), |q| {
                    q.trim()
                        .parse::<f32>()
                        .ok()
                        .filter(|q| (0.0..=1.0).contains(q))
                })?;
            // Exact: q has at most three digits.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let thousandths = (q * 1000.0).round() as u16;
            Some((precision, thousandths))
        })
        // The most precise range that matches speaks for the type.
        .max_by_key(|(precision, _)| *precision)
        .filter(|(_, q)| *q > 0)
        .map(|(precision, q)| (q, if precision == 2 { NAMED } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(accept: &'static str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        MediaType::preferred(&headers)
    }

    #[test]
    fn the_client_decides() {
        assert_eq!(
            MediaType::preferred(&HeaderMap::new()),
            Some(MediaType::Json)
        );
        for (accept, expected) in [
            ("", Some(MediaType::Json)),
            ("*/*", Some(MediaType::Json)),
            ("application/*", Some(MediaType::Json)),
            ("application/json", Some(MediaType::Json)),
            ("application/json; charset=utf-8", Some(MediaType::Json)),
            ("Application/JSON", Some(MediaType::Json)),
            (
                "application/graphql-response+json",
                Some(MediaType::GraphqlResponse),
            ),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(MediaType::GraphqlResponse),
            ),
            (
                "application/json;q=0.9, application/graphql-response+json",
                Some(MediaType::GraphqlResponse),
            ),
            (
                "application/json, application/graphql-response+json;q=0.5",
                Some(MediaType::Json),
            ),
            (
                "application/json, application/graphql-response+json",
                Some(MediaType::GraphqlResponse),
            ),
            (
                "application/graphql-response+json, */*;q=0.1",
                Some(MediaType::GraphqlResponse),
            ),
            (
                "application/json;q=0, */*",
                Some(MediaType::GraphqlResponse),
            ),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;q=x", None),
        ] {
            assert_eq!(preferred(accept), expected, "{accept:?}");
        }
    }
}
