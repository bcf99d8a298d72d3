//! Why what a request asks for is not executed.

use async_graphql::ServerError;

use crate::graphql::{Code, GuardError};
use crate::metrics::Refusal;

/// Why there is nothing to execute.
#[derive(Debug)]
pub(crate) enum DocumentError {
    /// There is no caller, and it is not for anybody.
    Unauthenticated,
    /// No trusted document has this id, and no text came with it.
    NotFound,
    /// A text came with an id that is not its own.
    NotItsId,
    /// The text is no trusted document's, and the caller's role may not send its own.
    NotAllowed,
    /// The document cannot be executed.
    Refused(GuardError),
}

impl From<GuardError> for DocumentError {
    fn from(error: GuardError) -> Self {
        Self::Refused(error)
    }
}

impl DocumentError {
    /// What it counts as.
    pub(crate) const fn refusal(&self) -> Refusal {
        match self {
            Self::Unauthenticated => Refusal::Token,
            Self::NotFound | Self::NotAllowed => Refusal::Untrusted,
            Self::NotItsId | Self::Refused(GuardError::NoSuchOperation | GuardError::Syntax(_)) => {
                Refusal::Document
            }
            Self::Refused(GuardError::TooMuch(excess)) => Refusal::Limit(excess.limit.label()),
        }
    }

    /// The code and the words for the client.
    pub(crate) fn explain(self) -> (Code, ServerError) {
        let (code, message) = match self {
            Self::Unauthenticated => (Code::Unauthenticated, "a valid bearer token is required"),
            Self::NotFound => (
                Code::PersistedQueryNotFound,
                "no trusted document has this id: send its text as `query`, or have it added to them",
            ),
            Self::NotItsId => (
                Code::BadUserInput,
                "the id is not that of `query`: it is sha256 of its bytes; send one of the two",
            ),
            Self::NotAllowed => (
                Code::OperationNotAllowed,
                "only trusted documents are executed: send the `documentId` of one, or have this one added to them",
            ),
            Self::Refused(GuardError::NoSuchOperation) => (
                Code::BadUserInput,
                "`operationName` names one of the document's operations; only a single one needs no name",
            ),
            Self::Refused(GuardError::TooMuch(excess)) => {
                return (
                    Code::QueryTooComplex,
                    ServerError::new(excess.to_string(), None),
                );
            }
            Self::Refused(GuardError::Syntax(error)) => return (Code::BadUserInput, error),
        };
        (code, ServerError::new(message, None))
    }
}
