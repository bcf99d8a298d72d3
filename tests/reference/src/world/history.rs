//! What happened, and each fact worked out from the whole list of it.

use authn_rules::{Instant, Micros, Policy, Tier};

use super::World;
use super::cast::{App, Authenticator, Method};
use super::step::{Block, Owner};
use crate::domain::{Action, Answer, Domain};

/// An entry of the list: only what took effect is on it.
#[derive(Debug, Clone)]
pub(super) enum Happening {
    Registered(Authenticator),
    RegisteredIn(Authenticator, App),
    RemovedFrom(Authenticator, App),
    Removed(Authenticator),
    Succeeded(Authenticator, App),
    Failed {
        authenticator: Authenticator,
        app: App,
        in_context: bool,
    },
    Begun(Authenticator, App, Instant),
    Ended(usize, Ending),
    Unlocked(LockDomain),
    Blocked(Block, Instant),
    Unblocked(Block),
    Offered(App, Method, bool),
    Configured(Method, Option<App>, Option<Policy>),
    Capped(u32),
    LivesFor(Micros),
}

/// How a reservation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// By its completion.
    Completed,
    /// By an unlock.
    Void,
    /// By itself.
    Expired,
}

/// What a failure counts on: "the authenticator, in every app" or "one instance".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LockDomain {
    pub(super) authenticator: Authenticator,
    pub(super) app: Option<App>,
}

impl LockDomain {
    pub(super) fn of(authenticator: Authenticator, app: App) -> LockDomain {
        LockDomain {
            authenticator,
            app: (!authenticator.method().is_global()).then_some(app),
        }
    }

    pub(super) fn owner(self) -> Owner {
        Owner::Row(self.authenticator, self.app)
    }
}

/// An attempt that was begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reservation {
    pub(super) number: usize,
    pub(super) authenticator: Authenticator,
    pub(super) app: App,
    pub(super) expires_at: Instant,
    pub(super) ending: Option<Ending>,
}

impl World {
    pub(super) fn exists(&self, authenticator: Authenticator) -> bool {
        let mut exists = false;
        for (_, happening) in &self.happened {
            match happening {
                Happening::Registered(other) if *other == authenticator => exists = true,
                Happening::Removed(other) if *other == authenticator => exists = false,
                _ => {}
            }
        }
        exists
    }

    pub(super) fn has_context(&self, authenticator: Authenticator, app: App) -> bool {
        let mut has = false;
        for (_, happening) in &self.happened {
            match happening {
                Happening::RegisteredIn(other, place)
                    if (*other, *place) == (authenticator, app) =>
                {
                    has = true;
                }
                Happening::RemovedFrom(other, place)
                    if (*other, *place) == (authenticator, app) =>
                {
                    has = false;
                }
                Happening::Removed(other) if *other == authenticator => has = false,
                _ => {}
            }
        }
        has
    }

    pub(super) fn contexts_of(&self, authenticator: Authenticator) -> Vec<App> {
        App::ALL
            .into_iter()
            .filter(|app| self.has_context(authenticator, *app))
            .collect()
    }

    /// The last success since the registration: "the new secret is unused".
    pub(super) fn last_success(&self, authenticator: Authenticator, app: App) -> Option<Instant> {
        let mut last = None;
        for (at, happening) in &self.happened {
            match happening {
                Happening::Succeeded(other, place) if (*other, *place) == (authenticator, app) => {
                    last = Some(*at);
                }
                Happening::RemovedFrom(other, place)
                    if (*other, *place) == (authenticator, app) =>
                {
                    last = None;
                }
                Happening::Removed(other) if *other == authenticator => last = None,
                _ => {}
            }
        }
        last
    }

    pub(super) fn last_failure(&self, authenticator: Authenticator, app: App) -> Option<Instant> {
        let mut failures = self.happened.iter().filter(|(_, happening)| {
            matches!(
                happening,
                Happening::Failed { authenticator: other, app: place, in_context: true }
                    if (*other, *place) == (authenticator, app)
            )
        });
        failures.next_back().map(|(at, _)| *at)
    }

    pub(super) fn offers(&self, app: App, method: Method) -> bool {
        let mut offers = true;
        for (_, happening) in &self.happened {
            if let Happening::Offered(place, other, offered) = happening
                && (*place, *other) == (app, method)
            {
                offers = *offered;
            }
        }
        offers
    }

    /// The end of a suspension or deactivation that holds at `at`.
    pub(super) fn block_in_force(&self, block: Block, at: Instant) -> Option<Instant> {
        let mut end = None;
        for (_, happening) in &self.happened {
            match happening {
                Happening::Blocked(other, until) if *other == block => end = Some(*until),
                Happening::Unblocked(other) if *other == block => end = None,
                _ => {}
            }
        }
        end.filter(|until| at < *until)
    }

    pub(super) fn cap(&self) -> u32 {
        let mut caps = self
            .happened
            .iter()
            .filter_map(|(_, happening)| match happening {
                Happening::Capped(cap) => Some(*cap),
                _ => None,
            });
        caps.next_back().unwrap_or(100)
    }

    pub(super) fn time_to_live(&self) -> Micros {
        let mut times = self
            .happened
            .iter()
            .filter_map(|(_, happening)| match happening {
                Happening::LivesFor(duration) => Some(*duration),
                _ => None,
            });
        times.next_back().unwrap_or(Micros(30_000_000))
    }

    pub(super) fn reservations(&self) -> Vec<Reservation> {
        let mut reservations: Vec<Reservation> = Vec::new();
        for (_, happening) in &self.happened {
            match happening {
                Happening::Begun(authenticator, app, expires_at) => {
                    reservations.push(Reservation {
                        number: reservations.len(),
                        authenticator: *authenticator,
                        app: *app,
                        expires_at: *expires_at,
                        ending: None,
                    })
                }
                Happening::Ended(number, ending) => reservations[*number].ending = Some(*ending),
                _ => {}
            }
        }
        reservations
    }

    pub(super) fn in_flight(&self, domain: LockDomain) -> Vec<Reservation> {
        let mut reservations = self.reservations();
        reservations.retain(|reservation| {
            reservation.ending.is_none()
                && LockDomain::of(reservation.authenticator, reservation.app) == domain
        });
        reservations
    }

    /// "Slots = max(1, min(next threshold, cap) − failures) − in flight", by trying how many failures
    /// in a row it would take to lock.
    pub(super) fn free_slots(&self, domain: LockDomain, at: Instant) -> usize {
        if !domain.authenticator.method().locks() {
            return 1;
        }
        let mut tried = self.account(domain).0;
        let mut left: usize = 1;
        while tried.apply(at, &Action::Fail) == Answer::Failed(None) {
            left += 1;
        }
        left.saturating_sub(self.in_flight(domain).len())
    }

    pub(super) fn count_on_record(&self, domain: LockDomain) -> u32 {
        self.account(domain).0.count_on_record()
    }

    pub(super) fn locked_until(&self, domain: LockDomain, at: Instant) -> Option<Instant> {
        self.account(domain).0.locked_until(at)
    }

    /// The lock domain after everything that happened to it, and how the last of that was answered.
    pub(super) fn account(&self, domain: LockDomain) -> (Domain, Answer) {
        let method = domain.authenticator.method();
        let mut tenants = None;
        let mut apps = None;
        let mut cap = 100;
        let mut timeline = Vec::new();
        for (at, happening) in &self.happened {
            let action = match happening {
                Happening::Failed {
                    authenticator, app, ..
                } if method.locks() && LockDomain::of(*authenticator, *app) == domain => {
                    Action::Fail
                }
                Happening::Succeeded(authenticator, app)
                    if LockDomain::of(*authenticator, *app) == domain =>
                {
                    Action::Succeed
                }
                Happening::Unlocked(other) if *other == domain => Action::Unlock,
                Happening::Configured(other, app, policy) if *other == method => {
                    if app.is_none() {
                        tenants.clone_from(policy);
                    } else if *app == domain.app {
                        apps.clone_from(policy);
                    }
                    Action::Configure(effective(method, &apps, &tenants, cap))
                }
                Happening::Capped(other) => {
                    cap = *other;
                    Action::Configure(effective(method, &apps, &tenants, cap))
                }
                _ => continue,
            };
            timeline.push((*at, action));
        }
        Domain::replay(&effective(method, &None, &None, 100), &timeline)
    }
}

/// "App policy → tenant policy → default."
fn effective(method: Method, app: &Option<Policy>, tenant: &Option<Policy>, cap: u32) -> Policy {
    let quarter = Micros(15 * 60 * 1_000_000);
    let default = || Policy {
        tiers: vec![Tier {
            failures: if method.is_global() { 3 } else { 5 },
            duration: Some(quarter),
        }],
        failures_expire_after: (!method.is_global()).then_some(quarter),
        then_permanent: false,
        hard_cap: cap,
    };
    Policy {
        hard_cap: cap,
        ..app
            .clone()
            .or_else(|| tenant.clone())
            .unwrap_or_else(default)
    }
}
