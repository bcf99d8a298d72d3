//! Which policies are refused when they are configured, and how the refusal helps.

use authn_rules::{
    HARD_CAP, Level, Method, Micros, PolicyInput, ProblemKind, TierInput, default_policy, validate,
    validate_hard_cap,
};

fn input(tiers: &[(i64, Option<i64>)]) -> PolicyInput {
    PolicyInput {
        tiers: tiers
            .iter()
            .map(|(failures, duration)| TierInput {
                failures: *failures,
                duration: duration.map(Micros::minutes),
            })
            .collect(),
        failures_expire_after: None,
        then_permanent: false,
        hard_cap: HARD_CAP,
    }
}

fn with_window(input: PolicyInput, minutes: i64) -> PolicyInput {
    PolicyInput {
        failures_expire_after: Some(Micros::minutes(minutes)),
        ..input
    }
}

fn then_permanent(input: PolicyInput) -> PolicyInput {
    PolicyInput {
        then_permanent: true,
        ..input
    }
}

fn with_cap(input: PolicyInput, hard_cap: u32) -> PolicyInput {
    PolicyInput { hard_cap, ..input }
}

#[track_caller]
fn accepted(input: &PolicyInput) {
    let policy = validate(Method::Password, Level::App, input).unwrap();
    assert_eq!(policy.tiers.len(), input.tiers.len());
    for (tier, asked) in policy.tiers.iter().zip(&input.tiers) {
        assert_eq!(i64::from(tier.failures), asked.failures);
        assert_eq!(tier.duration, asked.duration);
    }
    assert_eq!(policy.failures_expire_after, input.failures_expire_after);
    assert_eq!(policy.then_permanent, input.then_permanent);
    assert_eq!(policy.hard_cap, input.hard_cap);
}

/// The problem names `field`, says `message`, and its hint contains `hint`.
#[track_caller]
fn refused(method: Method, input: &PolicyInput, field: &str, message: &str, hint: &str) {
    let problem = validate(method, Level::Tenant, input).unwrap_err();
    assert_eq!(problem.kind, ProblemKind::PolicyInvalid);
    assert_eq!(
        (problem.field.as_str(), problem.message.as_str()),
        (field, message)
    );
    assert!(problem.hint.contains(hint), "{problem}");
}

#[test]
fn simple_progressive_endless_and_permanent_policies_are_accepted() {
    accepted(&input(&[(5, Some(15))]));
    accepted(&input(&[(1, None)]));
    accepted(&input(&[(3, Some(5)), (5, Some(30)), (7, None)]));
    accepted(&then_permanent(input(&[(3, Some(5))])));
    accepted(&then_permanent(input(&[(3, Some(5)), (5, None)])));
    accepted(&input(&[(100, Some(15))]));
    let ten: Vec<_> = (1..=10).map(|n| (n, Some(n))).collect();
    accepted(&input(&ten));
}

#[test]
fn every_default_is_acceptable() {
    for method in Method::ALL.iter().copied() {
        if let Some(policy) = default_policy(method) {
            let asked = PolicyInput {
                tiers: policy
                    .tiers
                    .iter()
                    .map(|tier| TierInput {
                        failures: tier.failures.into(),
                        duration: tier.duration,
                    })
                    .collect(),
                failures_expire_after: policy.failures_expire_after,
                then_permanent: policy.then_permanent,
                hard_cap: policy.hard_cap,
            };
            assert_eq!(validate(method, Level::Tenant, &asked), Ok(policy));
        }
    }
}

#[test]
fn a_policy_has_one_to_ten_tiers() {
    let eleven: Vec<_> = (1..=11).map(|n| (n, Some(1))).collect();
    refused(
        Method::Pin,
        &input(&[]),
        "tiers",
        "0 tiers is out of range",
        "1 to 10",
    );
    refused(
        Method::Pin,
        &input(&eleven),
        "tiers",
        "11 tiers is out of range",
        "1 to 10",
    );
}

#[test]
fn failures_are_at_least_one_and_strictly_increasing() {
    for zero in [0, -3, i64::MIN] {
        let message = format!("{zero} failures cannot lock");
        refused(
            Method::Totp,
            &input(&[(zero, Some(1))]),
            "tiers[0].failures",
            &message,
            "1 to 100",
        );
    }
    for (second, third) in [(5, 5), (5, 4)] {
        refused(
            Method::Totp,
            &input(&[(3, Some(1)), (second, Some(1)), (third, Some(1))]),
            "tiers[2].failures",
            &format!("{third} failures are not more than the 5 of the tier before"),
            "each tier needs more",
        );
    }
}

#[test]
fn a_threshold_above_the_hard_cap_is_never_reached() {
    refused(
        Method::Password,
        &input(&[(101, Some(1))]),
        "tiers[0].failures",
        "101 failures are never reached: the hard cap locks at 100",
        "100 or fewer",
    );
    refused(
        Method::Password,
        &with_cap(input(&[(5, Some(1)), (i64::MAX, None)]), 7),
        "tiers[1].failures",
        "9223372036854775807 failures are never reached: the hard cap locks at 7",
        "7 or fewer",
    );
}

#[test]
fn a_duration_is_above_zero() {
    for (minutes, shown) in [(0, "0 seconds"), (-90, "-1 hour 30 minutes")] {
        refused(
            Method::Password,
            &input(&[(5, Some(minutes))]),
            "tiers[0].duration",
            &format!("a duration of {shown} does not lock"),
            "above zero",
        );
    }
}

#[test]
fn an_endless_tier_is_the_last() {
    refused(
        Method::Password,
        &input(&[(3, None), (5, Some(1))]),
        "tiers[0].duration",
        "a tier without a duration locks until an admin unlocks, so no tier after it is reached",
        "make it the last",
    );
}

#[test]
fn a_window_is_above_zero() {
    for minutes in [0, -1] {
        let problem = validate(
            Method::Password,
            Level::App,
            &with_window(input(&[(5, Some(15))]), minutes),
        );
        assert_eq!(problem.unwrap_err().field, "failures_expire_after");
    }
}

#[test]
fn a_progressive_window_is_longer_than_the_longest_tier() {
    let two = || input(&[(3, Some(60)), (5, Some(15))]);
    for minutes in [15, 59, 60] {
        let problem =
            validate(Method::Password, Level::App, &with_window(two(), minutes)).unwrap_err();
        assert_eq!(problem.field, "failures_expire_after");
        assert!(
            problem.message.contains("the longest tier (1 hour)"),
            "{problem}"
        );
        assert!(problem.hint.contains("more than 1 hour"), "{problem}");
    }
    accepted(&with_window(two(), 61));
    accepted(&with_window(input(&[(3, Some(60)), (5, None)]), 61));
    // One tier that goes on to a permanent lock counts on too; a simple one starts again anyhow.
    let problem = validate(
        Method::Pin,
        Level::App,
        &with_window(then_permanent(input(&[(3, Some(15))])), 15),
    );
    assert_eq!(problem.unwrap_err().field, "failures_expire_after");
    accepted(&with_window(input(&[(3, Some(15))]), 15));
    accepted(&with_window(input(&[(3, Some(15))]), 1));
}

#[test]
fn one_time_codes_have_simple_policies_only() {
    for method in [Method::SmsOtp, Method::EmailOtp] {
        refused(
            method,
            &input(&[(3, Some(1)), (5, Some(2))]),
            "tiers",
            &format!("a policy for {method} is simple and cannot have 2 tiers"),
            "exactly one tier",
        );
        refused(
            method,
            &then_permanent(input(&[(3, Some(1))])),
            "then_permanent",
            &format!("a policy for {method} is simple and cannot go on to a permanent lock"),
            "off",
        );
        assert!(validate(method, Level::Tenant, &with_window(input(&[(3, None)]), 5)).is_ok());
    }
}

#[test]
fn a_global_method_has_no_policy_of_one_app_and_every_other_has() {
    for method in Method::ALL
        .iter()
        .copied()
        .filter(|method| method.lockable())
    {
        let answer = validate(method, Level::App, &input(&[(3, Some(1))]));
        if method.varies_by_app() {
            assert!(answer.is_ok(), "{method}");
        } else {
            let problem = answer.unwrap_err();
            assert_eq!(problem.kind, ProblemKind::ScopeMismatch, "{method}");
            assert_eq!(problem.field, "app_id");
        }
    }
}

#[test]
fn a_method_that_cannot_lock_has_no_policy_at_any_level() {
    for method in Method::ALL
        .iter()
        .copied()
        .filter(|method| !method.lockable())
    {
        for level in [Level::Tenant, Level::App] {
            let problem = validate(method, level, &input(&[(3, Some(1))])).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::MethodNotLockable, "{method}");
            assert_eq!(problem.field, "method");
            assert!(
                problem
                    .hint
                    .contains("password, totp, pin, sms_otp, email_otp")
            );
        }
    }
}

#[test]
fn a_tenant_may_lower_the_hard_cap_and_not_raise_it() {
    for cap in [1, 50, 100] {
        assert_eq!(validate_hard_cap(cap).map(i64::from), Ok(cap));
    }
    for cap in [i64::MIN, -1, 0, 101, i64::MAX] {
        let problem = validate_hard_cap(cap).unwrap_err();
        assert_eq!(
            (problem.kind, problem.field.as_str()),
            (ProblemKind::PolicyInvalid, "hard_cap")
        );
        assert!(problem.hint.contains("1 to 100"));
    }
}

#[test]
fn a_duration_is_spelled_out() {
    for (micros, text) in [
        (1, "1 microsecond"),
        (60_000_000, "1 minute"),
        (90_000_000, "1 minute 30 seconds"),
        (2 * 86_400_000_000 + 3_600_000_000, "2 days 1 hour"),
        (
            i64::MIN,
            "-106751991 days 4 hours 54 seconds 775808 microseconds",
        ),
    ] {
        assert_eq!(Micros(micros).to_string(), text);
    }
}
