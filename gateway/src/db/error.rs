//! What can go wrong in the database, without the database's words.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use super::server::Place;

/// Why a transaction did not answer. Carries nothing that the database said but names of its own
/// catalogue: the text of an error may hold data, and its wording is nobody's interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseError {
    /// A condition of class AU: the extension refused, as documented.
    Refused {
        /// The condition.
        sqlstate: String,
        /// The argument at fault, where there is one.
        argument: Option<String>,
    },
    /// The role may not do this at all.
    Forbidden,
    /// A value that no column can hold, such as text with a NUL.
    InvalidValue,
    /// It took too long.
    Timeout,
    /// The database cannot be reached, has no connection left, or is not installed yet.
    Unavailable,
    /// Anything else: a mistake of ours.
    Unexpected,
}

impl DatabaseError {
    /// The kind of it, for the metrics.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "refused",
            Self::Forbidden => "forbidden",
            Self::InvalidValue => "invalid_value",
            Self::Timeout => "timeout",
            Self::Unavailable => "unavailable",
            Self::Unexpected => "unexpected",
        }
    }

    /// What an error of the statement `name` means, noted in the log where somebody must look.
    pub(super) fn of_statement(name: &'static str, error: &tokio_postgres::Error) -> Self {
        let Some(database) = error.as_db_error() else {
            // No answer from the server, or one that does not decode.
            if error.is_closed()
                || std::error::Error::source(error)
                    .is_some_and(|source| source.is::<std::io::Error>())
            {
                tracing::warn!(statement = name, "the connection to the database was lost");
                return Self::Unavailable;
            }
            tracing::error!(statement = name, %error, "the database's answer was not understood");
            return Self::Unexpected;
        };
        let meaning = Self::of_sqlstate(database.code(), database.column());
        match meaning {
            Self::Unexpected => tracing::error!(
                statement = name,
                sqlstate = database.code().code(),
                routine = database.routine(),
                constraint = database.constraint(),
                "the database failed unexpectedly"
            ),
            Self::Unavailable | Self::Timeout => {
                tracing::warn!(
                    statement = name,
                    sqlstate = database.code().code(),
                    "the database could not serve"
                );
            }
            _ => {}
        }
        meaning
    }

    /// What it means that no connection was to be had.
    pub(super) fn of_pool(server: Place, error: &PoolError) -> Self {
        match error {
            PoolError::Backend(backend) => tracing::warn!(
                %server,
                sqlstate = backend.code().map(SqlState::code),
                error = %backend,
                "cannot connect to the database"
            ),
            other => {
                tracing::warn!(%server, reason = %other, "no connection to the database was free")
            }
        }
        Self::Unavailable
    }

    fn of_sqlstate(sqlstate: &SqlState, column: Option<&str>) -> Self {
        let code = sqlstate.code();
        match code {
            // storage_missing: the administrator has not run authn.migrate() yet
            "AU019" => Self::Unavailable,
            _ if code.starts_with("AU") => Self::Refused {
                sqlstate: code.into(),
                argument: column.filter(|column| !column.is_empty()).map(Into::into),
            },
            // insufficient_privilege: the role has no grant
            "42501" => Self::Forbidden,
            // character_not_in_repertoire, datetime_field_overflow
            "22021" | "22008" => Self::InvalidValue,
            // query_canceled by statement_timeout; lock_not_available
            "57014" | "55P03" => Self::Timeout,
            // serialization_failure, deadlock_detected: trying again is the answer
            "40001" | "40P01" => Self::Unavailable,
            // undefined_table, undefined_function, invalid_schema_name: nothing is installed
            "42P01" | "42883" | "3F000" => Self::Unavailable,
            // read_only_sql_transaction: a mutation reached a standby
            "25006" => Self::Unavailable,
            // connection exceptions, invalid authorization, insufficient resources, shutdown
            _ if ["08", "28", "53", "57"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                Self::Unavailable
            }
            _ => Self::Unexpected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> DatabaseError {
        DatabaseError::of_sqlstate(&SqlState::from_code(code), Some("app_id"))
    }

    #[test]
    fn every_class_has_its_meaning() {
        for (code, meaning) in [
            ("42501", DatabaseError::Forbidden),
            ("22021", DatabaseError::InvalidValue),
            ("57014", DatabaseError::Timeout),
            ("53300", DatabaseError::Unavailable),
            ("57P01", DatabaseError::Unavailable),
            ("08006", DatabaseError::Unavailable),
            ("28P01", DatabaseError::Unavailable),
            ("42P01", DatabaseError::Unavailable),
            ("AU019", DatabaseError::Unavailable),
            ("23505", DatabaseError::Unexpected),
            ("22P02", DatabaseError::Unexpected),
            ("P0001", DatabaseError::Unexpected),
            ("XX000", DatabaseError::Unexpected),
        ] {
            assert_eq!(of(code), meaning, "{code}");
        }
    }

    #[test]
    fn a_refusal_keeps_its_condition_and_argument() {
        assert_eq!(
            of("AU005"),
            DatabaseError::Refused {
                sqlstate: "AU005".into(),
                argument: Some("app_id".into())
            }
        );
        assert_eq!(
            DatabaseError::of_sqlstate(&SqlState::from_code("AU010"), Some("")),
            DatabaseError::Refused {
                sqlstate: "AU010".into(),
                argument: None
            }
        );
    }
}
