//! A statement and its parameters.

use tokio_postgres::types::ToSql;

/// A parameter that can travel to the task that runs the transaction.
pub(crate) type Parameter = Box<dyn ToSql + Sync + Send>;

/// A statement of `gateway/sql/`: it answers one row with one JSON document.
pub(crate) struct Statement {
    /// The name of its file, for the log.
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
    pub(crate) parameters: Vec<Parameter>,
}

impl Statement {
    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.parameters
            .iter()
            .map(|parameter| &**parameter as &(dyn ToSql + Sync))
            .collect()
    }
}

/// The text of files of `gateway/sql/`, one after the other.
macro_rules! sql {
    ($($name:literal),+) => {
        concat!($(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql"))),+)
    };
}
pub(crate) use sql;

/// A [`Statement`] made of files of `gateway/sql/` (the first names it) and its parameters in order.
macro_rules! statement {
    ([$name:literal $(, $tail:literal)*] $(, $parameter:expr)* $(,)?) => {
        $crate::db::Statement {
            name: $name,
            sql: $crate::db::sql!($name $(, $tail)*),
            parameters: vec![$(Box::new($parameter)),*],
        }
    };
}
pub(crate) use statement;
