//! What each method is: the one place that decides it (README, "Semantics", Methods).
//!
//! `Method::traits` is an exhaustive match: a new method does not compile until somebody has
//! decided every column for it, so no method can exist that no counter covers.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// Declares the methods once: the enum, the list of all and the SQL labels cannot disagree.
macro_rules! methods {
    ($($(#[$doc:meta])* $variant:ident = $label:literal,)+) => {
        /// A type of authenticator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Method {
            $($(#[$doc])* $variant,)+
        }

        impl Method {
            /// Every method, in the order of the SQL enum `authn.method`.
            pub const ALL: &[Method] = &[$(Method::$variant,)+];

            /// The label of the SQL enum `authn.method`.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Method::$variant => $label,)+
                }
            }
        }
    };
}

methods! {
    /// A password, one for each app.
    Password = "password",
    /// A time-based one-time password, one for each app.
    Totp = "totp",
    /// A PIN on one device.
    Pin = "pin",
    /// A passkey on one device.
    Passkey = "passkey",
    /// A fingerprint or face checked by one device.
    MobileBiometric = "mobile_biometric",
    /// A code sent to the phone number of the profile.
    SmsOtp = "sms_otp",
    /// A code sent to the email address of the profile.
    EmailOtp = "email_otp",
    /// A link sent to the email address of the profile.
    EmailMagicLink = "email_magic_link",
    /// A social provider's login.
    Social = "social",
    /// An OpenID Connect connection's login.
    Oidc = "oidc",
    /// A SAML connection's login.
    Saml = "saml",
}

/// What an authenticator is bound to; it decides whom a lock reaches and whom an unlock reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The user, in every app of the tenant.
    GlobalUser,
    /// The user's instance in one app.
    AppUser,
    /// The user's instance on one device in one app.
    DeviceUser,
}

/// How an authenticator comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Registration {
    /// Somebody registers it.
    Explicit,
    /// It follows from the profile, or from a first login.
    Implicit,
}

/// Which lockout policies a method may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lockout {
    /// None: failures never lock it.
    Never,
    /// Simple policies only: one tier, `then_permanent` off.
    Simple,
    /// Simple and progressive policies.
    Tiered,
}

/// What tells a user's authenticators of one method apart, besides the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Nothing: the user (or the user and device) has one.
    None,
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// A provider or connection, and the subject it knows the user by.
    Subject,
}

/// Where something is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// For the whole tenant.
    Tenant,
    /// For one app.
    App,
}

struct Traits {
    scope: Scope,
    lockout: Lockout,
    registration: Registration,
    identity: Identity,
}

const fn traits(
    scope: Scope,
    lockout: Lockout,
    registration: Registration,
    identity: Identity,
) -> Traits {
    Traits {
        scope,
        lockout,
        registration,
        identity,
    }
}

impl Method {
    #[rustfmt::skip] // a table is read by columns
    const fn traits(self) -> Traits {
        use Registration::{Explicit, Implicit};
        use Scope::{AppUser, DeviceUser, GlobalUser};
        match self {
            Method::Password        => traits(AppUser,    Lockout::Tiered, Explicit, Identity::None),
            Method::Totp            => traits(AppUser,    Lockout::Tiered, Explicit, Identity::None),
            Method::Pin             => traits(DeviceUser, Lockout::Tiered, Explicit, Identity::None),
            Method::Passkey         => traits(DeviceUser, Lockout::Never,  Explicit, Identity::None),
            Method::MobileBiometric => traits(DeviceUser, Lockout::Never,  Explicit, Identity::None),
            Method::SmsOtp          => traits(GlobalUser, Lockout::Simple, Implicit, Identity::Phone),
            Method::EmailOtp        => traits(GlobalUser, Lockout::Simple, Implicit, Identity::Email),
            Method::EmailMagicLink  => traits(GlobalUser, Lockout::Never,  Implicit, Identity::Email),
            Method::Social          => traits(GlobalUser, Lockout::Never,  Implicit, Identity::Subject),
            Method::Oidc            => traits(GlobalUser, Lockout::Never,  Implicit, Identity::Subject),
            Method::Saml            => traits(GlobalUser, Lockout::Never,  Implicit, Identity::Subject),
        }
    }

    /// What an authenticator of the method is bound to.
    #[must_use]
    pub const fn scope(self) -> Scope {
        self.traits().scope
    }

    /// Which lockout policies the method may have.
    #[must_use]
    pub const fn lockout(self) -> Lockout {
        self.traits().lockout
    }

    /// Whether failures can lock it.
    #[must_use]
    pub const fn lockable(self) -> bool {
        match self.lockout() {
            Lockout::Never => false,
            Lockout::Simple | Lockout::Tiered => true,
        }
    }

    /// Whether its policy may be progressive: several tiers, or `then_permanent`.
    #[must_use]
    pub const fn tiers_allowed(self) -> bool {
        match self.lockout() {
            Lockout::Never | Lockout::Simple => false,
            Lockout::Tiered => true,
        }
    }

    /// How an authenticator of the method comes to be.
    #[must_use]
    pub const fn registration(self) -> Registration {
        self.traits().registration
    }

    /// What tells a user's authenticators of the method apart, besides the device.
    #[must_use]
    pub const fn identity(self) -> Identity {
        self.traits().identity
    }

    /// Whether its policy and its settings are each app's own; a global method's are the tenant's.
    #[must_use]
    pub const fn varies_by_app(self) -> bool {
        match self.scope() {
            Scope::GlobalUser => false,
            Scope::AppUser | Scope::DeviceUser => true,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A label that is no method's: always an error, never "not counted".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMethod(
    /// The label as it was given.
    pub String,
);

impl fmt::Display for UnknownMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no method \"{}\"", self.0)
    }
}

impl Error for UnknownMethod {}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(label: &str) -> Result<Method, UnknownMethod> {
        Method::ALL
            .iter()
            .copied()
            .find(|method| method.label() == label)
            .ok_or_else(|| UnknownMethod(label.to_owned()))
    }
}

impl Scope {
    /// The label of the SQL enum `authn.scope`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Scope::GlobalUser => "global_user",
            Scope::AppUser => "app_user",
            Scope::DeviceUser => "device_user",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl Registration {
    /// The label of the SQL enum `authn.registration`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Registration::Explicit => "explicit",
            Registration::Implicit => "implicit",
        }
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
