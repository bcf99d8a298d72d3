//! Objects by their keys: `sql/objects.sql`.

use uuid::Uuid;

use super::documents::{Documents, documents_statement};
use super::ids::GlobalId;
use super::selection::Selection;
use super::types::{App, Node};
use crate::db::Statement;

/// The keys of objects to read together.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) users: Vec<Uuid>,
    pub(crate) authenticators: Vec<Uuid>,
    pub(crate) apps: Vec<Uuid>,
    pub(crate) devices: bool,
}

impl Keys {
    pub(crate) fn of_ids(ids: impl IntoIterator<Item = GlobalId>) -> Self {
        let mut keys = Self::default();
        for id in ids {
            match id {
                GlobalId::User(user) => keys.users.push(user),
                GlobalId::App(app) => keys.apps.push(app),
                GlobalId::Authenticator {
                    user,
                    authenticator,
                } => {
                    keys.users.push(user);
                    keys.authenticators.push(authenticator);
                }
                GlobalId::Device { user, .. } => {
                    keys.users.push(user);
                    keys.devices = true;
                }
            }
        }
        keys
    }

    /// Reads them with what is selected below.
    pub(crate) fn statement(self, selection: &Selection) -> Statement {
        let authenticators = selection.authenticators || !self.authenticators.is_empty();
        // Where users' authenticators are selected, all of them are read.
        let only = (!selection.authenticators).then_some(self.authenticators);
        let about = self.users.clone();
        let mut selection = selection.clone();
        selection.devices |= self.devices;
        documents_statement!(
            "objects",
            authenticators,
            selection,
            self.users,
            only,
            self.apps,
        )
        .about_users(about)
        .planned_once()
    }
}

impl Documents<Vec<App>> {
    /// The object that an id names, where it was read.
    pub(crate) fn node(&self, id: GlobalId) -> Option<Node> {
        match id {
            GlobalId::User(user) => self.user(user).map(Node::User),
            GlobalId::App(id) => self
                .page
                .iter()
                .find(|app| app.app_id == id)
                .cloned()
                .map(Node::App),
            GlobalId::Authenticator {
                user,
                authenticator,
            } => self
                .authenticator(user, authenticator)
                .map(Node::Authenticator),
            GlobalId::Device { user, device } => self.device(user, device).map(Node::Device),
        }
    }
}
