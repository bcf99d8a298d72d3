//! What happened to one authenticator, and the rows that it left: attempt by attempt what
//! `authn.record_attempt` writes, by the same rules.

use authn_rules::{Facts, Instant, Lock, LockCause, Method, Scope, fail, locked, succeed};
use uuid::Uuid;

use crate::policies::InForce;
use crate::rows::{Row, Tables};
use crate::tenant::Tenant;
use crate::time::json;

/// One try, in the app of this number.
#[derive(Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) at: Instant,
    pub(crate) app: usize,
    pub(crate) succeeded: bool,
    pub(crate) address: [u8; 4],
}

/// Whose an authenticator is, which one it is, and where it is used.
pub(crate) struct Subject<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) user: Uuid,
    pub(crate) authenticator: Uuid,
    pub(crate) method: Method,
    /// That holds it.
    pub(crate) device: Option<Uuid>,
    /// On which it is used.
    pub(crate) used_on: Option<Uuid>,
    /// The user's, in their order.
    pub(crate) apps: &'a [Uuid],
    pub(crate) user_agent: &'a str,
}

/// An authenticator in an app, or the tenant-wide row of a global one.
struct Context {
    id: Uuid,
    app: Option<usize>,
    registered_at: Option<Instant>,
    last_success_at: Option<Instant>,
    last_failure_at: Option<Instant>,
    last_device: Option<Uuid>,
    /// Of a lock domain of a method that can lock; of another they stay as they began.
    facts: Facts,
    locked_since: Option<Instant>,
    latest_at: Option<Instant>,
    events: i64,
}

/// One authenticator and its contexts, as its attempts are played.
pub(crate) struct Life<'a> {
    subject: Subject<'a>,
    policy: Option<&'a InForce>,
    contexts: Vec<Context>,
}

/// What an event says, apart from whom it is about.
#[derive(Clone, Copy)]
struct Event<'a> {
    kind: &'a str,
    at: Instant,
    app: Option<usize>,
    device: Option<Uuid>,
    before: Option<&'a str>,
    after: Option<&'a str>,
    address: Option<[u8; 4]>,
    details: Option<&'a str>,
}

impl<'a> Life<'a> {
    pub(crate) fn new(subject: Subject<'a>) -> Life<'a> {
        Life {
            policy: subject.tenant.policies.of(subject.method),
            subject,
            contexts: Vec::with_capacity(3),
        }
    }

    fn is_global(&self) -> bool {
        self.subject.method.scope() == Scope::GlobalUser
    }

    /// Registers it in an app, or in the tenant; `id` is that of the row that this begins.
    pub(crate) fn register(
        &mut self,
        app: Option<usize>,
        at: Instant,
        id: Uuid,
        tables: &mut Tables,
    ) {
        self.contexts.push(Context {
            id,
            app,
            registered_at: app.is_some().then_some(at),
            last_success_at: None,
            last_failure_at: None,
            last_device: None,
            facts: Facts::default(),
            locked_since: None,
            latest_at: None,
            events: 0,
        });
        let event = Event {
            kind: "registered",
            at,
            app,
            device: self.subject.device,
            before: None,
            after: None,
            address: None,
            details: None,
        };
        self.tell(self.contexts.len() - 1, &event, tables);
    }

    /// Plays one attempt; `new_id` is the id of the context that a first success may begin.
    pub(crate) fn play(&mut self, attempt: &Attempt, new_id: Uuid, tables: &mut Tables) {
        let here = self
            .contexts
            .iter()
            .position(|context| context.app == Some(attempt.app));
        let domain = if self.is_global() { Some(0) } else { here };
        let domain = domain.expect("an attempt is made where it is registered");
        assert!(
            !locked(self.contexts[domain].facts, attempt.at),
            "nobody tries while it is locked"
        );
        let device = self.subject.device.or(self.subject.used_on);
        let before = match here {
            Some(here) => self.contexts[here].status_unlocked(),
            None => "registered",
        };
        let event = Event {
            kind: "attempt_succeeded",
            at: attempt.at,
            app: Some(attempt.app),
            device,
            before: Some(before),
            after: Some("active"),
            address: Some(attempt.address),
            details: None,
        };

        self.contexts[domain].latest_at = Some(attempt.at);
        if attempt.succeeded {
            self.contexts[domain].facts = succeed(self.contexts[domain].facts, attempt.at);
            self.contexts[domain].locked_since = None;
            self.tell(domain, &event, tables);
            let here = here.unwrap_or_else(|| {
                self.register(Some(attempt.app), attempt.at, new_id, tables);
                self.contexts.len() - 1
            });
            for context in [domain, here] {
                self.contexts[context].last_success_at = Some(attempt.at);
                self.contexts[context].last_device = device;
            }
            return;
        }

        for context in [Some(domain), here].into_iter().flatten() {
            self.contexts[context].last_failure_at = Some(attempt.at);
        }
        let mut failure = Event {
            kind: "attempt_failed",
            after: Some(before),
            ..event
        };
        let lock = self.policy.and_then(|in_force| {
            let after = fail(self.contexts[domain].facts, &in_force.policy, attempt.at);
            self.contexts[domain].facts = after.facts;
            self.contexts[domain].locked_since = after.lock.map(|_| attempt.at);
            Some((in_force, after.lock?))
        });
        if lock.is_some() {
            failure.after = Some("locked");
        }
        self.tell(domain, &failure, tables);
        if let Some((in_force, lock)) = lock {
            self.lock(domain, &failure, in_force, lock, tables);
        }
    }

    /// What a lock leaves besides the facts of the domain: its event and its row.
    fn lock(
        &mut self,
        domain: usize,
        failure: &Event<'_>,
        in_force: &InForce,
        lock: Lock,
        tables: &mut Tables,
    ) {
        let LockCause::Tier(tier) = lock.cause else {
            unreachable!("the policies of the tenant have one tier, far below the hard cap");
        };
        let failures = self.contexts[domain].facts.failures;
        let details = format!(
            r#"{{"until": "{}", "failures": {failures}, "cause": "tier", "tier": {tier}, "policy_source": "{}", "policy_version": {}}}"#,
            json(lock.until),
            in_force.source,
            in_force.version
        );
        let locked = Event {
            kind: "locked",
            app: self.contexts[domain].app,
            details: Some(&details),
            ..*failure
        };
        self.tell(domain, &locked, tables);
        let context = &self.contexts[domain];
        tables
            .locks
            .row()
            .id(self.subject.user)
            .id(context.id)
            .bigint(context.events)
            .id(self.subject.tenant.id)
            .id(self.subject.authenticator)
            .maybe_id(context.app.map(|app| self.subject.apps[app]))
            .text(self.subject.method.label())
            .text(in_force.source)
            .integer(in_force.version)
            .text("tier")
            .count(tier)
            .count(failures)
            .instant(failure.at)
            .instant(lock.until)
            .end();
    }

    fn tell(&mut self, domain: usize, event: &Event<'_>, tables: &mut Tables) {
        let context = &mut self.contexts[domain];
        context.events += 1;
        tables
            .events
            .row()
            .id(self.subject.user)
            .id(context.id)
            .bigint(context.events)
            .instant(event.at)
            .id(self.subject.tenant.id)
            .text(event.kind)
            .id(self.subject.authenticator)
            .maybe_id(event.app.map(|app| self.subject.apps[app]))
            .maybe_id(event.device)
            .text(self.subject.method.label())
            .maybe_text(event.before)
            .maybe_text(event.after)
            .text("login")
            .text("authn_service")
            .maybe_address(event.address)
            .maybe_text(event.address.map(|_| self.subject.user_agent))
            .null()
            .maybe_json(event.details)
            .end();
    }

    /// The status of each context at an instant; of a global authenticator without one, its own.
    pub(crate) fn statuses(&self, at: Instant) -> impl Iterator<Item = &'static str> {
        let only_own = self.contexts.len() == 1;
        self.contexts
            .iter()
            .filter(move |context| context.app.is_some() || only_own)
            .map(move |context| {
                let domain = if self.is_global() {
                    &self.contexts[0]
                } else {
                    context
                };
                if locked(domain.facts, at) {
                    "locked"
                } else if context.app.is_some() {
                    context.status_unlocked()
                } else {
                    "registered"
                }
            })
    }

    /// Writes the contexts as they are at the end; `told_at`: a later action that they were told of.
    pub(crate) fn write(self, told_at: Option<Instant>, tables: &mut Tables) {
        for context in &self.contexts {
            context.write(&self.subject, told_at, tables.contexts.row());
        }
    }
}

impl Context {
    /// While no lock is in force.
    fn status_unlocked(&self) -> &'static str {
        if self.last_success_at.is_some() {
            "active"
        } else {
            "registered"
        }
    }

    fn write(&self, subject: &Subject<'_>, told_at: Option<Instant>, row: Row<'_>) {
        row.id(subject.user)
            .id(self.id)
            .id(subject.tenant.id)
            .id(subject.authenticator)
            .maybe_id(self.app.map(|app| subject.apps[app]))
            .text(subject.method.label())
            .maybe_instant(self.registered_at)
            .maybe_instant(self.last_success_at)
            .maybe_instant(self.last_failure_at)
            .maybe_id(self.last_device)
            .count(self.facts.failures)
            .count(self.facts.failures_since_success)
            .count(self.facts.tier)
            .maybe_instant(self.locked_since)
            .maybe_instant(self.facts.locked_until)
            .maybe_instant(told_at.or(self.latest_at))
            .bigint(self.events)
            .end();
    }
}
