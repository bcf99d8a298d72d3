//! What a reader of the world sees at an instant.

use authn_rules::Instant;

use super::World;
use super::cast::{App, Authenticator};
use super::history::{Happening, LockDomain};
use super::step::{Block, Event, Owner, Status};

/// One authenticator in one app.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The authenticator.
    pub authenticator: Authenticator,
    /// The app.
    pub app: App,
    /// Whether the app offers the method.
    pub available: bool,
    /// Its status.
    pub status: Status,
    /// The failures on record of the whole lock domain.
    pub failures: u32,
    /// The end of the lock in force.
    pub locked_until: Option<Instant>,
    /// The latest end of what deactivates it.
    pub deactivated_until: Option<Instant>,
    /// The last success since it was registered.
    pub last_success_at: Option<Instant>,
    /// The last failure.
    pub last_failure_at: Option<Instant>,
}

/// One authenticator over its contexts.
#[derive(Debug, Clone)]
pub struct RollUp {
    /// The authenticator.
    pub authenticator: Authenticator,
    /// The status that all available contexts agree on, or `mixed`.
    pub status: &'static str,
    /// Nothing, the one app, or `Multiple`.
    pub app_label: Option<&'static str>,
    /// The statuses of the available contexts.
    pub statuses: Vec<Status>,
    /// The end of the latest lock in force.
    pub locked_until: Option<Instant>,
    /// The latest end of what deactivates it in every app.
    pub deactivated_until: Option<Instant>,
}

impl World {
    /// Every context.
    #[must_use]
    pub fn contexts(&self, at: Instant) -> Vec<Context> {
        let mut contexts = Vec::new();
        for authenticator in Authenticator::ALL {
            for app in self.contexts_of(authenticator) {
                let domain = LockDomain::of(authenticator, app);
                contexts.push(Context {
                    authenticator,
                    app,
                    available: self.offers(app, authenticator.method()),
                    status: self.status(authenticator, app, at),
                    failures: self.count_on_record(domain),
                    locked_until: self.locked_until(domain, at),
                    deactivated_until: self.blocked_until(authenticator, Some(app), at),
                    last_success_at: self.last_success(authenticator, app),
                    last_failure_at: self.last_failure(authenticator, app),
                });
            }
        }
        contexts
    }

    /// Every authenticator.
    #[must_use]
    pub fn authenticators(&self, at: Instant) -> Vec<RollUp> {
        let contexts = self.contexts(at);
        Authenticator::ALL
            .into_iter()
            .filter(|authenticator| self.exists(*authenticator))
            .map(|authenticator| {
                let own: Vec<&Context> = contexts
                    .iter()
                    .filter(|context| context.authenticator == authenticator)
                    .collect();
                let available = own.iter().filter(|context| context.available);
                let mut statuses: Vec<Status> = available.map(|context| context.status).collect();
                statuses.sort_unstable();
                let lock_of_its_own = authenticator
                    .method()
                    .is_global()
                    .then(|| self.lock_everywhere(authenticator, at))
                    .flatten();
                RollUp {
                    authenticator,
                    status: match statuses.as_slice() {
                        [] => self.own_status(authenticator, at).name(),
                        [first, .., last] if first != last => "mixed",
                        [first, ..] => first.name(),
                    },
                    app_label: match own.as_slice() {
                        [] => None,
                        [context] => Some(context.app.name()),
                        _ => Some("Multiple"),
                    },
                    statuses,
                    locked_until: own
                        .iter()
                        .filter_map(|context| context.locked_until)
                        .chain(lock_of_its_own)
                        .max(),
                    deactivated_until: self.blocked_until(authenticator, None, at),
                }
            })
            .collect()
    }

    /// The audit trail, in the order in which each owner numbers it.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What is over without anybody having done anything, each at its true instant.
    #[must_use]
    pub fn expiries(&self, at: Instant) -> Vec<Event> {
        let mut expiries = self.expired_locks(at);
        expiries.extend(self.expired_blocks(at));
        expiries
    }

    fn expired_locks(&self, at: Instant) -> Vec<Event> {
        let mut expired = Vec::new();
        for authenticator in Authenticator::ALL {
            for app in App::ALL {
                let domain = LockDomain::of(authenticator, app);
                if domain.app.is_none() && app != App::Shop {
                    continue;
                }
                expired.extend(
                    self.ends_of_locks(domain)
                        .into_iter()
                        .filter(|end| *end <= at)
                        .map(|end| Event {
                            owner: domain.owner(),
                            kind: "lock_expired",
                            at: end,
                            app: domain.app,
                        }),
                );
            }
        }
        expired
    }

    /// A suspension or deactivation that nothing changed before its end.
    fn expired_blocks(&self, at: Instant) -> Vec<Event> {
        let mut expired = Vec::new();
        for (index, (_, happening)) in self.happened.iter().enumerate() {
            let Happening::Blocked(block, until) = happening else {
                continue;
            };
            let changed = self.happened[index + 1..].iter().any(|(then, later)| {
                matches!(later, Happening::Blocked(other, _) | Happening::Unblocked(other) if other == block)
                    && then < until
            });
            if *until <= at && !changed {
                let (owner, app) = match *block {
                    Block::Here(authenticator, app) => {
                        (Owner::Row(authenticator, Some(app)), Some(app))
                    }
                    Block::User | Block::Device(_) | Block::Everywhere(_) => (Owner::User, None),
                };
                expired.push(Event {
                    owner,
                    kind: "deactivation_expired",
                    at: *until,
                    app,
                });
            }
        }
        expired
    }

    /// The ends of the locks of a domain that no unlock came before.
    fn ends_of_locks(&self, domain: LockDomain) -> Vec<Instant> {
        let mut ends: Vec<Instant> = Vec::new();
        for (index, (at, happening)) in self.happened.iter().enumerate() {
            match happening {
                Happening::Failed {
                    authenticator, app, ..
                } if LockDomain::of(*authenticator, *app) == domain => {
                    let until_here = World {
                        happened: self.happened[..=index].to_vec(),
                        events: Vec::new(),
                    };
                    if let crate::Answer::Failed(Some((until, _))) = until_here.account(domain).1 {
                        ends.push(until);
                    }
                }
                Happening::Unlocked(other) if *other == domain => ends.retain(|end| end <= at),
                _ => {}
            }
        }
        ends
    }

    pub(super) fn status(&self, authenticator: Authenticator, app: App, at: Instant) -> Status {
        if self.blocked_until(authenticator, Some(app), at).is_some() {
            Status::Deactivated
        } else if self
            .locked_until(LockDomain::of(authenticator, app), at)
            .is_some()
        {
            Status::Locked
        } else if self.last_success(authenticator, app).is_some() {
            Status::Active
        } else {
            Status::Registered
        }
    }

    /// "No context → the status from its own facts."
    pub(super) fn own_status(&self, authenticator: Authenticator, at: Instant) -> Status {
        if self.blocked_until(authenticator, None, at).is_some() {
            Status::Deactivated
        } else if self.lock_everywhere(authenticator, at).is_some() {
            Status::Locked
        } else {
            Status::Registered
        }
    }

    fn lock_everywhere(&self, authenticator: Authenticator, at: Instant) -> Option<Instant> {
        self.locked_until(
            LockDomain {
                authenticator,
                app: None,
            },
            at,
        )
    }

    /// The latest end among suspension and deactivations, in an app or those that hold everywhere.
    pub(super) fn blocked_until(
        &self,
        authenticator: Authenticator,
        app: Option<App>,
        at: Instant,
    ) -> Option<Instant> {
        let blocks = [Block::User, Block::Everywhere(authenticator)].into_iter();
        blocks
            .chain(authenticator.device().map(Block::Device))
            .chain(app.map(|app| Block::Here(authenticator, app)))
            .filter_map(|block| self.block_in_force(block, at))
            .max()
    }

    /// The contexts of these authenticators; over all apps, those without one too.
    pub(super) fn statuses(
        &self,
        authenticators: &[Authenticator],
        app: Option<App>,
        at: Instant,
    ) -> Vec<(Authenticator, Option<App>, Status)> {
        let mut statuses = Vec::new();
        for authenticator in authenticators {
            let contexts = self.contexts_of(*authenticator);
            for place in &contexts {
                if app.is_none() || app == Some(*place) {
                    statuses.push((
                        *authenticator,
                        Some(*place),
                        self.status(*authenticator, *place, at),
                    ));
                }
            }
            if app.is_none() && contexts.is_empty() && self.exists(*authenticator) {
                statuses.push((*authenticator, None, self.own_status(*authenticator, at)));
            }
        }
        statuses
    }
}
