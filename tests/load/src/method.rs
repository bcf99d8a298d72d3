//! The methods that the people of a loaded tenant use.

use crate::time::MINUTE;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Password,
    Totp,
    Pin,
    Passkey,
    MobileBiometric,
    SmsOtp,
    EmailOtp,
    EmailMagicLink,
    Social,
}

impl Method {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::Totp => "totp",
            Method::Pin => "pin",
            Method::Passkey => "passkey",
            Method::MobileBiometric => "mobile_biometric",
            Method::SmsOtp => "sms_otp",
            Method::EmailOtp => "email_otp",
            Method::EmailMagicLink => "email_magic_link",
            Method::Social => "social",
        }
    }

    pub(crate) const fn is_global(self) -> bool {
        matches!(
            self,
            Method::SmsOtp | Method::EmailOtp | Method::EmailMagicLink | Method::Social
        )
    }

    /// After how many consecutive failures it locks, and for how long: until an administrator unlocks where
    /// there is no time. Of passwords the tenant's policy, of the others the built-in default.
    pub(crate) const fn lock(self) -> Option<Lock> {
        match self {
            Method::Password => Some(Lock {
                failures: 5,
                lasts: None,
                source: "tenant",
                version: 1,
            }),
            Method::Totp | Method::Pin => Some(Lock {
                failures: 5,
                lasts: Some(15 * MINUTE),
                source: "default",
                version: 0,
            }),
            Method::SmsOtp | Method::EmailOtp => Some(Lock {
                failures: 3,
                lasts: Some(15 * MINUTE),
                source: "default",
                version: 0,
            }),
            _ => None,
        }
    }
}

pub(crate) struct Lock {
    pub(crate) failures: i32,
    pub(crate) lasts: Option<i64>,
    pub(crate) source: &'static str,
    pub(crate) version: i32,
}
