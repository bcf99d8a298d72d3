//! The log of sshd, as syslog writes it: `Dec 10 06:55:46 host sshd[24200]: Failed password for …`.

use chrono::{Datelike, NaiveDateTime};

use super::attempt::Fields;
use super::format::Settings;

/// Syslog leaves the year out: it begins in one and goes on where December is followed by January.
pub(super) struct Clock {
    year: i32,
    month: u32,
}

impl Clock {
    pub(super) fn beginning_in(year: i32) -> Clock {
        Clock { year, month: 0 }
    }

    fn read(&mut self, stamp: &str) -> Option<String> {
        let parse = |year| {
            NaiveDateTime::parse_from_str(&format!("{year} {stamp}"), "%Y %b %e %H:%M:%S").ok()
        };
        let mut at = parse(self.year).or_else(|| parse(self.year + 1))?;
        if at.month() + 6 < self.month {
            self.year += 1;
            at = parse(self.year)?;
        }
        self.month = at.month();
        Some(format!("{}Z", at.format("%Y-%m-%dT%H:%M:%S")))
    }
}

pub(super) fn line(
    settings: &Settings,
    clock: &mut Clock,
    number: u64,
    text: &str,
) -> Result<Vec<Fields>, String> {
    let Some((stamp, message)) = message_of_sshd(text) else {
        return Ok(Vec::new());
    };
    let (times, message) = repeated(message).unwrap_or((1, message));
    let Some((succeeded, name, ip)) = attempt(message) else {
        return Ok(Vec::new());
    };
    let at = clock
        .read(stamp)
        .ok_or_else(|| format!("{stamp:?} is no instant"))?;
    let user_id = settings.user(name)?.to_string();
    let app_id = settings.app(None)?.to_string();
    let attempts = (1..=times).map(|time| {
        let external_id = settings.external_id(number);
        Fields {
            external_id: Some(if times == 1 {
                external_id
            } else {
                format!("{external_id}.{time:03}")
            }),
            at: Some(at.clone()),
            user_id: Some(user_id.clone()),
            method: Some(settings.method.clone()),
            app_id: Some(app_id.clone()),
            ip: Some(ip.to_owned()),
            succeeded: Some(succeeded.to_string()),
            ..Fields::default()
        }
    });
    Ok(attempts.collect())
}

fn message_of_sshd(text: &str) -> Option<(&str, &str)> {
    let stamp = text.get(..15)?;
    let (process, message) = text.get(16..)?.split_once(' ')?.1.split_once(": ")?;
    process.starts_with("sshd").then_some((stamp, message))
}

/// `message repeated 5 times: [ Failed password for … ]`
fn repeated(message: &str) -> Option<(u32, &str)> {
    let (times, message) = message
        .strip_prefix("message repeated ")?
        .split_once(" times: [ ")?;
    Some((times.parse().ok()?, message.strip_suffix(']')?))
}

/// Whether it succeeded, whose it was, and from where. Other methods than passwords are not attempts here.
fn attempt(message: &str) -> Option<(bool, &str, &str)> {
    let (succeeded, rest) = match message.strip_prefix("Accepted password for ") {
        Some(rest) => (true, rest),
        None => (false, message.strip_prefix("Failed password for ")?),
    };
    let rest = rest.strip_prefix("invalid user ").unwrap_or(rest);
    // From the right: a name is whatever somebody typed.
    let (rest, _) = rest.rsplit_once(" port ")?;
    let (name, ip) = rest.rsplit_once(" from ")?;
    Some((succeeded, name, ip))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn read(text: &str) -> Vec<Result<Vec<Fields>, String>> {
        let settings = Settings {
            source: "log".into(),
            app: Some(Uuid::from_u128(7)),
            method: "password".into(),
            ..Settings::default()
        };
        let mut clock = Clock::beginning_in(2015);
        (1..)
            .zip(text.lines())
            .map(|(number, text)| line(&settings, &mut clock, number, text))
            .collect()
    }

    const ADA: &str = "00000000-0000-0000-0000-000000000001";

    #[test]
    fn a_failed_and_an_accepted_password_are_attempts() {
        let read = read(&format!(
            "Dec  9 06:55:46 host sshd[1]: Failed password for {ADA} from 192.0.2.1 port 38926 ssh2\n\
             Jan 10 06:55:46 host sshd[1]: Accepted password for {ADA} from 2001:db8::1 port 38926 ssh2"
        ));
        let failed = &read[0].as_ref().expect("read")[0];
        assert_eq!(failed.at.as_deref(), Some("2015-12-09T06:55:46Z"));
        assert_eq!(failed.user_id.as_deref(), Some(ADA));
        assert_eq!(failed.ip.as_deref(), Some("192.0.2.1"));
        assert_eq!(failed.succeeded.as_deref(), Some("false"));
        assert_eq!(failed.external_id.as_deref(), Some("log:0000000001"));
        let accepted = &read[1].as_ref().expect("read")[0];
        assert_eq!(
            accepted.at.as_deref(),
            Some("2016-01-10T06:55:46Z"),
            "the year goes on"
        );
        assert_eq!(accepted.succeeded.as_deref(), Some("true"));
    }

    #[test]
    fn what_syslog_folded_is_unfolded() {
        let read = read(&format!(
            "Dec 10 06:55:46 host sshd[1]: message repeated 3 times: [ Failed password for {ADA} from 192.0.2.1 port 1 ssh2]"
        ));
        let ids: Vec<_> = read[0]
            .as_ref()
            .expect("read")
            .iter()
            .filter_map(|attempt| attempt.external_id.as_deref())
            .collect();
        assert_eq!(
            ids,
            [
                "log:0000000001.001",
                "log:0000000001.002",
                "log:0000000001.003"
            ]
        );
    }

    #[test]
    fn what_is_no_attempt_is_left_out_and_a_name_that_nobody_has_is_told() {
        let read = read(
            "Dec 10 06:55:46 host sshd[1]: Invalid user webmaster from 192.0.2.1\n\
             Dec 10 06:55:46 host sshd[1]: Failed none for invalid user a from 192.0.2.1 port 1 ssh2\n\
             Dec 10 06:55:46 host cron[1]: Failed password for b from 192.0.2.1 port 1 ssh2\n\
             short\n\
             Dec 10 06:55:46 host sshd[1]: Failed password for invalid user x from y from 192.0.2.1 port 1 ssh2",
        );
        assert!(read[..4].iter().all(|line| line == &Ok(Vec::new())));
        assert!(
            read[4]
                .as_ref()
                .is_err_and(|reason| reason.contains("\"x from y\""))
        );
    }
}
