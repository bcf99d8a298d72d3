//! Bounds on documents, checked before anything that grows faster than they do.
//!
//! The parser recurses over nested values and the validator writes fragments out: 6 kB of the one end
//! the process with a stack overflow, 700 bytes of the other keep a core busy for seconds. So a document
//! is scanned before it is parsed ([`tokens`]) and measured before it is validated ([`expansion`]).

mod expansion;
mod limits;
mod tokens;

use async_graphql::ServerError;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};

pub use limits::{DocumentLimits, Excess, Limit};

use super::{RootFields, anybody};

/// Why a document is not executed.
#[derive(Debug)]
pub enum GuardError {
    /// Larger, deeper or more repetitive than any honest document.
    TooMuch(Excess),
    /// Not GraphQL.
    Syntax(ServerError),
    /// `operationName` does not name one of its operations, or is missing although there are several.
    NoSuchOperation,
}

/// A parsed document that is safe to validate.
pub struct Document {
    pub(crate) parsed: ExecutableDocument,
}

impl Document {
    /// Parses a document within bounds.
    pub fn parse(text: &str, limits: &DocumentLimits) -> Result<Self, GuardError> {
        tokens::check(text, limits).map_err(GuardError::TooMuch)?;
        let parsed = parse_query(text).map_err(|error| GuardError::Syntax(error.into()))?;
        expansion::check(&parsed, limits).map_err(GuardError::TooMuch)?;
        Ok(Self { parsed })
    }

    /// Whether it may be executed for somebody without a token, without introspection.
    pub(crate) fn is_for_anybody(&self) -> bool {
        anybody::may_ask(&self.parsed)
    }

    /// The operation to execute.
    pub fn operation(&self, name: Option<&str>) -> Result<&OperationDefinition, GuardError> {
        let operation = match (&self.parsed.operations, name) {
            (DocumentOperations::Single(operation), None) => Some(operation),
            (DocumentOperations::Single(_), Some(_)) => None,
            (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
            (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
                operations.values().next()
            }
            (DocumentOperations::Multiple(_), None) => None,
        };
        operation
            .map(|operation| &operation.node)
            .ok_or(GuardError::NoSuchOperation)
    }

    /// The root fields of the operation to execute.
    pub(crate) fn root_fields(&self, name: Option<&str>) -> Result<RootFields, GuardError> {
        Ok(RootFields::of(&self.parsed, self.operation(name)?))
    }

    /// The name of the operation to execute, where it has one.
    pub fn operation_name<'doc>(&'doc self, asked: Option<&'doc str>) -> Option<&'doc str> {
        match &self.parsed.operations {
            DocumentOperations::Single(_) => None,
            DocumentOperations::Multiple(operations) if operations.len() == 1 => {
                operations.keys().next().map(|name| name.as_str())
            }
            DocumentOperations::Multiple(_) => asked,
        }
    }
}

#[cfg(test)]
mod tests;
