//! A GraphQL request as HTTP carries it: a JSON object in a POST, parameters in a GET.

use axum::body::{Body, to_bytes};
use axum::extract::Query;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Map, Value};

use crate::graphql::{DocumentId, Reference};

/// The longest body: a document of 16 KiB, escaped, with room for its variables.
const MAX_BODY: usize = 64 * 1024;

/// A request before anything of it is understood as GraphQL.
#[derive(Debug, PartialEq)]
pub(super) struct Params {
    pub(super) document: Reference,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Map<String, Value>,
}

/// Why a request is not even that, and the status that says so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) status: StatusCode,
    pub(super) message: &'static str,
}

const fn bad_request(message: &'static str) -> Malformed {
    Malformed {
        status: StatusCode::BAD_REQUEST,
        message,
    }
}

impl Params {
    /// Reads a GET or a POST; the caller sees to it that it is one of these.
    pub(super) async fn read(
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Self, Malformed> {
        if method == Method::GET {
            return Self::of_query_string(uri);
        }
        // Forms and plain text can be sent by any page on the web without asking; JSON cannot.
        if !is_json(headers) {
            return Err(Malformed {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                message: "send `content-type: application/json`",
            });
        }
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| Malformed {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            message: "the body is longer than 64 KiB or was cut off",
        })?;
        Self::of_json(&body)
    }

    fn of_json(body: &[u8]) -> Result<Self, Malformed> {
        let body: Value =
            serde_json::from_slice(body).map_err(|_| bad_request("the body is not JSON"))?;
        let Value::Object(members) = body else {
            return Err(bad_request(
                "the body is one JSON object; batches are not served",
            ));
        };
        Self::of_members(members)
    }

    /// Reads the object that a body or a message is.
    pub(super) fn of_members(mut members: Map<String, Value>) -> Result<Self, Malformed> {
        let mut take = |name: &str| members.remove(name).unwrap_or_default();
        Self::new(
            take("query"),
            take("documentId"),
            take("operationName"),
            take("variables"),
            take("extensions"),
        )
    }

    fn of_query_string(uri: &Uri) -> Result<Self, Malformed> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| bad_request("the query string is malformed"))?;
        let mut members = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "query" | "documentId" | "operationName" => Value::String(text),
                "variables" | "extensions" if text.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&text)
                    .map_err(|_| bad_request("`variables` and `extensions` are JSON"))?,
                _ => continue,
            };
            if members.insert(name, value).is_some() {
                return Err(bad_request("a parameter is there twice"));
            }
        }
        let mut take = |name: &str| members.remove(name).unwrap_or_default();
        Self::new(
            take("query"),
            take("documentId"),
            take("operationName"),
            take("variables"),
            take("extensions"),
        )
    }

    fn new(
        query: Value,
        document_id: Value,
        operation_name: Value,
        variables: Value,
        extensions: Value,
    ) -> Result<Self, Malformed> {
        let extensions = match extensions {
            Value::Null => Map::new(),
            Value::Object(extensions) => extensions,
            _ => return Err(bad_request("`extensions` is an object")),
        };
        let query = match query {
            Value::Null => None,
            Value::String(query) => Some(query),
            _ => return Err(bad_request("`query` is a string")),
        };
        let document = match (id(&document_id, &extensions)?, query) {
            (Some(id), query) => Reference::Id(id, query),
            (None, Some(query)) => Reference::Text(query),
            (None, None) => {
                return Err(bad_request(
                    "there is nothing to execute: send `query`, a string, or `documentId`",
                ));
            }
        };
        let operation_name = match operation_name {
            Value::Null => None,
            Value::String(name) => Some(name).filter(|name| !name.is_empty()),
            _ => return Err(bad_request("`operationName` is a string")),
        };
        let variables = match variables {
            Value::Null => Map::new(),
            Value::Object(variables) => variables,
            _ => return Err(bad_request("`variables` is an object")),
        };
        Ok(Self {
            document,
            operation_name,
            variables,
        })
    }
}

/// The id of a trusted document: `documentId`, or where older clients have it.
fn id(
    document_id: &Value,
    extensions: &Map<String, Value>,
) -> Result<Option<DocumentId>, Malformed> {
    let id = match document_id {
        Value::Null => match extensions.get("persistedQuery") {
            None | Some(Value::Null) => return Ok(None),
            Some(persisted) => persisted["sha256Hash"]
                .as_str()
                .and_then(DocumentId::from_hex)
                .ok_or("`extensions.persistedQuery.sha256Hash` is 64 hexadecimal digits"),
        },
        given => given
            .as_str()
            .and_then(DocumentId::parse)
            .ok_or("`documentId` is `sha256:` and 64 hexadecimal digits"),
    };
    id.map(Some).map_err(bad_request)
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(Ok(value)), None) = (values.next().map(|value| value.to_str()), values.next()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let named = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    named && utf8
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn text(query: &str) -> Reference {
        Reference::Text(query.into())
    }

    #[test]
    fn a_document_is_named_by_its_id_in_either_place() {
        let id = DocumentId::of("{ a }");
        let written = id.to_string();
        let digits = written.trim_start_matches("sha256:");
        let other = "0".repeat(64);
        for (body, expected) in [
            (json!({ "documentId": written }), Reference::Id(id, None)),
            (
                json!({ "documentId": written, "query": "{ a }" }),
                Reference::Id(id, Some("{ a }".into())),
            ),
            (
                json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": digits } } }),
                Reference::Id(id, None),
            ),
            (
                json!({ "documentId": written, "extensions": { "persistedQuery": { "sha256Hash": other } } }),
                Reference::Id(id, None),
            ),
        ] {
            let params = Params::of_json(body.to_string().as_bytes()).unwrap();
            assert_eq!(params.document, expected, "{body}");
        }
        let query = format!("/graphql?documentId={written}&variables=%7B%7D");
        let params = Params::of_query_string(&query.parse().unwrap()).unwrap();
        assert_eq!(params.document, Reference::Id(id, None));
        for bad in [
            json!({ "documentId": digits }),
            json!({ "documentId": 1 }),
            json!({ "documentId": "" }),
            json!({ "extensions": { "persistedQuery": { "sha256Hash": written } } }),
            json!({ "extensions": { "persistedQuery": digits } }),
        ] {
            let malformed = Params::of_json(bad.to_string().as_bytes()).unwrap_err();
            assert_eq!(malformed.status, StatusCode::BAD_REQUEST, "{bad}");
            assert!(malformed.message.contains("64 hexadecimal digits"), "{bad}");
        }
    }

    #[test]
    fn a_body_is_one_object_of_the_right_shape() {
        for good in [
            r#"{"query":"{ a }"}"#,
            r#"{"query":"{ a }","operationName":null,"variables":null,"extensions":null}"#,
            r#"{"query":"{ a }","variables":{},"extensions":{},"more":1}"#,
        ] {
            let params = Params::of_json(good.as_bytes()).unwrap();
            assert_eq!(params.document, text("{ a }"), "{good}");
            assert_eq!(params.operation_name, None, "{good}");
        }
        for bad in [
            "",
            "{",
            "null",
            r#""{ a }""#,
            r#"[{"query":"{ a }"}]"#,
            r#"["{ a }"]"#,
            "{}",
            r#"{"query":1}"#,
            r#"{"query":"{ a }","operationName":1}"#,
            r#"{"query":"{ a }","variables":[]}"#,
            r#"{"query":"{ a }","variables":"{}"}"#,
            r#"{"query":"{ a }","extensions":0}"#,
        ] {
            let malformed = Params::of_json(bad.as_bytes()).unwrap_err();
            assert_eq!(malformed.status, StatusCode::BAD_REQUEST, "{bad}");
        }
        assert!(Params::of_json("[".repeat(60_000).as_bytes()).is_err());
    }

    #[test]
    fn a_query_string_carries_the_same() {
        let params =
            |query: &str| Params::of_query_string(&format!("/graphql?{query}").parse().unwrap());
        let full =
            params("query=%7B%20a%20%7D&operationName=A&variables=%7B%22b%22%3A1%7D").unwrap();
        assert_eq!(full.document, text("{ a }"));
        assert_eq!(full.operation_name.as_deref(), Some("A"));
        assert_eq!(full.variables["b"], 1);
        assert_eq!(
            params("query=a&operationName=&variables=")
                .unwrap()
                .operation_name,
            None
        );
        for bad in [
            "",
            "variables=%7B%7D",
            "query=a&variables=x",
            "query=a&variables=%5B%5D",
            "query=a&query=b",
        ] {
            assert!(params(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_json_is_read() {
        let json = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            is_json(&headers)
        };
        assert!(json("application/json"));
        assert!(json("Application/JSON; charset=UTF-8"));
        assert!(!is_json(&HeaderMap::new()));
        for other in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json; charset=utf-16",
            "text/plain; application/json",
        ] {
            assert!(!json(other), "{other}");
        }
    }
}
