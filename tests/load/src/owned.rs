//! The authenticators that a person has: about three, in the proportions of a consumer service.

use std::borrow::Cow;

use authn_rules::Method;
use uuid::Uuid;

use crate::dice::Dice;
use crate::person::Profile;

/// An authenticator to be made, and in how many apps it is used.
pub(crate) struct Owned<'a> {
    pub(crate) method: Method,
    pub(crate) device: Option<Uuid>,
    pub(crate) identifier: Option<Cow<'a, str>>,
    pub(crate) provider: Option<&'static str>,
    pub(crate) name: Option<&'static str>,
    pub(crate) apps: usize,
    pub(crate) is_used: bool,
}

/// One that has no name and is bound to nothing.
fn plain(method: Method, apps: usize, is_used: bool) -> Owned<'static> {
    Owned {
        method,
        device: None,
        identifier: None,
        provider: None,
        name: None,
        apps,
        is_used,
    }
}

pub(crate) fn draw<'a>(profile: &'a Profile, dice: &mut Dice) -> Vec<Owned<'a>> {
    let apps = profile.apps.len();
    let mut owned = Vec::with_capacity(8);
    for (method, address, apps, used) in [
        (Method::EmailOtp, &profile.email, 1, 250),
        (Method::EmailMagicLink, &profile.email, 1, 150),
        (Method::SmsOtp, &profile.phone, apps, 600),
    ] {
        if let Some(address) = address {
            owned.push(Owned {
                identifier: Some(Cow::Borrowed(address)),
                ..plain(method, apps, dice.chance(used))
            });
        }
    }
    let has_address = profile.email.is_some() || profile.phone.is_some();
    if dice.chance(750) || profile.is_locked || !has_address {
        owned.push(plain(Method::Password, apps, dice.chance(900)));
    }
    if dice.chance(60) {
        owned.push(Owned {
            name: Some("Authenticator app"),
            ..plain(Method::Totp, apps, true)
        });
    }
    for device in profile.devices() {
        if dice.chance(300) {
            owned.push(Owned {
                device: Some(device),
                name: Some("Passkey"),
                ..plain(Method::Passkey, 1, dice.chance(900))
            });
        }
    }
    if let device @ Some(_) = profile.mobile {
        for (method, has, used) in [
            (Method::Pin, 250, 1000),
            (Method::MobileBiometric, 200, 900),
        ] {
            if dice.chance(has) {
                owned.push(Owned {
                    device,
                    ..plain(method, 1, dice.chance(used))
                });
            }
        }
    }
    if dice.chance(120) {
        owned.push(Owned {
            identifier: Some(Cow::Owned(format!("{:020}", profile.number))),
            provider: Some("google"),
            ..plain(Method::Social, 1, true)
        });
    }
    owned
}
