//! The answer of a statement that ends with `sql/user_documents.sql`.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::types::{Authenticator, Device, User, UserDocument};

/// A [`Statement`](crate::db::Statement) that ends with `sql/user_documents.sql`: the file that begins it,
/// whether authenticators are read, the selection, and its own parameters from `$5` on. Events are a part of
/// the statement only where they are selected: a plan for them costs, even one that is not run.
macro_rules! documents_statement {
    // Some files lead to what the root lists: the first whose condition holds.
    (
        [$($condition:expr => [$($head:literal),+]),+; $($other:literal),+],
        $root:literal, $authenticators:expr, $selection:expr $(, $parameter:expr)* $(,)?
    ) => {{
        let selection: &$crate::graphql::selection::Selection = &$selection;
        let text = $(if $condition {
            $crate::graphql::documents::documents_text!(selection, $root: $($head,)+ $root)
        } else)+ {
            $crate::graphql::documents::documents_text!(selection, $root: $($other,)+ $root)
        };
        $crate::graphql::documents::documents_statement!(
            of text, $authenticators, selection $(, $parameter)*
        )
    }};
    (of $text:expr, $authenticators:expr, $selection:expr $(, $parameter:expr)*) => {
        $crate::db::Statement::new(
            $text,
            vec![
                Box::new($authenticators),
                Box::new($selection.contexts),
                Box::new($selection.devices),
                Box::new($selection.details()),
                $(Box::new($parameter)),*
            ],
        )
    };
    ($root:literal, $authenticators:expr, $selection:expr $(, $parameter:expr)* $(,)?) => {{
        let selection: &$crate::graphql::selection::Selection = &$selection;
        let text = $crate::graphql::documents::documents_text!(selection, $root: $root);
        $crate::graphql::documents::documents_statement!(
            of text, $authenticators, selection $(, $parameter)*
        )
    }};
}
pub(crate) use documents_statement;

/// The text of such a statement that begins with these files.
macro_rules! documents_text {
    ($selection:expr, $root:literal: $($file:literal),+) => {
        match $selection.events() {
            true => $crate::db::text!($root: $($file,)+ "user_events", "user_documents"),
            false => $crate::db::text!($root: $($file,)+ "without_user_events", "user_documents"),
        }
    };
}
pub(crate) use documents_text;

/// What the root field itself asked for, and the documents of the users that go with it.
#[derive(Deserialize)]
pub(crate) struct Documents<P> {
    pub(crate) page: P,
    #[serde(deserialize_with = "by_id")]
    users: HashMap<Uuid, Arc<UserDocument>>,
}

/// The page of a list: the sort keys of its rows, in order.
#[derive(Deserialize)]
pub(crate) struct Keys<K> {
    pub(crate) keys: Vec<K>,
    /// Whether the list goes on in the direction that was asked for.
    pub(crate) more: bool,
    pub(crate) total: Option<i64>,
}

impl<P> Documents<P> {
    pub(crate) fn user(&self, user_id: Uuid) -> Option<User> {
        self.users.get(&user_id).map(|user| User(Arc::clone(user)))
    }

    pub(crate) fn authenticator(
        &self,
        user_id: Uuid,
        authenticator_id: Uuid,
    ) -> Option<Authenticator> {
        Authenticator::find(self.users.get(&user_id)?, authenticator_id)
    }

    pub(crate) fn device(&self, user_id: Uuid, device_id: Uuid) -> Option<Device> {
        Device::find(self.users.get(&user_id)?, device_id)
    }
}

fn by_id<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<HashMap<Uuid, Arc<UserDocument>>, D::Error> {
    let users = Vec::<UserDocument>::deserialize(deserializer)?;
    Ok(users
        .into_iter()
        .map(|user| (user.user_id, Arc::new(user)))
        .collect())
}
