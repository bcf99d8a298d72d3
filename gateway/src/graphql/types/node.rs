//! `Node`: everything that a global id names.

use async_graphql::{ID, Interface};

use super::{App, Authenticator, Device, User};

/// An object that its global id finds again.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
pub(crate) enum Node {
    /// A user.
    User(User),
    /// An authenticator.
    Authenticator(Authenticator),
    /// A device.
    Device(Device),
    /// An app.
    App(App),
}
