//! The table of README, "Semantics", Methods.

use authn_rules::{Identity, Method, Registration, Scope, UnknownMethod};

/// Label, scope, lockable, progressive policies allowed, registration, identity.
type Row = (
    &'static str,
    &'static str,
    bool,
    bool,
    &'static str,
    Identity,
);

#[rustfmt::skip] // a table is read by columns
const TABLE: [Row; 11] = [
    ("password",         "app_user",    true,  true,  "explicit", Identity::None),
    ("totp",             "app_user",    true,  true,  "explicit", Identity::None),
    ("pin",              "device_user", true,  true,  "explicit", Identity::None),
    ("passkey",          "device_user", false, false, "explicit", Identity::None),
    ("mobile_biometric", "device_user", false, false, "explicit", Identity::None),
    ("sms_otp",          "global_user", true,  false, "implicit", Identity::Phone),
    ("email_otp",        "global_user", true,  false, "implicit", Identity::Email),
    ("email_magic_link", "global_user", false, false, "implicit", Identity::Email),
    ("social",           "global_user", false, false, "implicit", Identity::Subject),
    ("oidc",             "global_user", false, false, "implicit", Identity::Subject),
    ("saml",             "global_user", false, false, "implicit", Identity::Subject),
];

#[test]
fn every_method_is_what_the_table_says_and_there_is_no_other() {
    let decided: Vec<Row> = Method::ALL
        .iter()
        .map(|method| {
            (
                method.label(),
                method.scope().label(),
                method.lockable(),
                method.tiers_allowed(),
                method.registration().label(),
                method.identity(),
            )
        })
        .collect();
    assert_eq!(decided, TABLE);
}

#[test]
fn labels_are_read_and_written_the_same() {
    for method in Method::ALL {
        assert_eq!(method.to_string().parse(), Ok(*method));
        assert_eq!(method.to_string(), method.label());
    }
    assert_eq!(Scope::DeviceUser.to_string(), "device_user");
    assert_eq!(Registration::Implicit.to_string(), "implicit");
}

#[test]
fn an_unknown_label_is_an_error() {
    for label in ["", "Password", "password ", "sms", "webauthn"] {
        assert_eq!(
            label.parse::<Method>(),
            Err(UnknownMethod(label.to_owned()))
        );
    }
    let message = UnknownMethod("sms".to_owned()).to_string();
    assert_eq!(message, "there is no method \"sms\"");
}

#[test]
fn only_global_methods_are_configured_for_the_whole_tenant() {
    for method in Method::ALL {
        assert_eq!(
            method.varies_by_app(),
            method.scope() != Scope::GlobalUser,
            "{method}"
        );
    }
}
