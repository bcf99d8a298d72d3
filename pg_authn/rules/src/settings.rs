//! The settings of each method (README, "Semantics", Apps choose their methods).

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::method::{Level, Method};
use crate::problem::{Problem, ProblemKind};

/// What a setting may be.
enum Rule {
    /// A whole number in a range.
    Within(RangeInclusive<i64>),
    /// One of some whole numbers.
    Number(&'static [i64]),
    /// One of some words.
    Word(&'static [&'static str]),
}

type Setting = (&'static str, Rule);

/// The settings that a method has: the one place that decides them.
const fn settings_of(method: Method) -> &'static [Setting] {
    match method {
        Method::Password => &[
            ("min_length", Rule::Within(8..=128)),
            ("history", Rule::Within(0..=24)),
        ],
        Method::Totp => &[
            ("digits", Rule::Number(&[6, 8])),
            ("period_seconds", Rule::Within(15..=60)),
            ("window", Rule::Within(0..=5)),
            ("algorithm", Rule::Word(&["sha1", "sha256", "sha512"])),
        ],
        Method::Pin => &[("length", Rule::Within(4..=12))],
        Method::Passkey => &[(
            "user_verification",
            Rule::Word(&["required", "preferred", "discouraged"]),
        )],
        Method::SmsOtp | Method::EmailOtp => &[
            ("code_length", Rule::Within(4..=8)),
            ("expires_in_seconds", Rule::Within(30..=3600)),
        ],
        Method::EmailMagicLink => &[("expires_in_seconds", Rule::Within(60..=86_400))],
        Method::MobileBiometric | Method::Social | Method::Oidc | Method::Saml => &[],
    }
}

/// Checks the settings of `method` as a JSON object; every setting may be left out.
///
/// A global method's settings are the tenant's, every other method's are the app's. At the level
/// where a method has none, the empty object alone is right: it switches the method on.
///
/// # Errors
/// On field `settings` or `settings.<key>`: not an object; settings at the level that the method's
/// scope does not allow (its own kind); a key that the method does not have; a value out of range.
pub fn validate_settings(method: Method, level: Level, settings: &Value) -> Result<(), Problem> {
    let Value::Object(settings) = settings else {
        return Err(invalid(
            "settings",
            "settings are not a JSON object",
            "use {} for none",
        ));
    };
    check_level(method, level, settings)?;
    let known = settings_of(method);
    for (key, value) in settings {
        let field = format!("settings.{key}");
        let Some((_, rule)) = known.iter().find(|(name, _)| name == key) else {
            return Err(invalid(
                field,
                format!("{method} has no such setting"),
                known_settings(method),
            ));
        };
        if !rule.accepts(value) {
            return Err(invalid(
                field,
                format!("{value} is not a value of it"),
                rule.hint(),
            ));
        }
    }
    Ok(())
}

fn check_level(method: Method, level: Level, settings: &Map<String, Value>) -> Result<(), Problem> {
    let hint = match (level, method.varies_by_app()) {
        (Level::App, true) | (Level::Tenant, false) => return Ok(()),
        (Level::App, false) => "set them for the tenant; an app only switches the method on or off",
        (Level::Tenant, true) => "set them for each app",
    };
    if settings.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::ScopeMismatch,
        "settings",
        format!(
            "{method} has scope {}, so its settings are not {}",
            method.scope(),
            match level {
                Level::App => "an app's",
                Level::Tenant => "the tenant's",
            }
        ),
        hint,
    ))
}

fn known_settings(method: Method) -> String {
    let names: Vec<&str> = settings_of(method).iter().map(|(name, _)| *name).collect();
    if names.is_empty() {
        format!("{method} has no settings: use {{}}")
    } else {
        format!("{method} has {}", names.join(", "))
    }
}

impl Rule {
    fn accepts(&self, value: &Value) -> bool {
        match self {
            Rule::Within(range) => value.as_i64().is_some_and(|n| range.contains(&n)),
            Rule::Number(numbers) => value.as_i64().is_some_and(|n| numbers.contains(&n)),
            Rule::Word(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        }
    }

    fn hint(&self) -> String {
        match self {
            Rule::Within(range) => {
                format!(
                    "use a whole number from {} to {}",
                    range.start(),
                    range.end()
                )
            }
            Rule::Number(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                format!("use {}", numbers.join(" or "))
            }
            Rule::Word(words) => format!("use \"{}\"", words.join("\" or \"")),
        }
    }
}

fn invalid(
    field: impl Into<String>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Problem {
    Problem::new(ProblemKind::SettingsInvalid, field, message, hint)
}
