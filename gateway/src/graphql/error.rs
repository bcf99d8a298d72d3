//! Errors that reach `errors[]`. Expected outcomes of mutations are data instead: see `user_error.rs`.

use std::borrow::Cow;

use async_graphql::ErrorExtensions;

use crate::db::DatabaseError;

/// `extensions.code` of an error: what a program branches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// There is no valid token.
    Unauthenticated,
    /// The role may not do this.
    Forbidden,
    /// The request cannot be understood or an argument is out of range.
    BadUserInput,
    /// The document is larger, deeper or more expensive than allowed.
    QueryTooComplex,
    /// There is no trusted document with this id.
    PersistedQueryNotFound,
    /// Only trusted documents are executed for this role, and this is none.
    OperationNotAllowed,
    /// The log does not reach back to the cursor of a subscription.
    CursorExpired,
    /// More at once than one caller may have.
    RateLimited,
    /// It took too long.
    Timeout,
    /// The database cannot serve now; trying again later may help.
    ServiceUnavailable,
    /// A mistake of ours.
    Internal,
}

impl Code {
    /// The code as clients see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::OperationNotAllowed => "OPERATION_NOT_ALLOWED",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// An error of a resolver. It is no `Display` on purpose: whatever is one becomes a GraphQL error with
/// its text through `?`, and the text of a database error must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    code: Code,
    message: Cow<'static, str>,
}

impl ApiError {
    pub(crate) fn bad_input(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Code::BadUserInput,
            message: message.into(),
        }
    }

    pub(crate) const fn cursor_expired() -> Self {
        Self {
            code: Code::CursorExpired,
            message: Cow::Borrowed(
                "the log does not reach back to `after` any more: read the present state, then subscribe from now on",
            ),
        }
    }

    pub(crate) const fn internal() -> Self {
        Self {
            code: Code::Internal,
            message: Cow::Borrowed("something went wrong here; the request id tells us what"),
        }
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        let (code, message) = match error {
            DatabaseError::Forbidden => (Code::Forbidden, "your role may not do this"),
            DatabaseError::InvalidValue => (
                Code::BadUserInput,
                "an argument holds a value that cannot be stored",
            ),
            DatabaseError::Timeout => (Code::Timeout, "the database took too long"),
            DatabaseError::Unavailable => (
                Code::ServiceUnavailable,
                "the database cannot serve now; try again later",
            ),
            // Mutations turn a refusal into a userError before it comes here; a query meets none.
            DatabaseError::Refused { .. } | DatabaseError::Unexpected => return Self::internal(),
        };
        Self {
            code,
            message: Cow::Borrowed(message),
        }
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        Self::new(error.message)
            .extend_with(|_, extensions| extensions.set("code", error.code.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_of_the_database_has_a_code_and_none_has_its_words() {
        let refused = DatabaseError::Refused {
            sqlstate: "AU001".into(),
            argument: None,
        };
        for (error, code) in [
            (DatabaseError::Forbidden, "FORBIDDEN"),
            (DatabaseError::InvalidValue, "BAD_USER_INPUT"),
            (DatabaseError::Timeout, "TIMEOUT"),
            (DatabaseError::Unavailable, "SERVICE_UNAVAILABLE"),
            (DatabaseError::Unexpected, "INTERNAL"),
            (refused, "INTERNAL"),
        ] {
            let answer = async_graphql::Error::from(ApiError::from(error));
            let extensions = answer.extensions.expect("a code");
            assert_eq!(extensions.get("code"), Some(&code.into()));
        }
    }
}
