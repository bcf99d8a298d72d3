//! Global ids: opaque to clients, base64url of `Type:uuid` or, for what belongs to a user,
//! `Type:user:uuid`, so that a call is routed by its user.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What a global id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlobalId {
    User(Uuid),
    App(Uuid),
    Authenticator { user: Uuid, authenticator: Uuid },
    Device { user: Uuid, device: Uuid },
}

impl GlobalId {
    /// What an id names; `None` for what no id of ours looks like.
    pub(crate) fn parse(id: &ID) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        let mut parts = text.split(':');
        let kind = parts.next()?;
        let first = uuid(parts.next()?)?;
        let second = parts.next().map(uuid);
        if parts.next().is_some() {
            return None;
        }
        match (kind, second) {
            ("User", None) => Some(Self::User(first)),
            ("App", None) => Some(Self::App(first)),
            ("Authenticator", Some(second)) => Some(Self::Authenticator {
                user: first,
                authenticator: second?,
            }),
            ("Device", Some(second)) => Some(Self::Device {
                user: first,
                device: second?,
            }),
            _ => None,
        }
    }

    /// The user that an argument names: by global id, or by the bare uuid that every table has.
    pub(crate) fn user(id: &ID) -> Option<Uuid> {
        match Self::parse(id) {
            Some(Self::User(user)) => Some(user),
            Some(_) => None,
            None => uuid(id),
        }
    }

    /// The app that an argument names: by global id, or by the bare uuid.
    pub(crate) fn app(id: &ID) -> Option<Uuid> {
        match Self::parse(id) {
            Some(Self::App(app)) => Some(app),
            Some(_) => None,
            None => uuid(id),
        }
    }

    /// The authenticator that an argument names, with its user. A bare uuid does not say whose it is.
    pub(crate) fn authenticator(id: &ID) -> Option<(Uuid, Uuid)> {
        match Self::parse(id)? {
            Self::Authenticator {
                user,
                authenticator,
            } => Some((user, authenticator)),
            _ => None,
        }
    }

    /// The device that an argument names, with its user. A bare uuid does not say whose it is.
    pub(crate) fn device(id: &ID) -> Option<(Uuid, Uuid)> {
        match Self::parse(id)? {
            Self::Device { user, device } => Some((user, device)),
            _ => None,
        }
    }

    /// A bare uuid, where an argument takes one.
    pub(crate) fn bare(id: &ID) -> Option<Uuid> {
        uuid(id)
    }

    /// The id of an event: stable, but the name of nothing that is found again by it.
    pub(crate) fn event(event: Uuid) -> ID {
        ID(URL_SAFE_NO_PAD.encode(format!("Event:{event}")))
    }

    /// The id as clients see it.
    pub(crate) fn encode(self) -> ID {
        let text = match self {
            Self::User(user) => format!("User:{user}"),
            Self::App(app) => format!("App:{app}"),
            Self::Authenticator {
                user,
                authenticator,
            } => format!("Authenticator:{user}:{authenticator}"),
            Self::Device { user, device } => format!("Device:{user}:{device}"),
        };
        ID(URL_SAFE_NO_PAD.encode(text))
    }
}

/// A uuid in its one canonical spelling: an object has one id, not several.
fn uuid(text: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(text).ok()?;
    (uuid.hyphenated().to_string() == text).then_some(uuid)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    fn id(text: &str) -> ID {
        ID(URL_SAFE_NO_PAD.encode(text))
    }

    #[test]
    fn an_id_names_what_it_was_made_from() {
        for global in [
            GlobalId::User(ONE),
            GlobalId::App(TWO),
            GlobalId::Authenticator {
                user: ONE,
                authenticator: TWO,
            },
            GlobalId::Device {
                user: TWO,
                device: ONE,
            },
        ] {
            assert_eq!(GlobalId::parse(&global.encode()), Some(global));
        }
    }

    #[test]
    fn an_id_of_another_type_names_nothing() {
        let user = GlobalId::User(ONE).encode();
        assert_eq!(GlobalId::user(&user), Some(ONE));
        assert_eq!(GlobalId::app(&user), None);
        assert_eq!(GlobalId::authenticator(&user), None);
        assert_eq!(GlobalId::device(&user), None);
    }

    #[test]
    fn a_bare_uuid_names_what_needs_no_user() {
        let bare = ID(ONE.to_string());
        assert_eq!(GlobalId::user(&bare), Some(ONE));
        assert_eq!(GlobalId::app(&bare), Some(ONE));
        assert_eq!(GlobalId::authenticator(&bare), None);
        assert_eq!(GlobalId::device(&bare), None);
    }

    #[test]
    fn what_is_no_id_names_nothing() {
        for text in [
            String::new(),
            "User".into(),
            "User:".into(),
            format!("User:{ONE}:{TWO}"),
            format!("Authenticator:{ONE}"),
            format!("Authenticator:{ONE}:{TWO}:{ONE}"),
            format!("Authenticator:{ONE}:x"),
            format!("Tenant:{ONE}"),
            format!("user:{ONE}"),
            format!("User:{}", ONE.simple()),
            format!("User:{{{ONE}}}"),
        ] {
            assert_eq!(GlobalId::parse(&id(&text)), None, "{text:?}");
        }
        for raw in ["", "====", "\u{1f511}", "VXNlcg=="] {
            assert_eq!(GlobalId::parse(&ID(raw.into())), None, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in ".{0,200}") {
            let _ = GlobalId::parse(&ID(text.clone()));
            let _ = GlobalId::parse(&id(&text));
            let _ = GlobalId::user(&ID(text));
        }
    }
}
