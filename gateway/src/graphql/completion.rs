//! What the library leaves undone of an answer. It runs root fields together and writes them in the order
//! in which they end, and it leaves out a field that failed. The specification wants the order of the
//! document, and a null in the nearest place that may be null.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, PathSegment, ServerError, Value};

/// The root fields of queries that may be null; of mutations all may.
const NULLABLE_QUERIES: [&str; 2] = ["node", "user"];

/// The root fields of an operation, in the order of the document: under which name, and whether they may
/// be null.
#[derive(Debug, Default)]
pub(crate) struct RootFields(Vec<(Name, bool)>);

impl RootFields {
    pub(crate) fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Self {
        let mut fields = Self::default();
        let mutation = operation.ty == OperationType::Mutation;
        fields.collect(document, &operation.selection_set.node, mutation);
        fields
    }

    fn collect(&mut self, document: &ExecutableDocument, set: &SelectionSet, mutation: bool) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let nullable =
                        mutation || NULLABLE_QUERIES.contains(&field.node.name.node.as_str());
                    self.0
                        .push((field.node.response_key().node.clone(), nullable));
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(document, &fragment.node.selection_set.node, mutation);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node)
                    {
                        self.collect(document, &fragment.node.selection_set.node, mutation);
                    }
                }
            }
        }
    }

    /// The data of an executed operation, completed.
    pub(crate) fn complete(&self, data: Value, errors: &[ServerError]) -> Value {
        let Value::Object(mut fields) = data else {
            return data;
        };
        for error in errors {
            let Some((PathSegment::Field(root), below)) = error.path.split_first() else {
                continue;
            };
            if fields
                .get(root.as_str())
                .is_some_and(|value| is_there(value, below))
            {
                continue;
            }
            match self.0.iter().find(|(key, _)| key == root) {
                Some((key, true)) => drop(fields.insert(key.clone(), Value::Null)),
                _ => return Value::Null,
            }
        }
        let ordered: IndexMap<_, _> = self
            .0
            .iter()
            .filter_map(|(key, _)| fields.swap_remove_entry(key))
            .collect();
        Value::Object(ordered)
    }
}

/// Whether a path leads to something, if only to a null on its way.
fn is_there(value: &Value, path: &[PathSegment]) -> bool {
    let Some((segment, below)) = path.split_first() else {
        return true;
    };
    match (value, segment) {
        (Value::Null, _) => true,
        (Value::Object(fields), PathSegment::Field(name)) => fields
            .get(name.as_str())
            .is_some_and(|value| is_there(value, below)),
        (Value::List(items), PathSegment::Index(index)) => items
            .get(*index)
            .is_some_and(|value| is_there(value, below)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;
    use crate::graphql::{SchemaLimits, build};

    fn complete(document: &str, data: serde_json::Value, paths: &[&[&str]]) -> String {
        let document = parse_query(document).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let errors: Vec<_> = paths
            .iter()
            .map(|path| {
                let path = path.iter().map(|segment| match segment.parse() {
                    Ok(index) => PathSegment::Index(index),
                    Err(_) => PathSegment::Field((*segment).into()),
                });
                ServerError::new("", None).with_path(path.collect())
            })
            .collect();
        let data = Value::from_json(data).unwrap();
        let fields = RootFields::of(&document, &operation.node);
        serde_json::to_string(&fields.complete(data, &errors)).unwrap()
    }

    #[test]
    fn fields_come_in_the_order_of_the_document() {
        let document = "{ b ...F a: c ... on Query { d } skipped } fragment F on Query { e }";
        let data = json!({ "a": 1, "d": 2, "e": 3, "b": 4 });
        assert_eq!(
            complete(document, data, &[]),
            r#"{"b":4,"e":3,"a":1,"d":2}"#
        );
    }

    #[test]
    fn a_field_that_failed_is_null_where_it_may_be() {
        let document = "{ one: user apps }";
        assert_eq!(
            complete(document, json!({ "apps": [] }), &[&["one"]]),
            r#"{"one":null,"apps":[]}"#
        );
        assert_eq!(
            complete(document, json!({ "one": null }), &[&["apps"]]),
            "null"
        );
        let document = "mutation { a: userSuspend b: userSuspend }";
        let data = json!({ "a": { "changes": [{}] }, "b": {} });
        assert_eq!(
            complete(document, data, &[&["a", "changes", "0", "authenticator"]]),
            r#"{"a":null,"b":{}}"#
        );
    }

    #[test]
    fn an_error_that_left_its_null_takes_nothing_else_along() {
        let data = json!({ "users": { "nodes": [{ "device": null }] } });
        let path: &[&str] = &["users", "nodes", "0", "device", "name"];
        assert_eq!(
            complete("{ users }", data, &[path]),
            r#"{"users":{"nodes":[{"device":null}]}}"#
        );
    }

    #[tokio::test]
    async fn what_may_be_null_is_what_the_schema_says() {
        let schema = build(&SchemaLimits {
            depth: 20,
            complexity: 1000,
        });
        let document = "{ __schema { queryType { fields { name type { kind } } } mutationType { fields { name type { kind } } } } }";
        let answer = schema.execute(document).await.data.into_json().unwrap();
        let nullable = |root: &str| -> Vec<_> {
            let fields = answer["__schema"][root]["fields"].as_array().unwrap();
            let nullable = fields
                .iter()
                .filter(|field| field["type"]["kind"] != "NON_NULL");
            let mut names: Vec<_> = nullable
                .map(|field| field["name"].as_str().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(nullable("queryType"), NULLABLE_QUERIES);
        let mutations = answer["__schema"]["mutationType"]["fields"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(nullable("mutationType").len(), mutations);
    }
}
