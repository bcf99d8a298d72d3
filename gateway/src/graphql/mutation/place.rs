//! Where a deactivation holds: in one app, or everywhere. The input says exactly one of the two.

use async_graphql::ID;
use uuid::Uuid;

use super::outcome::Done;
use crate::graphql::ids::GlobalId;
use crate::graphql::user_error::{UserError, UserErrorCode};

/// A place, as the functions take it, and the field of the input that named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// `None`: everywhere.
    pub(super) app: Option<Uuid>,
    pub(super) field: &'static str,
}

impl Place {
    /// The place that `appId` or `everywhere` names, or what to answer where they do not name one.
    pub(super) fn of(app: Option<&ID>, everywhere: Option<bool>) -> Result<Self, Done> {
        let everywhere = everywhere.unwrap_or(false);
        match (app, everywhere) {
            (None, true) => Ok(Self {
                app: None,
                field: "everywhere",
            }),
            (Some(id), false) => match GlobalId::app(id) {
                Some(app) => Ok(Self {
                    app: Some(app),
                    field: "appId",
                }),
                None => Err(Done::not_found("AU003", "appId")),
            },
            (None, false) => Err(Done::refused(UserError::new(
                UserErrorCode::AppRequired,
                "name an app, or say `everywhere: true`",
                Some("appId"),
            ))),
            (Some(_), true) => Err(Done::refused(UserError::new(
                UserErrorCode::InvalidArgument,
                "name an app or say `everywhere: true`, not both",
                Some("everywhere"),
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_place_is_named() {
        let app = Uuid::from_u128(1);
        let id = GlobalId::App(app).encode();
        let place = |app, everywhere| Place::of(app, everywhere).ok().map(|place| place.app);
        assert_eq!(place(Some(&id), None), Some(Some(app)));
        assert_eq!(place(Some(&id), Some(false)), Some(Some(app)));
        assert_eq!(place(None, Some(true)), Some(None));
        assert_eq!(place(None, None), None);
        assert_eq!(place(None, Some(false)), None);
        assert_eq!(place(Some(&id), Some(true)), None);
        assert_eq!(place(Some(&GlobalId::User(app).encode()), None), None);
    }
}
