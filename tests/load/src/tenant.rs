//! What is loaded: its size, and the tenant with its apps and its policy.

use authn_rules::Instant;
use clap::Args;
use uuid::Uuid;

use crate::dice::Dice;
use crate::policies::Policies;
use crate::time::{DAY, at_unix_second};

/// What to load.
#[derive(Args, Clone, Debug)]
pub struct Plan {
    /// How many users; they have about three authenticators each.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub users: u64,
    /// Another seed makes another tenant of the same kind.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many users are locked at the end, spread evenly; at most all of them.
    #[arg(long, default_value_t = 1_000)]
    pub locked: u64,
    /// How many months of 30 days the events go back; users came evenly over that time.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=120))]
    pub months: u16,
    /// How often each authenticator that is used was used, on average.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub attempts: u64,
    /// The Unix time, in seconds, of the end of the story; the beginning of today (UTC) unless it is given.
    #[arg(long)]
    pub end: Option<i64>,
    /// The name of the tenant.
    #[arg(long, default_value = "Loaded")]
    pub name: String,
}

pub(crate) const APPS: [&str; 5] = ["Shop", "Wallet", "Travel", "Games", "Support"];

/// Who administers it.
pub(crate) const ADMIN: &str = "ada.admin";

pub(crate) struct Tenant {
    pub(crate) plan: Plan,
    pub(crate) id: Uuid,
    pub(crate) apps: Vec<Uuid>,
    pub(crate) policies: Policies,
    pub(crate) begin: Instant,
    pub(crate) end: Instant,
}

impl Tenant {
    /// `now`: in seconds of the Unix clock.
    pub(crate) fn new(plan: &Plan, now: i64) -> Tenant {
        let mut dice = Dice::of(plan.seed, u64::MAX);
        let end = at_unix_second(plan.end.unwrap_or(now - now % 86400));
        Tenant {
            plan: plan.clone(),
            id: dice.uuid(),
            apps: APPS.iter().map(|_| dice.uuid()).collect(),
            policies: Policies::new(),
            begin: Instant(end.0 - i64::from(plan.months) * 30 * DAY),
            end,
        }
    }

    /// When the user of a number came: one after the other, the last a day before the end.
    pub(crate) fn arrival(&self, number: u64) -> Instant {
        let span = i128::from(self.end.0 - self.begin.0 - DAY);
        let since_begin = span * i128::from(number) / i128::from(self.plan.users);
        Instant(self.begin.0 + since_begin as i64)
    }

    /// Every so manieth is.
    pub(crate) fn is_locked(&self, number: u64) -> bool {
        let before = |number: u64| {
            u128::from(number) * u128::from(self.plan.locked) / u128::from(self.plan.users)
        };
        before(number + 1) > before(number)
    }
}
