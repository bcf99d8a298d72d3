//! What happened to one authenticator, and the rows that it left. This follows, attempt by attempt, what
//! `authn.record_attempt` writes; the test of the loader compares the two.

use crate::method::Method;
use crate::rows::{Id, Tables};
use crate::time::FOR_EVER;

/// One try, in the app of this number.
#[derive(Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) at: i64,
    pub(crate) app: usize,
    pub(crate) succeeded: bool,
    pub(crate) address: [u8; 4],
    pub(crate) device: Option<Id>,
}

/// An authenticator in an app, or the tenant-wide row of a global one.
struct Context {
    id: Id,
    app: Option<usize>,
    registered_at: Option<i64>,
    last_success_at: Option<i64>,
    last_failure_at: Option<i64>,
    last_device: Option<Id>,
    failures: i32,
    lock: Option<(i64, i64)>,
    latest_at: Option<i64>,
    events: i64,
}

impl Context {
    fn status(&self) -> &'static str {
        if self.last_success_at.is_some() {
            "active"
        } else {
            "registered"
        }
    }
}

/// One authenticator and its contexts, as its attempts are played.
pub(crate) struct Life<'a> {
    pub(crate) tenant: Id,
    pub(crate) user: Id,
    pub(crate) authenticator: Id,
    pub(crate) method: Method,
    /// That holds it.
    pub(crate) device: Option<Id>,
    pub(crate) apps: &'a [Id],
    pub(crate) user_agent: &'a str,
    contexts: Vec<Context>,
}

/// What an event says, apart from whom it is about.
struct Event<'a> {
    kind: &'a str,
    at: i64,
    app: Option<usize>,
    device: Option<Id>,
    before: Option<&'a str>,
    after: Option<&'a str>,
    address: Option<[u8; 4]>,
    details: Option<&'a str>,
}

impl<'a> Life<'a> {
    pub(crate) fn new(
        tenant: Id,
        user: Id,
        authenticator: Id,
        method: Method,
        device: Option<Id>,
        apps: &'a [Id],
        user_agent: &'a str,
    ) -> Life<'a> {
        Life {
            tenant,
            user,
            authenticator,
            method,
            device,
            apps,
            user_agent,
            contexts: Vec::with_capacity(3),
        }
    }

    /// Registers it in an app, or in the tenant.
    pub(crate) fn register(&mut self, app: Option<usize>, at: i64, id: Id, tables: &mut Tables) {
        self.contexts.push(Context {
            id,
            app,
            registered_at: app.is_some().then_some(at),
            last_success_at: None,
            last_failure_at: None,
            last_device: None,
            failures: 0,
            lock: None,
            latest_at: None,
            events: 0,
        });
        let event = Event {
            kind: "registered",
            at,
            app,
            device: self.device,
            before: None,
            after: None,
            address: None,
            details: None,
        };
        self.tell(self.contexts.len() - 1, &event, tables);
    }

    /// Plays one attempt; `new_id` is the id of the context that a first success may begin.
    pub(crate) fn play(&mut self, attempt: &Attempt, new_id: Id, tables: &mut Tables) {
        let here = self
            .contexts
            .iter()
            .position(|context| context.app == Some(attempt.app));
        let domain = if self.method.is_global() {
            Some(0)
        } else {
            here
        };
        let domain = domain.expect("an attempt is made where it is registered");
        let device = attempt.device.or(self.device);
        let before = here.map_or("registered", |here| self.contexts[here].status());

        self.contexts[domain].latest_at = Some(attempt.at);
        let mut event = Event {
            kind: "attempt_succeeded",
            at: attempt.at,
            app: Some(attempt.app),
            device,
            before: Some(before),
            after: Some("active"),
            address: Some(attempt.address),
            details: None,
        };
        if attempt.succeeded {
            self.contexts[domain].failures = 0;
            self.contexts[domain].lock = None;
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
        event.kind = "attempt_failed";
        event.after = Some(before);
        let Some(lock) = self.method.lock() else {
            self.tell(domain, &event, tables);
            return;
        };
        self.contexts[domain].failures += 1;
        if self.contexts[domain].failures < lock.failures {
            self.tell(domain, &event, tables);
            return;
        }
        let until = lock.lasts.map_or(FOR_EVER, |lasts| attempt.at + lasts);
        self.contexts[domain].lock = Some((attempt.at, until));
        event.after = Some("locked");
        self.tell(domain, &event, tables);

        event.kind = "locked";
        event.app = self.contexts[domain].app;
        let details = format!(
            r#"{{"until": {}, "failures": {}, "cause": "tier", "tier": 1, "policy_source": "{}", "policy_version": {}}}"#,
            json_instant(until),
            lock.failures,
            lock.source,
            lock.version
        );
        event.details = Some(&details);
        self.tell(domain, &event, tables);
        let context = &self.contexts[domain];
        tables
            .locks
            .row()
            .id(self.user)
            .id(context.id)
            .bigint(context.events)
            .id(self.tenant)
            .id(self.authenticator)
            .maybe_id(context.app.map(|app| self.apps[app]))
            .text(self.method.name())
            .text(lock.source)
            .integer(lock.version)
            .text("tier")
            .maybe_integer(Some(1))
            .integer(lock.failures)
            .bigint(attempt.at)
            .bigint(until)
            .end();
    }

    fn tell(&mut self, domain: usize, event: &Event<'_>, tables: &mut Tables) {
        let context = &mut self.contexts[domain];
        context.events += 1;
        tables
            .events
            .row()
            .id(self.user)
            .id(context.id)
            .bigint(context.events)
            .bigint(event.at)
            .id(self.tenant)
            .text(event.kind)
            .id(self.authenticator)
            .maybe_id(event.app.map(|app| self.apps[app]))
            .maybe_id(event.device)
            .text(self.method.name())
            .maybe_text(event.before)
            .maybe_text(event.after)
            .text("login")
            .text("authn_service")
            .maybe_address(event.address)
            .maybe_text(event.address.map(|_| self.user_agent))
            .null()
            .maybe_json(event.details)
            .end();
    }

    /// What its contexts agree on, else mixed.
    pub(crate) fn overall_status(&self) -> &'static str {
        let mut statuses = self
            .contexts
            .iter()
            .filter(|context| context.app.is_some())
            .map(|context| {
                let domain = if self.method.is_global() {
                    &self.contexts[0]
                } else {
                    context
                };
                if domain.lock.is_some_and(|(_, until)| until == FOR_EVER) {
                    "locked"
                } else {
                    context.status()
                }
            });
        let first = statuses.next().unwrap_or("registered");
        if statuses.all(|status| status == first) {
            first
        } else {
            "mixed"
        }
    }

    /// Writes the contexts as they are at the end; `told_at`: a later action that the domains were told of.
    pub(crate) fn write(self, told_at: Option<i64>, tables: &mut Tables) {
        for context in &self.contexts {
            let is_domain = context.app.is_none() || !self.method.is_global();
            let counted = if self.method.lock().is_some() {
                context.failures
            } else {
                0
            };
            tables
                .contexts
                .row()
                .id(self.user)
                .id(context.id)
                .id(self.tenant)
                .id(self.authenticator)
                .maybe_id(context.app.map(|app| self.apps[app]))
                .text(self.method.name())
                .maybe_bigint(context.registered_at)
                .maybe_bigint(context.last_success_at)
                .maybe_bigint(context.last_failure_at)
                .maybe_id(context.last_device)
                .integer(counted)
                .integer(counted)
                .integer(i32::from(context.lock.is_some()))
                .maybe_bigint(context.lock.map(|(since, _)| since))
                .maybe_bigint(context.lock.map(|(_, until)| until))
                .maybe_bigint(if is_domain {
                    told_at.or(context.latest_at)
                } else {
                    None
                })
                .bigint(context.events)
                .end();
        }
    }
}

/// As PostgreSQL writes an instant into JSON.
fn json_instant(at: i64) -> String {
    if at == FOR_EVER {
        return r#""infinity""#.to_owned();
    }
    // Days since 1970 to a date, after Howard Hinnant's civil_from_days.
    let seconds = at.div_euclid(1_000_000) + crate::time::EPOCH;
    let (day, second) = (seconds.div_euclid(86400), seconds.rem_euclid(86400));
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year_of_era + era * 400, month + 3)
    } else {
        (year_of_era + era * 400 + 1, month - 9)
    };
    format!(
        r#""{year:04}-{month:02}-{day_of_month:02}T{:02}:{:02}:{:02}.{:06}+00:00""#,
        second / 3600,
        second / 60 % 60,
        second % 60,
        at.rem_euclid(1_000_000)
    )
}
