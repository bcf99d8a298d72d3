//! One user and everything about him, from README, "Semantics".

mod cast;
mod history;
mod show;
mod step;

use authn_rules::{Instant, Policy};

pub use cast::{App, Authenticator, Device, Method};
use history::{Ending, Happening, LockDomain};
pub use show::{Context, RollUp};
pub use step::{Attempt, Begun, Block, Cause, Change, Event, Owner, Reply, Status, Step};

use crate::domain::Answer;

/// How an attempt finds the door.
enum Door {
    /// It is let through to be counted.
    Open,
    /// Locked or deactivated.
    Refused(Status),
    /// The app does not offer the method.
    NotAvailable,
}

/// The list of everything that happened, and the audit trail that it left.
#[derive(Debug, Clone)]
pub struct World {
    happened: Vec<(Instant, Happening)>,
    events: Vec<Event>,
}

impl World {
    /// The world in the beginning: everything registered at `at`.
    #[must_use]
    pub fn new(at: Instant) -> World {
        let mut world = World {
            happened: Vec::new(),
            events: Vec::new(),
        };
        for authenticator in Authenticator::ALL {
            if authenticator.method().is_global() {
                world.register(at, authenticator, None);
            }
            for app in authenticator.first_apps() {
                world.register(at, authenticator, Some(*app));
            }
        }
        world
    }

    /// Does one thing and replies as the product should.
    pub fn apply(&mut self, at: Instant, step: &Step) -> Reply {
        match step {
            Step::Attempt(authenticator, app, right) => {
                self.attempt(at, *authenticator, *app, *right)
            }
            Step::Begin(authenticator, app) => self.begin(at, *authenticator, *app),
            Step::Complete(number, right) => self.complete(at, *number, *right),
            Step::Unlock(method, app, cause) => self.unlock(at, *method, *app, *cause),
            Step::UnlockAuthenticator(authenticator, app, cause) => {
                match self.must_be_registered_in(*authenticator, *app) {
                    Some(error) => error,
                    None => self.unlock(at, authenticator.method(), *app, *cause),
                }
            }
            Step::Block(block, duration) => {
                let until = duration.map_or(Instant::FOREVER, |duration| at.plus(duration));
                self.block(at, *block, until)
            }
            Step::Unblock(block) => self.unblock(at, *block),
            Step::Register(authenticator, app) => self.register(at, *authenticator, *app),
            Step::Remove(authenticator, app) => self.remove(at, *authenticator, *app),
            Step::Offer(app, method, offered) => {
                self.note(at, Happening::Offered(*app, *method, *offered));
                Reply::Done
            }
            Step::Configure(method, app, policy) => self.configure(at, *method, *app, policy),
            Step::Cap(cap) => {
                self.note(at, Happening::Capped(*cap));
                Reply::Done
            }
            Step::TimeToLive(duration) => {
                self.note(at, Happening::LivesFor(*duration));
                Reply::Done
            }
        }
    }

    /// How many attempts were begun.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.reservations().len()
    }

    fn note(&mut self, at: Instant, happening: Happening) {
        self.happened.push((at, happening));
    }

    fn record(&mut self, at: Instant, owner: Owner, kind: &'static str, app: Option<App>) {
        self.events.push(Event {
            owner,
            kind,
            at,
            app,
        });
    }

    /// "An attempt elsewhere is an error"; a global authenticator is registered in every app.
    fn must_be_registered_in(&self, authenticator: Authenticator, app: App) -> Option<Reply> {
        if !self.exists(authenticator) {
            return Some(Reply::Error("AU002"));
        }
        let somewhere = authenticator.method().is_global() || self.has_context(authenticator, app);
        (!somewhere).then_some(Reply::Error("AU016"))
    }

    fn door(&mut self, at: Instant, authenticator: Authenticator, app: App) -> Door {
        if !self.offers(app, authenticator.method()) {
            return Door::NotAvailable;
        }
        loop {
            let status = self.status(authenticator, app, at);
            if matches!(status, Status::Locked | Status::Deactivated) {
                return Door::Refused(status);
            }
            if !self.convert_one(at, LockDomain::of(authenticator, app)) {
                return Door::Open;
            }
        }
    }

    /// "A reservation that nobody completes counts as a failure, at the instant it ran out." Under a lock
    /// nothing counts.
    fn convert_one(&mut self, at: Instant, domain: LockDomain) -> bool {
        let due = self
            .in_flight(domain)
            .into_iter()
            .filter(|reservation| reservation.expires_at <= at)
            .min_by_key(|reservation| reservation.expires_at);
        let Some(due) = due else {
            return false;
        };
        self.note(
            due.expires_at,
            Happening::Ended(due.number, Ending::Expired),
        );
        if self.locked_until(domain, due.expires_at).is_none() {
            self.fail(due.expires_at, due.authenticator, due.app);
        }
        true
    }

    /// Whether a step begins an attempt that would run out at the same instant as one of another app.
    #[must_use]
    pub fn ties(&self, at: Instant, step: &Step) -> bool {
        let Step::Begin(authenticator, app) = step else {
            return false;
        };
        let runs_out = at.plus(self.time_to_live());
        self.in_flight(LockDomain::of(*authenticator, *app))
            .iter()
            .any(|other| other.expires_at == runs_out && other.app != *app)
    }

    /// An action locks every domain of what it is about.
    fn convert_all(&mut self, at: Instant, authenticators: &[Authenticator]) {
        for authenticator in authenticators {
            for app in App::ALL {
                while self.convert_one(at, LockDomain::of(*authenticator, app)) {}
            }
        }
    }

    fn attempt(
        &mut self,
        at: Instant,
        authenticator: Authenticator,
        app: App,
        right: bool,
    ) -> Reply {
        if let Some(error) = self.must_be_registered_in(authenticator, app) {
            return error;
        }
        let domain = LockDomain::of(authenticator, app);
        match self.door(at, authenticator, app) {
            Door::Open if self.free_slots(domain, at) == 0 => Reply::Attempt(Attempt {
                outcome: "busy",
                status: Some(self.status(authenticator, app, at)),
                failures: Some(self.count_on_record(domain)),
                locked_until: None,
            }),
            Door::Open => Reply::Attempt(self.count(at, authenticator, app, right)),
            door => Reply::Attempt(self.refusal(at, domain, &door)),
        }
    }

    fn begin(&mut self, at: Instant, authenticator: Authenticator, app: App) -> Reply {
        if let Some(error) = self.must_be_registered_in(authenticator, app) {
            return error;
        }
        let domain = LockDomain::of(authenticator, app);
        let (decision, retry_at) = match self.door(at, authenticator, app) {
            Door::NotAvailable => ("not_available", None),
            Door::Refused(Status::Locked) => ("locked", self.locked_until(domain, at)),
            Door::Refused(_) => (
                "deactivated",
                self.blocked_until(authenticator, Some(app), at),
            ),
            Door::Open if self.free_slots(domain, at) == 0 => {
                let ends = self.in_flight(domain).into_iter();
                ("busy", ends.map(|reservation| reservation.expires_at).min())
            }
            Door::Open => {
                let expires_at = at.plus(self.time_to_live());
                self.note(at, Happening::Begun(authenticator, app, expires_at));
                ("admitted", None)
            }
        };
        Reply::Begun(Begun { decision, retry_at })
    }

    fn complete(&mut self, at: Instant, number: usize, right: bool) -> Reply {
        let reservation = self.reservations()[number];
        let (authenticator, app) = (reservation.authenticator, reservation.app);
        let domain = LockDomain::of(authenticator, app);
        if reservation.ending.is_none() {
            // Nobody can complete it any more; it counts when it runs out.
            if self.must_be_registered_in(authenticator, app).is_some() {
                return Reply::Attempt(ended("not_available"));
            }
            // It locks the row, so what ran out is counted first.
            while self.convert_one(at, domain) {}
        }
        match self.reservations()[number].ending {
            None => {}
            Some(Ending::Void) => return Reply::Attempt(ended("void")),
            Some(Ending::Expired) => return Reply::Attempt(ended("expired")),
            Some(Ending::Completed) => return Reply::Attempt(ended("already_completed")),
        }
        let door = self.door(at, authenticator, app);
        self.note(at, Happening::Ended(number, Ending::Completed));
        Reply::Attempt(match door {
            Door::Open => self.count(at, authenticator, app, right),
            door => self.refusal(at, domain, &door),
        })
    }

    fn refusal(&self, at: Instant, domain: LockDomain, door: &Door) -> Attempt {
        let (outcome, status) = match door {
            Door::Refused(status) => ("refused", Some(*status)),
            Door::NotAvailable | Door::Open => ("not_available", None),
        };
        Attempt {
            outcome,
            status,
            failures: Some(self.count_on_record(domain)),
            locked_until: self.locked_until(domain, at),
        }
    }

    fn count(
        &mut self,
        at: Instant,
        authenticator: Authenticator,
        app: App,
        right: bool,
    ) -> Attempt {
        let domain = LockDomain::of(authenticator, app);
        if right {
            self.record(at, domain.owner(), "attempt_succeeded", Some(app));
            self.begin_context(at, authenticator, app);
            self.note(at, Happening::Succeeded(authenticator, app));
        } else {
            self.fail(at, authenticator, app);
        }
        Attempt {
            outcome: if right { "succeeded" } else { "failed" },
            status: Some(self.status(authenticator, app, at)),
            failures: Some(self.count_on_record(domain)),
            locked_until: self.locked_until(domain, at),
        }
    }

    fn fail(&mut self, at: Instant, authenticator: Authenticator, app: App) {
        let domain = LockDomain::of(authenticator, app);
        let in_context = self.has_context(authenticator, app);
        self.note(
            at,
            Happening::Failed {
                authenticator,
                app,
                in_context,
            },
        );
        self.record(at, domain.owner(), "attempt_failed", Some(app));
        if let Answer::Failed(Some(_)) = self.account(domain).1 {
            self.record(at, domain.owner(), "locked", domain.app);
        }
    }

    fn begin_context(&mut self, at: Instant, authenticator: Authenticator, app: App) {
        if !self.has_context(authenticator, app) {
            self.note(at, Happening::RegisteredIn(authenticator, app));
            self.record(
                at,
                Owner::Row(authenticator, Some(app)),
                "registered",
                Some(app),
            );
        }
    }

    fn unlock(&mut self, at: Instant, method: Method, app: App, cause: Cause) -> Reply {
        let lifts_locks = cause != Cause::Manual && method.locks();
        let lifts_blocks = cause != Cause::Automatic;
        let reached: Vec<Authenticator> = Authenticator::ALL
            .into_iter()
            .filter(|authenticator| authenticator.method() == method && self.exists(*authenticator))
            .collect();
        let domains: Vec<LockDomain> = reached
            .iter()
            .filter(|authenticator| method.is_global() || self.has_context(**authenticator, app))
            .map(|authenticator| LockDomain::of(*authenticator, app))
            .collect();
        if lifts_locks || lifts_blocks {
            self.convert_all(at, &reached);
        }

        let before = self.statuses(&reached, (!method.is_global()).then_some(app), at);
        let mut touched = Vec::new();
        if lifts_locks {
            for domain in domains {
                let in_flight = self.in_flight(domain);
                if self.account(domain).0.count_since_success() == 0 && in_flight.is_empty() {
                    continue;
                }
                for reservation in in_flight {
                    self.note(at, Happening::Ended(reservation.number, Ending::Void));
                }
                self.note(at, Happening::Unlocked(domain));
                self.record(at, domain.owner(), "unlocked", domain.app);
                touched.push((domain.authenticator, None));
            }
        }
        if lifts_blocks {
            for authenticator in reached {
                let block = Block::Here(authenticator, app);
                if self.block_in_force(block, at).is_some() {
                    self.note(at, Happening::Unblocked(block));
                    let owner = Owner::Row(authenticator, Some(app));
                    self.record(at, owner, "reactivated", Some(app));
                    touched.push((authenticator, Some(app)));
                }
            }
        }
        let mut changes = self.changes(before, at);
        changes.retain(|change| {
            touched.iter().any(|(authenticator, app)| {
                change.authenticator == *authenticator && (app.is_none() || change.app == *app)
            })
        });
        Reply::Changes(changes)
    }

    fn changes(
        &self,
        before: Vec<(Authenticator, Option<App>, Status)>,
        at: Instant,
    ) -> Vec<Change> {
        let mut changes: Vec<Change> = before
            .into_iter()
            .map(|(authenticator, app, before)| Change {
                authenticator,
                app,
                before: Some(before),
                after: Some(match app {
                    Some(app) => self.status(authenticator, app, at),
                    None => self.own_status(authenticator, at),
                }),
            })
            .collect();
        changes.sort_unstable();
        changes
    }

    pub(super) fn reach_of(block: Block) -> (Vec<Authenticator>, Option<App>) {
        let all = Authenticator::ALL.into_iter();
        match block {
            Block::User => (all.collect(), None),
            Block::Device(device) => (
                all.filter(|authenticator| authenticator.device() == Some(device))
                    .collect(),
                None,
            ),
            Block::Everywhere(authenticator) => (vec![authenticator], None),
            Block::Here(authenticator, app) => (vec![authenticator], Some(app)),
        }
    }

    fn block(&mut self, at: Instant, block: Block, until: Instant) -> Reply {
        let error = match block {
            Block::User | Block::Device(_) => None,
            Block::Everywhere(authenticator) => {
                (!self.exists(authenticator)).then_some(Reply::Error("AU002"))
            }
            Block::Here(authenticator, app) => self.must_be_registered_in(authenticator, app),
        };
        if let Some(error) = error {
            return error;
        }
        self.convert_all(at, &World::reach_of(block).0);
        if self.block_in_force(block, at) == Some(until) {
            return Reply::Changes(Vec::new());
        }
        self.lay_or_lift(at, block, Happening::Blocked(block, until))
    }

    fn unblock(&mut self, at: Instant, block: Block) -> Reply {
        if let Block::Everywhere(authenticator) | Block::Here(authenticator, _) = block
            && !self.exists(authenticator)
        {
            return Reply::Error("AU002");
        }
        self.convert_all(at, &World::reach_of(block).0);
        if self.block_in_force(block, at).is_none() {
            return Reply::Changes(Vec::new());
        }
        self.lay_or_lift(at, block, Happening::Unblocked(block))
    }

    fn lay_or_lift(&mut self, at: Instant, block: Block, happening: Happening) -> Reply {
        let lays = matches!(happening, Happening::Blocked(..));
        let (authenticators, app) = World::reach_of(block);
        let before = self.statuses(&authenticators, app, at);
        self.note(at, happening);
        let owner = match block {
            Block::Here(authenticator, app) => Owner::Row(authenticator, Some(app)),
            Block::User | Block::Device(_) | Block::Everywhere(_) => Owner::User,
        };
        let kind = match (block, lays) {
            (Block::User, true) => "user_suspended",
            (Block::User, false) => "user_reinstated",
            (_, true) => "deactivated",
            (_, false) => "reactivated",
        };
        self.record(at, owner, kind, app);
        let mut changes = self.changes(before, at);
        // A global authenticator in an app where it has no context: the fact is new all the same.
        if let Block::Here(authenticator, _) = block
            && changes.is_empty()
        {
            let blocked = Some(Status::Deactivated);
            changes.push(Change {
                authenticator,
                app,
                before: blocked.filter(|_| !lays),
                after: blocked.filter(|_| lays),
            });
        }
        Reply::Changes(changes)
    }

    fn register(&mut self, at: Instant, authenticator: Authenticator, app: Option<App>) -> Reply {
        let method = authenticator.method();
        if app.is_some_and(|app| !self.offers(app, method)) {
            return Reply::Error("AU015");
        }
        if !self.exists(authenticator) {
            self.note(at, Happening::Registered(authenticator));
            if method.is_global() {
                self.record(at, Owner::Row(authenticator, None), "registered", None);
            }
        }
        if let Some(app) = app {
            self.begin_context(at, authenticator, app);
        }
        Reply::Done
    }

    fn remove(&mut self, at: Instant, authenticator: Authenticator, app: Option<App>) -> Reply {
        if !self.exists(authenticator) {
            return Reply::Error("AU002");
        }
        if app.is_some_and(|app| !self.has_context(authenticator, app)) {
            return Reply::Error("AU016");
        }
        self.convert_all(at, &[authenticator]);
        let gone = self.statuses(&[authenticator], app, at);
        match app {
            Some(app) => {
                self.note(at, Happening::RemovedFrom(authenticator, app));
                self.record(
                    at,
                    Owner::Row(authenticator, Some(app)),
                    "removed",
                    Some(app),
                );
                if !authenticator.method().is_global() && self.contexts_of(authenticator).is_empty()
                {
                    self.note(at, Happening::Removed(authenticator));
                }
            }
            None => {
                self.note(at, Happening::Removed(authenticator));
                self.record(at, Owner::User, "removed", None);
            }
        }
        let mut changes: Vec<Change> = gone
            .into_iter()
            .map(|(authenticator, app, before)| Change {
                authenticator,
                app,
                before: Some(before),
                after: None,
            })
            .collect();
        changes.sort_unstable();
        Reply::Changes(changes)
    }

    fn configure(
        &mut self,
        at: Instant,
        method: Method,
        app: Option<App>,
        policy: &Option<Policy>,
    ) -> Reply {
        let cap = self.cap();
        if let Some(policy) = policy
            && policy.tiers.iter().any(|tier| tier.failures > cap)
        {
            return Reply::Error("AU008");
        }
        self.note(at, Happening::Configured(method, app, policy.clone()));
        Reply::Done
    }
}

fn ended(outcome: &'static str) -> Attempt {
    Attempt {
        outcome,
        status: None,
        failures: None,
        locked_until: None,
    }
}
