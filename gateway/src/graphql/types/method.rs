//! Methods: the types of authenticators.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};

/// The type of an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthenticatorMethod {
    /// A password, one per app.
    Password,
    /// A time-based one-time password from an authenticator app.
    Totp,
    /// A PIN on one device.
    Pin,
    /// A passkey (WebAuthn) on one device.
    Passkey,
    /// Fingerprint or face on one device.
    MobileBiometric,
    /// A one-time code sent to a phone number.
    SmsOtp,
    /// A one-time code sent to an email address.
    EmailOtp,
    /// A link sent to an email address.
    EmailMagicLink,
    /// A login with a social provider.
    Social,
    /// A login through an OpenID Connect connection.
    Oidc,
    /// A login through a SAML connection.
    Saml,
}

/// What an authenticator is bound to: it decides where a lock holds and how far an unlock reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::enum_variant_names,
    reason = "they are the labels of authn.scope"
)]
pub(crate) enum AuthenticatorScope {
    /// The user in the whole tenant: locked in one app is locked in all, and so is unlocked.
    GlobalUser,
    /// The user in one app: each app has its own lock.
    AppUser,
    /// The user's device in one app: each has its own lock; an unlock reaches every device in the app.
    DeviceUser,
}

/// How an authenticator of a method comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MethodRegistration {
    /// The user enrols.
    Explicit,
    /// It comes with an address on the profile, or with the first login.
    Implicit,
}

/// A method and its rules, the same in every tenant.
#[derive(Clone, Copy, Debug, SimpleObject, Deserialize)]
#[graphql(serial)]
pub(crate) struct MethodInfo {
    /// The method.
    method: AuthenticatorMethod,
    /// What its authenticators are bound to.
    scope: AuthenticatorScope,
    /// Whether failures lock it, and so whether there is anything to unlock.
    lockable: bool,
    /// How its authenticators come to be.
    registration: MethodRegistration,
}
