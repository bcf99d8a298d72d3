//! One person: the profile, the devices, the authenticators and what was done with them.

use authn_rules::{Instant, Method, Scope};
use uuid::Uuid;

use crate::dice::Dice;
use crate::life::{Life, Subject};
use crate::names::{FIRST, LAST};
use crate::owned::{self, Owned};
use crate::rows::{Row, Table, Tables};
use crate::tenant::{ADMIN, Tenant};
use crate::time::HOUR;
use crate::visits::{self, Span};

const USER_AGENTS: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Safari/605.1",
];

/// Who it is, and what is decided once for everything that is theirs.
pub(crate) struct Profile {
    pub(crate) number: u64,
    user: Uuid,
    created_at: Instant,
    name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) mobile: Option<Uuid>,
    laptop: Option<Uuid>,
    user_agent: &'static str,
    /// Those they use, the one they began with first.
    pub(crate) apps: Vec<Uuid>,
    pub(crate) is_locked: bool,
    is_suspended: bool,
}

impl Profile {
    fn draw(tenant: &Tenant, number: u64, dice: &mut Dice) -> Profile {
        let (first, last) = (dice.one_of(&FIRST), dice.one_of(&LAST));
        let (given, family) = (first.to_lowercase(), last.to_lowercase());
        let is_locked = tenant.is_locked(number);
        let mut apps = tenant.apps.clone();
        // Not everybody begins with the same app.
        apps.rotate_left(dice.below(tenant.apps.len() as u64) as usize);
        apps.truncate(dice.one_of(&[1, 1, 1, 1, 1, 1, 2, 2, 2, 3]));
        Profile {
            number,
            user: dice.uuid(),
            created_at: tenant.arrival(number),
            name: format!("{first} {last}"),
            email: dice
                .chance(650)
                .then(|| format!("{given}.{family}.{number}@example.com")),
            phone: dice
                .chance(350)
                .then(|| format!("+4915{:010}", 1_000_000_000 + number)),
            mobile: dice.chance(550).then(|| dice.uuid()),
            laptop: dice.chance(250).then(|| dice.uuid()),
            user_agent: dice.one_of(&USER_AGENTS),
            apps,
            is_locked,
            is_suspended: !is_locked && dice.chance(2),
        }
    }

    pub(crate) fn devices(&self) -> impl Iterator<Item = Uuid> {
        self.mobile.into_iter().chain(self.laptop)
    }

    fn write_devices(&self, tenant: &Tenant, dice: &mut Dice, devices: &mut Table) {
        let mobile = dice.one_of(&["iPhone", "Pixel", "Galaxy"]);
        for (device, name, platform) in [
            (self.mobile, mobile, "mobile"),
            (self.laptop, "Laptop", "web"),
        ] {
            if let Some(device) = device {
                devices
                    .row()
                    .id(self.user)
                    .id(device)
                    .id(tenant.id)
                    .text(name)
                    .text(platform)
                    .instant(self.created_at)
                    .end();
            }
        }
    }
}

/// What an administrator did, at the end of the story, and which event of the user's own tells of it.
struct Action<'a> {
    number: i64,
    at: Instant,
    kind: &'a str,
    about: Option<(Uuid, Method)>,
    before: Option<&'a str>,
    reason: &'a str,
}

impl Action<'_> {
    fn write(&self, tenant: Uuid, user: Uuid, events: &mut Table) {
        events
            .row()
            .id(user)
            .id(user)
            .bigint(self.number)
            .instant(self.at)
            .id(tenant)
            .text(self.kind)
            .maybe_id(self.about.map(|(authenticator, _)| authenticator))
            .null()
            .null()
            .maybe_text(self.about.map(|(_, method)| method.label()))
            .maybe_text(self.before)
            .text("deactivated")
            .text(ADMIN)
            .text("authn_admin")
            .null()
            .null()
            .text(self.reason)
            .maybe_json(Some(r#"{"until": "infinity"}"#))
            .end();
    }
}

/// The four columns of a suspension or deactivation for good.
fn blocked<'a>(row: Row<'a>, since: Option<Instant>, reason: &str) -> Row<'a> {
    row.maybe_instant(since)
        .maybe_instant(since.map(|_| Instant::FOREVER))
        .maybe_text(since.map(|_| ADMIN))
        .maybe_text(since.map(|_| reason))
}

/// What they agree on, else mixed.
fn overall(mut statuses: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let first = statuses.next()?;
    Some(if statuses.all(|status| status == first) {
        first
    } else {
        "mixed"
    })
}

/// Plays what was done with one authenticator, and answers when it first succeeded.
fn live<'a>(
    tenant: &'a Tenant,
    profile: &'a Profile,
    owned: &Owned<'_>,
    authenticator: Uuid,
    dice: &mut Dice,
    tables: &mut Tables,
) -> (Life<'a>, Option<Instant>) {
    let mut life = Life::new(Subject {
        tenant,
        user: profile.user,
        authenticator,
        method: owned.method,
        device: owned.device,
        used_on: profile.devices().next(),
        apps: &profile.apps,
        user_agent: profile.user_agent,
    });
    if owned.method.scope() == Scope::GlobalUser {
        life.register(None, profile.created_at, dice.uuid(), tables);
    } else {
        for app in 0..owned.apps {
            life.register(Some(app), profile.created_at, dice.uuid(), tables);
        }
    }
    let span = Span {
        since: profile.created_at,
        until: tenant.end,
        visits: tenant.plan.attempts,
        locks: profile.is_locked,
    };
    let attempts = visits::draw(owned, &span, dice);
    for attempt in &attempts {
        life.play(attempt, dice.uuid(), tables);
    }
    let first_success = attempts.iter().find(|attempt| attempt.succeeded);
    (life, first_success.map(|attempt| attempt.at))
}

/// A person, before anything was written.
pub(crate) struct Person<'a> {
    tenant: &'a Tenant,
    profile: Profile,
    dice: Dice,
}

impl Person<'_> {
    /// The one of a number, from 0.
    pub(crate) fn draw(tenant: &Tenant, number: u64) -> Person<'_> {
        let mut dice = Dice::of(tenant.plan.seed, number);
        Person {
            tenant,
            profile: Profile::draw(tenant, number, &mut dice),
            dice,
        }
    }

    pub(crate) fn id(&self) -> Uuid {
        self.profile.user
    }

    /// Writes the user with everything that is theirs.
    pub(crate) fn write(self, tables: &mut Tables) {
        let Person {
            tenant,
            profile,
            mut dice,
        } = self;
        profile.write_devices(tenant, &mut dice, &mut tables.devices);

        let acted_at = Instant(tenant.end.0 - HOUR);
        let suspended_at = profile.is_suspended.then_some(acted_at);
        let mut activated_at = None;
        let mut statuses = Vec::new();
        let mut events = 0;
        for owned in owned::draw(&profile, &mut dice) {
            let authenticator = dice.uuid();
            let (life, first_success) =
                live(tenant, &profile, &owned, authenticator, &mut dice, tables);
            activated_at = [activated_at, first_success].into_iter().flatten().min();
            let is_deactivated = !profile.is_locked && !profile.is_suspended && dice.chance(3);
            let deactivated_at = is_deactivated.then_some(acted_at);
            if is_deactivated {
                events += 1;
                let action = Action {
                    number: events,
                    at: acted_at,
                    kind: "deactivated",
                    about: Some((authenticator, owned.method)),
                    before: overall(life.statuses(acted_at)),
                    reason: "reported stolen",
                };
                action.write(tenant.id, profile.user, &mut tables.events);
            }
            let row = tables
                .authenticators
                .row()
                .id(profile.user)
                .id(authenticator)
                .id(tenant.id)
                .text(owned.method.label())
                .maybe_id(owned.device)
                .maybe_text(owned.provider)
                .maybe_text(owned.identifier.as_deref())
                .maybe_text(owned.name)
                .instant(profile.created_at);
            blocked(row, deactivated_at, "reported stolen").end();
            if profile.is_suspended {
                statuses.extend(life.statuses(acted_at));
            }
            life.write(deactivated_at.or(suspended_at), tables);
        }

        if profile.is_suspended {
            events += 1;
            let action = Action {
                number: events,
                at: acted_at,
                kind: "user_suspended",
                about: None,
                before: overall(statuses.into_iter()),
                reason: "chargeback under review",
            };
            action.write(tenant.id, profile.user, &mut tables.events);
        }
        let row = tables
            .users
            .row()
            .id(profile.user)
            .id(tenant.id)
            .maybe_text(profile.email.as_deref())
            .maybe_text(profile.phone.as_deref())
            .text(&profile.name)
            .instant(profile.created_at)
            .maybe_instant(activated_at);
        blocked(row, suspended_at, "chargeback under review")
            .bigint(events)
            .end();
    }
}
