//! What is sent back: codes and the request's id on every error, and no `data` where nothing ran.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use serde::Serialize;
use uuid::Uuid;

use super::Code;
use super::completion::RootFields;

/// The body of a response.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// Absent where the request never came to be executed, as the specification asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It was not executed.
    Nothing,
    /// It was executed, and an error left nothing of its data.
    NoData,
    /// There is data.
    Data,
}

impl Answer {
    /// The answer to an executed request.
    pub(crate) fn new(response: Response, fields: &RootFields, request_id: Uuid) -> Self {
        let ran = response.errors.is_empty()
            || response.errors.iter().any(|error| !error.path.is_empty());
        let data = fields.complete(response.data, &response.errors);
        let errors = response
            .errors
            .into_iter()
            .map(|error| coded(error, request_id))
            .collect();
        Self {
            data: (ran || data != Value::Null).then_some(data),
            errors,
        }
    }

    /// The answer to a request that is not executed.
    pub(crate) fn refused(code: Code, error: ServerError, request_id: Uuid) -> Self {
        Self {
            data: None,
            errors: vec![with_code(error, code.as_str(), request_id)],
        }
    }

    /// What went wrong.
    pub(crate) fn errors(&self) -> &[ServerError] {
        &self.errors
    }

    pub(crate) fn reached(&self) -> Reached {
        match self.data {
            None => Reached::Nothing,
            Some(Value::Null) => Reached::NoData,
            Some(_) => Reached::Data,
        }
    }

    /// How many objects it has, lists and what is below included: how much was read for it.
    pub(crate) fn objects(&self) -> usize {
        self.data.as_ref().map_or(0, objects)
    }

    /// The code of the first error, for the log and the status.
    pub(crate) fn first_code(&self) -> Option<&str> {
        match self.errors.first()?.extensions.as_ref()?.get("code")? {
            Value::String(code) => Some(code),
            _ => None,
        }
    }
}

fn objects(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(objects).sum::<usize>(),
        Value::List(items) => items.iter().map(objects).sum(),
        _ => 0,
    }
}

/// Errors of ours have a code. The others are the library's, about the document or its variables.
fn coded(error: ServerError, request_id: Uuid) -> ServerError {
    let code = match error
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get("code"))
    {
        Some(Value::String(code)) => code.clone(),
        _ if is_limit(&error.message) => Code::QueryTooComplex.as_str().into(),
        _ => Code::BadUserInput.as_str().into(),
    };
    with_code(error, &code, request_id)
}

fn with_code(mut error: ServerError, code: &str, request_id: Uuid) -> ServerError {
    let extensions = error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", code);
    extensions.set("requestId", request_id.to_string());
    error
}

/// Whether the library refused a document for its size; it says so in words only.
fn is_limit(message: &str) -> bool {
    message == "Query is too complex."
        || message == "Query is nested too deep."
        || message.starts_with("The recursion depth of the query")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::{Document, DocumentLimits, SchemaLimits, build};

    async fn answer(query: &str, depth: usize, complexity: usize) -> serde_json::Value {
        let schema = build(&SchemaLimits { depth, complexity });
        let document = Document::parse(query, &DocumentLimits::default()).unwrap();
        let fields = document.root_fields(None).unwrap();
        let answer = Answer::new(schema.execute(query).await, &fields, Uuid::nil());
        serde_json::to_value(&answer).unwrap()
    }

    fn code(answer: &serde_json::Value) -> &str {
        answer["errors"][0]["extensions"]["code"].as_str().unwrap()
    }

    #[tokio::test]
    async fn a_request_that_does_not_run_has_no_data_and_a_code() {
        let answer = answer("{ nonsense }", 20, 1000).await;
        assert!(answer.get("data").is_none(), "{answer}");
        assert_eq!(code(&answer), "BAD_USER_INPUT");
        assert_eq!(
            answer["errors"][0]["extensions"]["requestId"],
            Uuid::nil().to_string()
        );
        assert!(!answer.to_string().contains("mean"), "{answer}");
    }

    #[tokio::test]
    async fn what_runs_has_data() {
        assert_eq!(
            answer("{ __typename }", 20, 1000).await,
            serde_json::json!({ "data": { "__typename": "Query" } })
        );
    }

    #[tokio::test]
    async fn the_librarys_limits_have_their_code() {
        let deep = "{ users { nodes { authenticators { nodes { user { id } } } } } }";
        assert_eq!(code(&answer(deep, 4, 100_000).await), "QUERY_TOO_COMPLEX");
        assert_eq!(code(&answer(deep, 20, 300).await), "QUERY_TOO_COMPLEX");
    }
}
