//! An operation that can be executed: its document is parsed and within bounds.

use std::sync::Arc;

use async_graphql::Request;
use async_graphql::parser::types::{ExecutableDocument, OperationType};

use crate::graphql::{Document, DocumentLimits, GuardError, RootFields};

/// An operation with its document. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Operation {
    document: Arc<ExecutableDocument>,
    /// The name to execute it by, where the document has one.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) kind: OperationType,
    pub(crate) root_fields: Arc<RootFields>,
    /// Whether its document was known before the request came.
    pub(crate) trusted: bool,
    pub(super) for_anybody: bool,
}

impl Operation {
    /// The operation of a text that `name` means.
    pub(super) fn parse(
        text: &str,
        name: Option<&str>,
        limits: &DocumentLimits,
    ) -> Result<Self, GuardError> {
        let document = Document::parse(text, limits)?;
        Ok(Self {
            kind: document.operation(name)?.ty,
            name: document.operation_name(name).map(Into::into),
            root_fields: Arc::new(document.root_fields(name)?),
            trusted: false,
            for_anybody: document.is_for_anybody(),
            document: Arc::new(document.parsed),
        })
    }

    /// This operation, which must be the one that `name` means.
    pub(super) fn named(&self, name: Option<&str>) -> Result<Self, GuardError> {
        match name {
            Some(_) if name != self.name.as_deref() => Err(GuardError::NoSuchOperation),
            _ => Ok(self.clone()),
        }
    }

    pub(super) fn document(&self) -> &ExecutableDocument {
        &self.document
    }

    /// What the library executes, without variables or a caller.
    pub(crate) fn into_request(self) -> Request {
        let mut request = Request::new("");
        request.operation_name = self.name.as_deref().map(Into::into);
        request.set_parsed_query(Arc::unwrap_or_clone(self.document));
        request
    }
}
