//! The caller of a request: from its bearer token and where it came from.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use uuid::Uuid;

use crate::auth::{TokenError, Verifier};
use crate::db::{Caller, Spent};

/// The longest `User-Agent` that is kept.
const MAX_USER_AGENT: usize = 500;

/// The caller, or why there is none (`None`: no token was sent).
pub(super) async fn caller(
    verifier: &Verifier,
    headers: &HeaderMap,
    ip: IpAddr,
    request_id: Uuid,
) -> Result<Caller, Option<TokenError>> {
    let token = bearer_token(headers).ok_or(None)?;
    Ok(Caller {
        claims: verifier.verify(token).await.map_err(Some)?,
        request_id,
        ip: Some(ip),
        user_agent: user_agent(headers),
        spent: Spent::default(),
    })
}

/// The token of the one `Authorization` header, if it is of the bearer kind.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else {
        return None;
    };
    token_of(value)
}

/// The token of the value of an `Authorization` header.
pub(super) fn token_of(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(super) fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(MAX_USER_AGENT).collect())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn token(values: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        bearer_token(&headers).map(Into::into)
    }

    #[test]
    fn one_bearer_token_is_taken() {
        assert_eq!(token(&["Bearer abc"]), Some("abc".into()));
        assert_eq!(token(&["bearer  abc "]), Some("abc".into()));
        for none in [
            &[][..],
            &["abc"],
            &["Basic abc"],
            &["Bearer"],
            &["Bearer a", "Bearer b"],
        ] {
            assert_eq!(token(none), None, "{none:?}");
        }
    }
}
