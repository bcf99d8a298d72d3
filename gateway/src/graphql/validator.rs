//! The library's validator without the execution behind it.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::parser::types::{BaseType, ExecutableDocument, Type};
use async_graphql::{Name, Request, Response, Schema, ServerError, Value, Variables};

use super::SchemaLimits;
use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;

/// Tells whether documents fit the schema and its limits.
pub struct Validator(Schema<Query, Mutation, Subscription>);

impl Validator {
    /// The validator within limits.
    pub fn new(limits: &SchemaLimits) -> Self {
        let schema = super::schema::builder(limits)
            .extension(NothingRuns)
            .finish();
        Self(schema)
    }

    /// What is wrong with a document, whatever the values of its variables.
    pub(crate) async fn check(
        &self,
        document: &ExecutableDocument,
    ) -> Result<(), Vec<ServerError>> {
        let mut request = Request::new("").variables(page_sizes(document));
        request.set_parsed_query(document.clone());
        let response = self.0.execute(request).await;
        match response.errors.is_empty() {
            true => Ok(()),
            false => Err(response.errors),
        }
    }
}

/// The complexity is counted with the sizes of pages, which must have a value for that: the least.
fn page_sizes(document: &ExecutableDocument) -> Variables {
    let mut variables = Variables::default();
    for (_, operation) in document.operations.iter() {
        for variable in &operation.node.variable_definitions {
            let variable = &variable.node;
            if variable.default_value.is_none() && is_int(&variable.var_type.node) {
                variables.insert(variable.name.node.clone(), 1.into());
            }
        }
    }
    variables
}

fn is_int(described: &Type) -> bool {
    matches!(&described.base, BaseType::Named(name) if *name == Name::new("Int"))
}

/// Answers nothing in place of executing.
struct NothingRuns;

impl ExtensionFactory for NothingRuns {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for NothingRuns {
    async fn execute(
        &self,
        _: &ExtensionContext<'_>,
        _: Option<&str>,
        _: NextExecute<'_>,
    ) -> Response {
        Response::new(Value::Null)
    }
}
