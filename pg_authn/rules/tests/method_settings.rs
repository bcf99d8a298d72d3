//! The settings of each method, and at which level they are set.

use authn_rules::{Level, Method, ProblemKind, validate_settings};
use serde_json::{Value, json};

fn own_level(method: Method) -> Level {
    if method.varies_by_app() {
        Level::App
    } else {
        Level::Tenant
    }
}

fn other_level(method: Method) -> Level {
    match own_level(method) {
        Level::App => Level::Tenant,
        Level::Tenant => Level::App,
    }
}

#[test]
fn every_setting_has_a_range_that_ends_where_it_says() {
    for (method, setting, least, most) in [
        ("password", "min_length", 8, 128),
        ("password", "history", 0, 24),
        ("totp", "period_seconds", 15, 60),
        ("totp", "window", 0, 5),
        ("pin", "length", 4, 12),
        ("sms_otp", "code_length", 4, 8),
        ("sms_otp", "expires_in_seconds", 30, 3600),
        ("email_otp", "code_length", 4, 8),
        ("email_otp", "expires_in_seconds", 30, 3600),
        ("email_magic_link", "expires_in_seconds", 60, 86_400),
    ] {
        let method: Method = method.parse().unwrap();
        let check =
            |value: i64| validate_settings(method, own_level(method), &json!({ setting: value }));
        for right in [least, most] {
            assert_eq!(check(right), Ok(()), "{method} {setting} {right}");
        }
        for wrong in [least - 1, most + 1, i64::MIN, i64::MAX] {
            let problem = check(wrong).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::SettingsInvalid);
            assert_eq!(problem.field, format!("settings.{setting}"));
            assert_eq!(
                problem.hint,
                format!("use a whole number from {least} to {most}")
            );
        }
    }
}

#[test]
fn choices_are_one_of_their_words_or_numbers() {
    for (method, setting, right, hint) in [
        (
            Method::Totp,
            "digits",
            vec![json!(6), json!(8)],
            "use 6 or 8",
        ),
        (
            Method::Totp,
            "algorithm",
            vec![json!("sha1"), json!("sha256"), json!("sha512")],
            r#"use "sha1" or "sha256" or "sha512""#,
        ),
        (
            Method::Passkey,
            "user_verification",
            vec![json!("required"), json!("preferred"), json!("discouraged")],
            r#"use "required" or "preferred" or "discouraged""#,
        ),
    ] {
        let check =
            |value: &Value| validate_settings(method, Level::App, &json!({ setting: value }));
        for value in &right {
            assert_eq!(check(value), Ok(()), "{setting} {value}");
        }
        for wrong in [
            json!(7),
            json!("6"),
            json!("SHA1"),
            json!(""),
            json!(null),
            json!(6.0),
            json!([]),
            json!(true),
        ] {
            assert_eq!(check(&wrong).unwrap_err().hint, hint, "{setting} {wrong}");
        }
    }
}

#[test]
fn a_range_takes_whole_numbers_only() {
    for wrong in [
        json!("8"),
        json!(8.5),
        json!(null),
        json!(false),
        json!({}),
        json!(u64::MAX),
    ] {
        let settings = json!({ "min_length": wrong });
        let problem = validate_settings(Method::Password, Level::App, &settings).unwrap_err();
        assert_eq!(problem.field, "settings.min_length");
    }
}

#[test]
fn an_unknown_setting_is_refused_with_the_known_ones() {
    for (method, hint) in [
        (Method::Password, "password has min_length, history"),
        (
            Method::Totp,
            "totp has digits, period_seconds, window, algorithm",
        ),
        (
            Method::SmsOtp,
            "sms_otp has code_length, expires_in_seconds",
        ),
        (
            Method::MobileBiometric,
            "mobile_biometric has no settings: use {}",
        ),
        (Method::Social, "social has no settings: use {}"),
        (Method::Oidc, "oidc has no settings: use {}"),
        (Method::Saml, "saml has no settings: use {}"),
    ] {
        let problem =
            validate_settings(method, own_level(method), &json!({ "colour": 1 })).unwrap_err();
        assert_eq!(
            (problem.field.as_str(), problem.hint.as_str()),
            ("settings.colour", hint)
        );
        assert_eq!(problem.kind, ProblemKind::SettingsInvalid);
    }
}

#[test]
fn settings_are_an_object_and_may_be_empty_at_every_level() {
    for method in Method::ALL.iter().copied() {
        for level in [Level::Tenant, Level::App] {
            assert_eq!(
                validate_settings(method, level, &json!({})),
                Ok(()),
                "{method}"
            );
            for wrong in [json!(null), json!([]), json!("{}"), json!(1)] {
                let problem = validate_settings(method, level, &wrong).unwrap_err();
                assert_eq!(
                    (problem.kind, problem.field.as_str()),
                    (ProblemKind::SettingsInvalid, "settings")
                );
            }
        }
    }
}

#[test]
fn a_global_methods_settings_are_the_tenants_and_all_others_are_an_apps() {
    for method in Method::ALL.iter().copied() {
        let settings = json!({ "expires_in_seconds": 60 });
        let problem = validate_settings(method, other_level(method), &settings).unwrap_err();
        assert_eq!(
            (problem.kind, problem.field.as_str()),
            (ProblemKind::ScopeMismatch, "settings"),
            "{method}"
        );
    }
}
