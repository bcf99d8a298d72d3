//! Instants and spans as PostgreSQL counts them: microseconds, from the year 2000.

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// `'infinity'`.
pub(crate) const FOR_EVER: i64 = i64::MAX;

/// Seconds of the Unix clock at the beginning of the year 2000.
pub(crate) const EPOCH: i64 = 946_684_800;

pub(crate) fn unix_milliseconds(at: i64) -> i64 {
    at / 1000 + EPOCH * 1000
}
