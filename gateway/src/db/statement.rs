//! A statement and its parameters.

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::About;

/// A parameter that can travel to the task that runs the transaction.
pub(crate) type Parameter = Box<dyn ToSql + Sync + Send>;

/// The text of a statement of `gateway/sql/`. Every one is known before the first runs, so that connections
/// can be prepared for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    /// The name of its file, for the log and the metrics.
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

inventory::collect!(Text);

/// A statement of `gateway/sql/`: it answers one row with one JSON document.
pub(crate) struct Statement {
    pub(crate) text: Text,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) about: About,
    /// Whether one plan is good for all parameters.
    pub(super) planned_once: bool,
}

impl Statement {
    pub(crate) fn new(text: Text, parameters: Vec<Parameter>) -> Self {
        Self {
            text,
            parameters,
            about: About::default(),
            planned_once: false,
        }
    }

    /// The same, which finds what it reads by keys alone: one plan is as good as another for them. Postgres cannot
    /// know, since it takes a list of keys that it has not seen for longer than it is, and would plan anew each time.
    pub(crate) fn planned_once(self) -> Self {
        Self {
            planned_once: true,
            ..self
        }
    }

    /// The same, about these users only: it neither shows nor changes anything else in the tenant.
    pub(crate) fn about_users(self, users: Vec<Uuid>) -> Self {
        Self {
            about: About::Users(users),
            ..self
        }
    }

    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.parameters
            .iter()
            .map(|parameter| &**parameter as &(dyn ToSql + Sync))
            .collect()
    }
}

/// The [`Text`] of files of `gateway/sql/`, one after the other; the first names it, unless a name comes before.
macro_rules! text {
    ($name:literal $(, $tail:literal)*) => {
        $crate::db::text!($name: $name $(, $tail)*)
    };
    ($name:literal: $($file:literal),+) => {{
        const TEXT: $crate::db::Text = $crate::db::Text {
            name: $name,
            sql: concat!(
                $(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $file, ".sql"))),+
            ),
        };
        inventory::submit! { TEXT }
        TEXT
    }};
}
pub(crate) use text;

/// A [`Statement`] made of a [`Text`] and its parameters in order.
macro_rules! statement {
    ([$name:literal $(, $tail:literal)*] $(, $parameter:expr)* $(,)?) => {
        $crate::db::Statement::new(
            $crate::db::text!($name $(, $tail)*),
            vec![$(Box::new($parameter)),*],
        )
    };
}
pub(crate) use statement;
