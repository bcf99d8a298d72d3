//! Instants and durations, in the microseconds that PostgreSQL keeps time in.

use std::fmt;

/// An instant: microseconds since an epoch of the caller's choice (the rules only compare and add).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// The end of what has no end: SQL's `infinity`, "until an admin ends it".
    pub const FOREVER: Instant = Instant(i64::MAX);

    /// The instant `duration` later; what would overflow is [`Instant::FOREVER`].
    #[must_use]
    pub const fn plus(self, duration: Micros) -> Instant {
        Instant(self.0.saturating_add(duration.0))
    }
}

/// A duration in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub i64);

impl Micros {
    /// A duration of whole minutes.
    #[must_use]
    pub const fn minutes(minutes: i64) -> Micros {
        Micros(minutes.saturating_mul(60_000_000))
    }
}

/// For messages: `1 hour 30 minutes`, exact to the microsecond.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 5] = [
            (86_400_000_000, "day"),
            (3_600_000_000, "hour"),
            (60_000_000, "minute"),
            (1_000_000, "second"),
            (1, "microsecond"),
        ];
        if self.0 == 0 {
            return f.write_str("0 seconds");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let mut rest = self.0.unsigned_abs();
        let mut separator = "";
        for (size, name) in UNITS {
            let count = rest / size;
            rest %= size;
            if count > 0 {
                let plural = if count == 1 { "" } else { "s" };
                write!(f, "{separator}{count} {name}{plural}")?;
                separator = " ";
            }
        }
        Ok(())
    }
}
