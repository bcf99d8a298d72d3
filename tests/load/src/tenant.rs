//! What is loaded: its size, and the tenant with its apps and its policy.

use clap::Args;

use crate::dice::Dice;
use crate::rows::Id;
use crate::time::{DAY, EPOCH, SECOND};

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

pub(crate) struct Tenant {
    pub(crate) plan: Plan,
    pub(crate) id: Id,
    pub(crate) apps: Vec<Id>,
    pub(crate) begin: i64,
    pub(crate) end: i64,
}

impl Tenant {
    pub(crate) fn new(plan: &Plan, today: i64) -> Tenant {
        let mut dice = Dice::of(plan.seed, u64::MAX);
        let end = (plan.end.unwrap_or(today) - EPOCH) * SECOND;
        Tenant {
            plan: plan.clone(),
            id: dice.uuid(),
            apps: APPS.iter().map(|_| dice.uuid()).collect(),
            begin: end - i64::from(plan.months) * 30 * DAY,
            end,
        }
    }

    /// Every so manieth is.
    pub(crate) fn is_locked(&self, number: u64) -> bool {
        let before = |number: u64| {
            u128::from(number) * u128::from(self.plan.locked) / u128::from(self.plan.users)
        };
        before(number + 1) > before(number)
    }
}
