//! Who and what there is in the world: one user of a tenant with three apps.

/// An app of the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum App {
    /// The first.
    Shop,
    /// The second.
    Wallet,
    /// The third.
    Desk,
}

impl App {
    /// Every app.
    pub const ALL: [App; 3] = [App::Shop, App::Wallet, App::Desk];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            App::Shop => "Shop",
            App::Wallet => "Wallet",
            App::Desk => "Desk",
        }
    }
}

/// A device of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Device {
    /// Holds a PIN and a passkey.
    Phone,
    /// Holds a PIN.
    Tablet,
}

impl Device {
    /// Every device.
    pub const ALL: [Device; 2] = [Device::Phone, Device::Tablet];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Device::Phone => "phone",
            Device::Tablet => "tablet",
        }
    }
}

/// One method of each kind: bound to the app, to a device, to a device and never locked, to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// One per user, a context per app.
    Password,
    /// One per device, a context per app.
    Pin,
    /// As a PIN, and failures never lock it.
    Passkey,
    /// Works in every app.
    SmsOtp,
}

impl Method {
    /// Every method of the world.
    pub const ALL: [Method; 4] = [
        Method::Password,
        Method::Pin,
        Method::Passkey,
        Method::SmsOtp,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::Pin => "pin",
            Method::Passkey => "passkey",
            Method::SmsOtp => "sms_otp",
        }
    }

    /// Whether failures lock it.
    #[must_use]
    pub const fn locks(self) -> bool {
        !matches!(self, Method::Passkey)
    }

    /// Whether it works in every app of the tenant.
    #[must_use]
    pub const fn is_global(self) -> bool {
        matches!(self, Method::SmsOtp)
    }
}

/// An authenticator of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authenticator {
    /// The password.
    Password,
    /// The PIN on the phone.
    PhonePin,
    /// The PIN on the tablet.
    TabletPin,
    /// The passkey on the phone.
    Passkey,
    /// Codes to the phone number on the profile.
    Sms,
}

impl Authenticator {
    /// Every authenticator.
    pub const ALL: [Authenticator; 5] = [
        Authenticator::Password,
        Authenticator::PhonePin,
        Authenticator::TabletPin,
        Authenticator::Passkey,
        Authenticator::Sms,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Authenticator::Password => "the password",
            Authenticator::PhonePin => "the phone's pin",
            Authenticator::TabletPin => "the tablet's pin",
            Authenticator::Passkey => "the passkey",
            Authenticator::Sms => "the code",
        }
    }

    /// Its method.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Authenticator::Password => Method::Password,
            Authenticator::PhonePin | Authenticator::TabletPin => Method::Pin,
            Authenticator::Passkey => Method::Passkey,
            Authenticator::Sms => Method::SmsOtp,
        }
    }

    /// The device that it is bound to.
    #[must_use]
    pub const fn device(self) -> Option<Device> {
        match self {
            Authenticator::PhonePin | Authenticator::Passkey => Some(Device::Phone),
            Authenticator::TabletPin => Some(Device::Tablet),
            Authenticator::Password | Authenticator::Sms => None,
        }
    }

    /// Where it is registered in the beginning.
    #[must_use]
    pub const fn first_apps(self) -> &'static [App] {
        match self {
            Authenticator::Password | Authenticator::PhonePin => &[App::Shop, App::Wallet],
            Authenticator::TabletPin | Authenticator::Passkey => &[App::Shop],
            Authenticator::Sms => &[],
        }
    }
}
