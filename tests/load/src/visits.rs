//! When a person used an authenticator, and when somebody else tried to.

use authn_rules::{Instant, Method};

use crate::dice::Dice;
use crate::life::Attempt;
use crate::owned::Owned;
use crate::policies::PASSWORD_FAILURES;
use crate::time::{DAY, HOUR, MINUTE, SECOND};

/// From when to when there were attempts, and how many of them.
pub(crate) struct Span {
    pub(crate) since: Instant,
    pub(crate) until: Instant,
    /// How often an authenticator was used, on average.
    pub(crate) visits: u64,
    /// Whether the last attempts lock the password.
    pub(crate) locks: bool,
}

/// The attempts with one authenticator, in the order of time.
pub(crate) fn draw(owned: &Owned<'_>, span: &Span, dice: &mut Dice) -> Vec<Attempt> {
    let mut made = Vec::with_capacity(2 * span.visits as usize + 8);
    let address = [192, 0, 2, dice.below(256) as u8];
    // The last hours before the end are left to what ends there.
    let last = span.until.0 - 2 * HOUR;
    let locks = span.locks && owned.method == Method::Password;
    if owned.is_used && last - span.since.0 > HOUR {
        visit(owned, span, last, address, dice, &mut made);
        if !locks && dice.chance(20) {
            made.push(Attempt {
                at: Instant(last + 10 * MINUTE),
                app: 0,
                succeeded: false,
                address,
            });
        }
    }
    if locks {
        made.extend((0..i64::from(PASSWORD_FAILURES)).map(|guess| Attempt {
            at: Instant(last + 20 * MINUTE + guess * 10 * SECOND),
            app: 0,
            succeeded: false,
            address: [203, 0, 113, 7],
        }));
    }
    made
}

/// Evenly spread successes, now and then behind slips of the finger.
fn visit(
    owned: &Owned<'_>,
    span: &Span,
    last: i64,
    address: [u8; 4],
    dice: &mut Dice,
    made: &mut Vec<Attempt>,
) {
    let since = span.since.0;
    let visits = 1 + dice.below(2 * span.visits - 1) as i64;
    let step = (last - since) / (visits + 1);
    for visit in 1..=visits {
        let at = since + visit * step + dice.below((step / 4).max(1) as u64) as i64;
        let success = Attempt {
            at: Instant(at),
            app: dice.below(owned.apps as u64) as usize,
            succeeded: true,
            address,
        };
        // Seldom so many that a code's lock has to run out first.
        let (slips, before) = match dice.below(100) {
            0 if owned.method == Method::SmsOtp && step > DAY => (3, HOUR),
            0..8 => (1 + dice.below(2) as i64, MINUTE),
            _ => (0, 0),
        };
        let slips = (0..slips)
            .map(|slip| at - before + slip * 5 * SECOND)
            .filter(|at| *at > since + (visit - 1) * step + step / 2)
            .map(|at| Attempt {
                at: Instant(at),
                succeeded: false,
                ..success
            });
        made.extend(slips.chain([success]));
    }
}
