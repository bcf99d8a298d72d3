//! The schema: the root types, the limits on what may be asked, and its text.

use async_graphql::futures_util::stream::BoxStream;
use async_graphql::{Request, Response, SDLExportOptions, Schema, SchemaBuilder};

use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;

/// The schema that is served.
#[derive(Clone)]
pub struct GatewaySchema(Schema<Query, Mutation, Subscription>);

impl GatewaySchema {
    pub(crate) async fn execute(&self, request: impl Into<Request>) -> Response {
        self.0.execute(request).await
    }

    /// The answers to a subscription.
    pub(crate) fn execute_stream(
        &self,
        request: impl Into<Request>,
    ) -> BoxStream<'static, Response> {
        self.0.execute_stream(request)
    }
}

/// Limits on operations.
#[derive(Clone, Copy, Debug)]
pub struct SchemaLimits {
    /// How deep fields may nest.
    pub depth: usize,
    /// How many fields an answer may have, as far as page sizes tell.
    pub complexity: usize,
}

/// The schema within limits.
pub fn build(limits: &SchemaLimits) -> GatewaySchema {
    GatewaySchema(builder(limits).finish())
}

pub(super) fn builder(limits: &SchemaLimits) -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription)
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        // "Did you mean" helps whoever guesses.
        .disable_suggestions()
}

/// The schema in the definition language, in an order that does not depend on the code's.
pub fn sdl() -> String {
    Schema::build(Query::default(), Mutation::default(), Subscription)
        .finish()
        .sdl_with_options(
            SDLExportOptions::new()
                .sorted_fields()
                .sorted_arguments()
                .sorted_enum_items()
                .include_specified_by()
                .use_space_ident(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_schema_is_the_one_that_is_served() {
        assert_eq!(
            sdl(),
            include_str!("../../schema.graphql"),
            "write it anew with `gateway schema > gateway/schema.graphql`"
        );
    }

    #[tokio::test]
    async fn every_type_field_and_argument_has_a_description() {
        let schema = build(&SchemaLimits {
            depth: 20,
            complexity: 1000,
        });
        let response = schema
            .execute(include_str!("guard/introspection.graphql"))
            .await;
        let schema = response.data.into_json().unwrap();
        let mut silent = Vec::new();
        for described in schema["__schema"]["types"].as_array().unwrap() {
            let name = described["name"].as_str().unwrap();
            // ID is the language's own.
            if !name.starts_with("__") && name != "ID" {
                collect_silent(name, described, &mut silent);
            }
        }
        assert!(silent.is_empty(), "no description: {silent:?}");
    }

    /// The paths of what has a name but no description, beneath what an introspection says of a type.
    fn collect_silent(path: &str, described: &serde_json::Value, silent: &mut Vec<String>) {
        if described["description"]
            .as_str()
            .unwrap_or_default()
            .is_empty()
        {
            silent.push(path.into());
        }
        for parts in ["fields", "inputFields", "enumValues", "args"] {
            for part in described[parts].as_array().into_iter().flatten() {
                collect_silent(
                    &format!("{path}.{}", part["name"].as_str().unwrap()),
                    part,
                    silent,
                );
            }
        }
    }
}
