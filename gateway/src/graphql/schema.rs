//! The schema: the root types, the limits on what may be asked, and its text.

use async_graphql::{EmptySubscription, Request, Response, SDLExportOptions, Schema};

use super::mutation::Mutation;
use super::query::Query;

/// The schema that is served.
#[derive(Clone)]
pub struct GatewaySchema(Schema<Query, Mutation, EmptySubscription>);

impl GatewaySchema {
    pub(crate) async fn execute(&self, request: impl Into<Request>) -> Response {
        self.0.execute(request).await
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
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        // "Did you mean" helps whoever guesses.
        .disable_suggestions()
        .finish();
    GatewaySchema(schema)
}

/// The schema in the definition language, in an order that does not depend on the code's.
pub fn sdl() -> String {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
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

    #[test]
    fn every_type_field_and_argument_has_a_description() {
        let sdl = sdl();
        let mut described = false;
        let mut in_description = false;
        for line in sdl.lines().map(str::trim) {
            if in_description || line.starts_with("\"\"\"") {
                let marks = line.matches("\"\"\"").count();
                in_description ^= marks == 1;
                described = !in_description;
                continue;
            }
            let of_ours = !line.starts_with("schema")
                && !line.starts_with("directive")
                && !line.starts_with("query:");
            let definition =
                line.contains(':') || line.ends_with('{') || line.starts_with("scalar");
            if of_ours
                && definition
                && !line.starts_with("mutation:")
                && !line.starts_with("scalar")
            {
                assert!(described, "no description: {line}");
            }
            described = false;
        }
    }
}
