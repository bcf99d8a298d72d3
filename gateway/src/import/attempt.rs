//! An attempt on its way into the database: by the types of its columns where they are plain to see, else as it
//! stands, for the database to read or to reject.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The fields of `authn.import_attempts`, as text.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fields {
    #[serde(deserialize_with = "text")]
    pub(super) external_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) at: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) user_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) authenticator_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) method: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) app_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) device_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) ip: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) user_agent: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(super) succeeded: Option<String>,
}

/// JSON's null is no value; what is no string is its own text.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

impl Fields {
    /// What they are called, in a file and in `authn.import_attempts`.
    pub(super) const NAMES: [&str; 10] = [
        "external_id",
        "at",
        "user_id",
        "authenticator_id",
        "method",
        "app_id",
        "device_id",
        "ip",
        "user_agent",
        "succeeded",
    ];

    /// The fields in the order of their names.
    pub(super) fn each(&mut self) -> [&mut Option<String>; 10] {
        [
            &mut self.external_id,
            &mut self.at,
            &mut self.user_id,
            &mut self.authenticator_id,
            &mut self.method,
            &mut self.app_id,
            &mut self.device_id,
            &mut self.ip,
            &mut self.user_agent,
            &mut self.succeeded,
        ]
    }

    /// What is sent for them.
    ///
    /// # Errors
    /// If a field holds what no text in the database can.
    pub(super) fn element(mut self) -> Result<Element, String> {
        for (field, name) in self.each().into_iter().zip(Fields::NAMES) {
            if field.as_ref().is_some_and(|text| text.contains('\0')) {
                return Err(format!("{name} holds a NUL character"));
            }
        }
        match self.typed() {
            Some(attempt) => Ok(Element::Typed(attempt)),
            None => serde_json::to_string(&self)
                .map(Element::Json)
                .map_err(|error| error.to_string()),
        }
    }

    /// The attempt, if every field has the plainest form of its type.
    fn typed(&mut self) -> Option<Attempt> {
        let at = instant(self.at.as_deref()?)?;
        let user_id = id(self.user_id.as_deref()?)?;
        let app_id = id(self.app_id.as_deref()?)?;
        let authenticator_id = plain(self.authenticator_id.as_deref(), id)?;
        let device_id = plain(self.device_id.as_deref(), id)?;
        let ip = plain(self.ip.as_deref(), |ip| ip.parse().ok())?;
        let succeeded = match self.succeeded.as_deref()? {
            "true" => true,
            "false" => false,
            _ => return None,
        };
        Some(Attempt {
            external_id: self.external_id.take()?,
            at,
            user_id,
            authenticator_id,
            method: self.method.take(),
            app_id,
            device_id,
            ip,
            user_agent: self.user_agent.take(),
            succeeded,
        })
    }
}

/// With its hyphens, as the database writes it.
fn id(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| text.parse().ok()).flatten()
}

/// To the microsecond, which is what the database keeps; how it rounds is its own affair.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    (digits <= 6)
        .then(|| DateTime::parse_from_rfc3339(text).ok())
        .flatten()
        .map(|at| at.to_utc())
}

/// None, if there is a text that is not of this form.
fn plain<T>(text: Option<&str>, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        None => Some(None),
        Some(text) => read(text).map(Some),
    }
}

/// What is sent for one attempt.
#[derive(Debug)]
pub enum Element {
    /// By the types of its columns.
    Typed(Attempt),
    /// As it stands: a JSON object.
    Json(String),
}

/// An attempt whose fields are of their types; whether it can be is decided by the database.
#[derive(Debug, PartialEq, Eq)]
pub struct Attempt {
    pub(super) external_id: String,
    pub(super) at: DateTime<Utc>,
    pub(super) user_id: Uuid,
    pub(super) authenticator_id: Option<Uuid>,
    pub(super) method: Option<String>,
    pub(super) app_id: Uuid,
    pub(super) device_id: Option<Uuid>,
    pub(super) ip: Option<IpAddr>,
    pub(super) user_agent: Option<String>,
    pub(super) succeeded: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "00000000-0000-0000-0000-000000000001";

    fn read(at: &str, ip: &str, succeeded: &str) -> Result<Element, String> {
        serde_json::from_str::<Fields>(&format!(
            r#"{{"external_id":"1","at":"{at}","user_id":"{ADA}","app_id":"{ADA}","device_id":null,"ip":"{ip}","succeeded":{succeeded}}}"#
        ))
        .expect("fields")
        .element()
    }

    #[test]
    fn what_is_plain_is_sent_by_its_types() {
        let Ok(Element::Typed(attempt)) =
            read("2026-01-31T13:00:00.25+01:00", "2001:db8::1", "true")
        else {
            panic!("it is plain");
        };
        assert_eq!(attempt.at.to_rfc3339(), "2026-01-31T12:00:00.250+00:00");
        assert_eq!(attempt.user_id.to_string(), ADA);
        assert_eq!(attempt.device_id, None);
        assert!(attempt.succeeded);
    }

    #[test]
    fn what_is_not_is_left_to_the_database() {
        for (at, ip, succeeded) in [
            ("yesterday", "192.0.2.1", "true"),
            ("2026-01-31T12:00:00.0000005Z", "192.0.2.1", "true"),
            ("2026-01-31T12:00:00Z", "host.example.com", "true"),
            ("2026-01-31T12:00:00Z", "192.0.2.1", "\"yes\""),
        ] {
            assert!(
                matches!(read(at, ip, succeeded), Ok(Element::Json(_))),
                "{at} {ip} {succeeded}"
            );
        }
    }

    #[test]
    fn what_no_text_in_the_database_can_hold_is_told() {
        let fields: Fields = serde_json::from_str(r#"{"user_agent":"a\u0000b"}"#).expect("fields");
        assert_eq!(
            fields.element().expect_err("a NUL"),
            "user_agent holds a NUL character"
        );
    }
}
