//! Which policies are acceptable, decided when one is configured.

use super::{HARD_CAP, MAX_TIERS, Policy, Tier};
use crate::method::{Level, Method};
use crate::problem::{Problem, ProblemKind};
use crate::time::Micros;

/// A tier as somebody asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierInput {
    /// Consecutive failures in total that lock.
    pub failures: i64,
    /// How long; `None`: until an admin unlocks.
    pub duration: Option<Micros>,
}

/// A policy as somebody asks for it: any values, until [`validate`] has seen them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyInput {
    /// The tiers, in order.
    pub tiers: Vec<TierInput>,
    /// The counting window; `None`: none.
    pub failures_expire_after: Option<Micros>,
    /// Whether every failure after the last tier locks until an admin unlocks.
    pub then_permanent: bool,
    /// The tenant's hard cap, as [`validate_hard_cap`] has answered it.
    pub hard_cap: u32,
}

/// Turns what was asked for into the policy of `method` at `level`, or says what is wrong with it.
///
/// The kind of the problem tells apart a method that cannot lock, a level that the method's scope
/// does not allow, and a policy that breaks a rule.
///
/// # Errors
/// The first rule that is broken, in the order: method, level, tiers, window.
pub fn validate(method: Method, level: Level, input: &PolicyInput) -> Result<Policy, Problem> {
    check_method(method, level)?;
    check_shape(method, input)?;
    let tiers = check_tiers(input)?;
    let policy = Policy {
        tiers,
        failures_expire_after: input.failures_expire_after,
        then_permanent: input.then_permanent,
        hard_cap: input.hard_cap,
    };
    check_window(&policy)?;
    Ok(policy)
}

/// Accepts a tenant's own hard cap.
///
/// # Errors
/// A cap below 1, or above [`HARD_CAP`]: a tenant may lower it, not raise it.
pub fn validate_hard_cap(cap: i64) -> Result<u32, Problem> {
    u32::try_from(cap)
        .ok()
        .filter(|cap| (1..=HARD_CAP).contains(cap))
        .ok_or_else(|| {
            invalid(
                "hard_cap",
                format!("a hard cap of {cap} is out of range"),
                format!("a tenant may lower the cap, not raise it: use 1 to {HARD_CAP}"),
            )
        })
}

fn check_method(method: Method, level: Level) -> Result<(), Problem> {
    if !method.lockable() {
        let lockable: Vec<&str> = Method::ALL
            .iter()
            .filter(|method| method.lockable())
            .map(|method| method.label())
            .collect();
        return Err(Problem::new(
            ProblemKind::MethodNotLockable,
            "method",
            format!("failures never lock {method}, so it has no lockout policy"),
            format!("methods that lock: {}", lockable.join(", ")),
        ));
    }
    if level == Level::App && !method.varies_by_app() {
        return Err(Problem::new(
            ProblemKind::ScopeMismatch,
            "app_id",
            format!("{method} locks in the whole tenant, so its policy cannot differ in one app"),
            "leave the app out to set the tenant's policy",
        ));
    }
    Ok(())
}

fn check_shape(method: Method, input: &PolicyInput) -> Result<(), Problem> {
    let count = input.tiers.len();
    if count == 0 || count > MAX_TIERS {
        return Err(invalid(
            "tiers",
            format!("{count} tiers is out of range"),
            format!("a policy has 1 to {MAX_TIERS} tiers"),
        ));
    }
    if method.tiers_allowed() {
        return Ok(());
    }
    if count > 1 {
        return Err(invalid(
            "tiers",
            format!("a policy for {method} is simple and cannot have {count} tiers"),
            "give exactly one tier",
        ));
    }
    if input.then_permanent {
        return Err(invalid(
            "then_permanent",
            format!("a policy for {method} is simple and cannot go on to a permanent lock"),
            "leave then_permanent off; a tier without a duration locks until an admin unlocks",
        ));
    }
    Ok(())
}

fn check_tiers(input: &PolicyInput) -> Result<Vec<Tier>, Problem> {
    let mut tiers: Vec<Tier> = Vec::with_capacity(input.tiers.len());
    for (index, tier) in input.tiers.iter().enumerate() {
        tiers.push(Tier {
            failures: check_failures(index, tier.failures, tiers.last(), input.hard_cap)?,
            duration: check_duration(index, tier.duration, index + 1 == input.tiers.len())?,
        });
    }
    Ok(tiers)
}

fn check_failures(
    index: usize,
    failures: i64,
    previous: Option<&Tier>,
    cap: u32,
) -> Result<u32, Problem> {
    let field = format!("tiers[{index}].failures");
    if failures < 1 {
        return Err(invalid(
            field,
            format!("{failures} failures cannot lock"),
            format!("use 1 to {cap}"),
        ));
    }
    let Some(failures) = u32::try_from(failures).ok().filter(|n| *n <= cap) else {
        return Err(invalid(
            field,
            format!("{failures} failures are never reached: the hard cap locks at {cap}"),
            format!("use {cap} or fewer"),
        ));
    };
    if let Some(previous) = previous.filter(|previous| failures <= previous.failures) {
        return Err(invalid(
            field,
            format!(
                "{failures} failures are not more than the {} of the tier before",
                previous.failures
            ),
            "failures are totals that count on from tier to tier: each tier needs more than the one before",
        ));
    }
    Ok(failures)
}

fn check_duration(
    index: usize,
    duration: Option<Micros>,
    is_last: bool,
) -> Result<Option<Micros>, Problem> {
    let field = format!("tiers[{index}].duration");
    match duration {
        None if !is_last => Err(invalid(
            field,
            "a tier without a duration locks until an admin unlocks, so no tier after it is reached",
            "give it a duration, or make it the last tier",
        )),
        Some(duration) if duration.0 <= 0 => Err(invalid(
            field,
            format!("a duration of {duration} does not lock"),
            "use a duration above zero, or none to lock until an admin unlocks",
        )),
        _ => Ok(duration),
    }
}

fn check_window(policy: &Policy) -> Result<(), Problem> {
    let Some(window) = policy.failures_expire_after else {
        return Ok(());
    };
    if window.0 <= 0 {
        return Err(invalid(
            "failures_expire_after",
            format!("a counting window of {window} never counts to two"),
            "use a duration above zero, or none for no window",
        ));
    }
    let longest = policy.tiers.iter().filter_map(|tier| tier.duration).max();
    match longest {
        // The window runs from the failure that locked, so it would pass under the lock.
        Some(longest) if !policy.is_simple() && window <= longest => Err(invalid(
            "failures_expire_after",
            format!(
                "a counting window of {window} passes during the longest tier ({longest}), so the tiers would never escalate"
            ),
            format!("use more than {longest}, or no window"),
        )),
        _ => Ok(()),
    }
}

fn invalid(
    field: impl Into<String>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Problem {
    Problem::new(ProblemKind::PolicyInvalid, field, message, hint)
}
