//! The lockout policies of the loaded tenant: its own for passwords, for the others the built-in defaults.

use authn_rules::{HARD_CAP, Method, Policy, Tier, default_policy};

/// After how many consecutive failures a password locks, until somebody unlocks.
pub(crate) const PASSWORD_FAILURES: u32 = 5;

/// A policy, where it comes from and which version of it.
pub(crate) struct InForce {
    pub(crate) policy: Policy,
    pub(crate) source: &'static str,
    pub(crate) version: i32,
}

/// The policy of each method that can lock.
pub(crate) struct Policies(Vec<(Method, InForce)>);

impl Policies {
    pub(crate) fn new() -> Policies {
        let of_passwords = InForce {
            policy: Policy {
                tiers: vec![Tier {
                    failures: PASSWORD_FAILURES,
                    duration: None,
                }],
                failures_expire_after: None,
                then_permanent: false,
                hard_cap: HARD_CAP,
            },
            source: "tenant",
            version: 1,
        };
        let defaults = Method::ALL
            .iter()
            .filter(|method| **method != Method::Password)
            .filter_map(|method| {
                let policy = default_policy(*method)?;
                Some((
                    *method,
                    InForce {
                        policy,
                        source: "default",
                        version: 0,
                    },
                ))
            });
        Policies(
            [(Method::Password, of_passwords)]
                .into_iter()
                .chain(defaults)
                .collect(),
        )
    }

    /// `None` for a method that failures never lock.
    pub(crate) fn of(&self, method: Method) -> Option<&InForce> {
        self.0
            .iter()
            .find(|(of, _)| *of == method)
            .map(|(_, in_force)| in_force)
    }
}
