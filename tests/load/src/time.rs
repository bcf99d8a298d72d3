//! Instants and spans as PostgreSQL counts them: microseconds, from the year 2000.

use authn_rules::Instant;
use chrono::{DateTime, TimeDelta};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Seconds of the Unix clock at the beginning of the year 2000.
pub(crate) const EPOCH: i64 = 946_684_800;

/// The instant of a second of the Unix clock.
pub(crate) const fn at_unix_second(second: i64) -> Instant {
    Instant((second - EPOCH) * SECOND)
}

/// As PostgreSQL, in UTC, writes an instant into JSON: to the microsecond, without zeros at the end.
pub(crate) fn json(at: Instant) -> String {
    if at == Instant::FOREVER {
        return "infinity".to_owned();
    }
    let time = DateTime::UNIX_EPOCH + TimeDelta::seconds(EPOCH) + TimeDelta::microseconds(at.0);
    let text = time.format("%Y-%m-%dT%H:%M:%S%.6f").to_string();
    format!("{}+00:00", text.trim_end_matches('0').trim_end_matches('.'))
}
