//! Keycloak's login events, as its admin API exports them: one object a line.

use chrono::{DateTime, SecondsFormat};
use serde::Deserialize;

use super::attempt::Fields;
use super::format::Settings;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: Option<String>,
    /// Milliseconds since 1970.
    time: i64,
    r#type: String,
    client_id: Option<String>,
    user_id: Option<String>,
    ip_address: Option<String>,
    error: Option<String>,
}

pub(super) fn line(settings: &Settings, number: u64, text: &str) -> Result<Vec<Fields>, String> {
    let event: Event =
        serde_json::from_str(text).map_err(|error| format!("it is no event: {error}"))?;
    // Other errors are not about the credential, and only a failed credential counts.
    let succeeded = match (event.r#type.as_str(), event.error.as_deref()) {
        ("LOGIN", _) => true,
        ("LOGIN_ERROR", Some("invalid_user_credentials")) => false,
        _ => return Ok(Vec::new()),
    };
    let at = DateTime::from_timestamp_millis(event.time)
        .ok_or_else(|| format!("{} is no instant", event.time))?;
    let user = event
        .user_id
        .ok_or_else(|| "the event names no user".to_owned())?;
    Ok(vec![Fields {
        external_id: Some(event.id.unwrap_or_else(|| settings.external_id(number))),
        at: Some(at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        user_id: Some(settings.user(&user)?.to_string()),
        method: Some(settings.method.clone()),
        app_id: Some(settings.app(event.client_id.as_deref())?.to_string()),
        ip: event.ip_address,
        succeeded: Some(succeeded.to_string()),
        ..Fields::default()
    }])
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn read(text: &str) -> Result<Vec<Fields>, String> {
        let settings = Settings {
            source: "events".into(),
            app: Some(Uuid::from_u128(7)),
            method: "password".into(),
            ..Settings::default()
        };
        line(&settings, 3, text)
    }

    #[test]
    fn a_login_and_wrong_credentials_are_attempts() {
        let login = read(
            r#"{"id":"e1","time":1700000000123,"type":"LOGIN","clientId":"shop","userId":"00000000-0000-0000-0000-000000000001","ipAddress":"192.0.2.1"}"#,
        )
        .expect("read");
        assert_eq!(login[0].at.as_deref(), Some("2023-11-14T22:13:20.123Z"));
        assert_eq!(login[0].external_id.as_deref(), Some("e1"));
        assert_eq!(login[0].succeeded.as_deref(), Some("true"));
        let wrong = read(
            r#"{"time":1,"type":"LOGIN_ERROR","error":"invalid_user_credentials","userId":"00000000-0000-0000-0000-000000000001"}"#,
        )
        .expect("read");
        assert_eq!(wrong[0].succeeded.as_deref(), Some("false"));
        assert_eq!(wrong[0].external_id.as_deref(), Some("events:0000000003"));
    }

    #[test]
    fn what_is_not_about_the_credential_is_left_out() {
        for event in [
            r#"{"time":1,"type":"LOGOUT","userId":"x"}"#,
            r#"{"time":1,"type":"LOGIN_ERROR","error":"user_temporarily_disabled","userId":"x"}"#,
        ] {
            assert_eq!(read(event), Ok(Vec::new()));
        }
        assert!(read(r#"{"time":1,"type":"LOGIN"}"#).is_err());
        assert!(read("no JSON").is_err());
    }
}
