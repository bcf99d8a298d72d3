//! One person: the profile, the devices, the authenticators and what was done with them.

use crate::dice::Dice;
use crate::life::{Attempt, Life};
use crate::method::Method;
use crate::names::{FIRST, LAST};
use crate::rows::{Id, Tables};
use crate::tenant::Tenant;
use crate::time::{DAY, FOR_EVER, HOUR, MINUTE, SECOND, unix_milliseconds};

const USER_AGENTS: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Safari/605.1",
];

/// An authenticator to be made, and in how many apps.
struct Owned {
    method: Method,
    device: Option<Id>,
    identifier: Option<String>,
    provider: Option<&'static str>,
    name: Option<&'static str>,
    apps: usize,
    is_used: bool,
}

/// Writes the user of a number, from 0, with everything that is theirs.
pub(crate) fn write(tenant: &Tenant, number: u64, tables: &mut Tables) {
    let plan = &tenant.plan;
    let mut dice = Dice::of(plan.seed, number);
    let dice = &mut dice;
    let span = tenant.end - tenant.begin;
    let created_at = tenant.begin
        + (i128::from(span - DAY) * i128::from(number) / i128::from(plan.users)) as i64;
    let user = dice.uuid_of(unix_milliseconds(created_at));
    let is_locked = tenant.is_locked(number);

    let (first, last) = (*dice.one_of(&FIRST), *dice.one_of(&LAST));
    let name = format!("{first} {last}");
    let email = dice.chance(650).then(|| {
        format!(
            "{}.{}.{number}@example.com",
            first.to_lowercase(),
            last.to_lowercase()
        )
    });
    let phone = dice
        .chance(350)
        .then(|| format!("+4915{:010}", 1_000_000_000 + number));
    let phone_device = dice.chance(550).then(|| dice.uuid());
    let laptop = dice.chance(250).then(|| dice.uuid());
    for (device, name, platform) in [
        (
            phone_device,
            *dice.one_of(&["iPhone", "Pixel", "Galaxy"]),
            "mobile",
        ),
        (laptop, "Laptop", "web"),
    ] {
        if let Some(device) = device {
            let row = tables
                .devices
                .row()
                .id(user)
                .id(device)
                .id(tenant.id)
                .text(name)
                .text(platform);
            row.bigint(created_at).end();
        }
    }
    let user_agent = *dice.one_of(&USER_AGENTS);
    let apps = dice.one_of(&[1, 1, 1, 1, 1, 1, 2, 2, 2, 3]);
    // Not everybody begins with the same app.
    let mut order = tenant.apps.clone();
    let by = dice.below(order.len() as u64) as usize;
    order.rotate_left(by);

    let mut activated_at = None;
    let mut events = 0;
    let suspended = !is_locked && dice.chance(2);
    for owned in authenticators(
        email.as_deref(),
        phone.as_deref(),
        phone_device,
        laptop,
        *apps,
        is_locked,
        number,
        dice,
    ) {
        let authenticator = dice.uuid();
        let mut life = Life::new(
            tenant.id,
            user,
            authenticator,
            owned.method,
            owned.device,
            &order,
            user_agent,
        );
        let attempts = attempts(
            &owned,
            is_locked,
            created_at,
            tenant.end,
            plan.attempts,
            phone_device.or(laptop),
            dice,
        );
        if owned.method.is_global() {
            life.register(None, created_at, dice.uuid(), tables);
        } else {
            for app in 0..owned.apps {
                life.register(Some(app), created_at, dice.uuid(), tables);
            }
        }
        for attempt in &attempts {
            if attempt.succeeded {
                activated_at = Some(activated_at.map_or(attempt.at, |at: i64| at.min(attempt.at)));
            }
            life.play(attempt, dice.uuid(), tables);
        }
        let deactivated_at =
            (!is_locked && !suspended && dice.chance(3)).then_some(tenant.end - HOUR);
        if let Some(at) = deactivated_at {
            events += 1;
            let about = (authenticator, owned.method.name(), life.overall_status());
            told_by_admin(
                tenant.id,
                user,
                events,
                at,
                "deactivated",
                Some(about),
                "reported stolen",
                tables,
            );
        }
        tables
            .authenticators
            .row()
            .id(user)
            .id(authenticator)
            .id(tenant.id)
            .text(owned.method.name())
            .maybe_id(owned.device)
            .maybe_text(owned.provider)
            .maybe_text(owned.identifier.as_deref())
            .maybe_text(owned.name)
            .bigint(created_at)
            .maybe_bigint(deactivated_at)
            .maybe_bigint(deactivated_at.map(|_| FOR_EVER))
            .maybe_text(deactivated_at.map(|_| "ada.admin"))
            .maybe_text(deactivated_at.map(|_| "reported stolen"))
            .end();
        life.write(deactivated_at, tables);
    }

    let suspended_at = suspended.then_some(tenant.end - HOUR);
    if let Some(at) = suspended_at {
        events += 1;
        told_by_admin(
            tenant.id,
            user,
            events,
            at,
            "user_suspended",
            None,
            "chargeback under review",
            tables,
        );
    }
    tables
        .users
        .row()
        .id(user)
        .id(tenant.id)
        .maybe_text(email.as_deref())
        .maybe_text(phone.as_deref())
        .text(&name)
        .bigint(created_at)
        .maybe_bigint(activated_at)
        .maybe_bigint(suspended_at)
        .maybe_bigint(suspended_at.map(|_| FOR_EVER))
        .maybe_text(suspended_at.map(|_| "ada.admin"))
        .maybe_text(suspended_at.map(|_| "chargeback under review"))
        .bigint(events)
        .end();
}

/// About three, in the proportions of a consumer service.
#[allow(clippy::too_many_arguments, reason = "what a person has, drawn once")]
fn authenticators(
    email: Option<&str>,
    phone: Option<&str>,
    phone_device: Option<Id>,
    laptop: Option<Id>,
    apps: usize,
    is_locked: bool,
    number: u64,
    dice: &mut Dice,
) -> Vec<Owned> {
    let mut owned = Vec::with_capacity(8);
    let mut add = |method, device, identifier: Option<String>, provider, name, apps, is_used| {
        owned.push(Owned {
            method,
            device,
            identifier,
            provider,
            name,
            apps,
            is_used,
        });
    };
    if let Some(email) = email {
        add(
            Method::EmailOtp,
            None,
            Some(email.to_owned()),
            None,
            None,
            1,
            dice.chance(250),
        );
        add(
            Method::EmailMagicLink,
            None,
            Some(email.to_owned()),
            None,
            None,
            1,
            dice.chance(150),
        );
    }
    if let Some(phone) = phone {
        add(
            Method::SmsOtp,
            None,
            Some(phone.to_owned()),
            None,
            None,
            apps,
            dice.chance(600),
        );
    }
    let has_password = dice.chance(750);
    if has_password || is_locked || (email.is_none() && phone.is_none()) {
        add(
            Method::Password,
            None,
            None,
            None,
            None,
            apps,
            dice.chance(900),
        );
    }
    if dice.chance(60) {
        add(
            Method::Totp,
            None,
            None,
            None,
            Some("Authenticator app"),
            apps,
            true,
        );
    }
    for device in [phone_device, laptop].into_iter().flatten() {
        if dice.chance(300) {
            add(
                Method::Passkey,
                Some(device),
                None,
                None,
                Some("Passkey"),
                1,
                dice.chance(900),
            );
        }
    }
    if phone_device.is_some() {
        if dice.chance(250) {
            add(Method::Pin, phone_device, None, None, None, 1, true);
        }
        if dice.chance(200) {
            add(
                Method::MobileBiometric,
                phone_device,
                None,
                None,
                None,
                1,
                dice.chance(900),
            );
        }
    }
    if dice.chance(120) {
        add(
            Method::Social,
            None,
            Some(format!("{:020}", number)),
            Some("google"),
            None,
            1,
            true,
        );
    }
    owned
}

/// The attempts of one authenticator in the order of time; of a locked user's password, the last ones lock.
fn attempts(
    owned: &Owned,
    is_locked: bool,
    since: i64,
    until: i64,
    average: u64,
    device: Option<Id>,
    dice: &mut Dice,
) -> Vec<Attempt> {
    let mut made = Vec::with_capacity(2 * average as usize + 8);
    let address = [192, 0, 2, dice.below(256) as u8];
    let locks = is_locked && owned.method == Method::Password;
    // The last hours before the end are left to what ends there.
    let last = until - 2 * HOUR;
    if owned.is_used && last - since > HOUR {
        let visits = 1 + dice.below(2 * average - 1) as i64;
        let step = (last - since) / (visits + 1);
        for visit in 1..=visits {
            let at = since + visit * step + dice.below((step / 4).max(1) as u64) as i64;
            let app = dice.below(owned.apps as u64) as usize;
            let attempt = Attempt {
                at,
                app,
                succeeded: true,
                address,
                device,
            };
            // Now and then a slip of the finger; seldom so many that a code's lock has to run out first.
            let slips = match dice.below(100) {
                0 if owned.method == Method::SmsOtp && step > DAY => 3,
                0..8 => 1 + dice.below(2),
                _ => 0,
            };
            for slip in 0..slips {
                let before = if slips == 3 { HOUR } else { MINUTE };
                let at = at - before + slip as i64 * 5 * SECOND;
                if at > since + (visit - 1) * step + step / 2 {
                    made.push(Attempt {
                        at,
                        succeeded: false,
                        ..attempt
                    });
                }
            }
            made.push(attempt);
        }
        if !locks && dice.chance(20) {
            made.push(Attempt {
                at: last + 10 * MINUTE,
                app: 0,
                succeeded: false,
                address,
                device,
            });
        }
    }
    if locks {
        for failure in 0..5 {
            let at = last + 20 * MINUTE + failure * 10 * SECOND;
            made.push(Attempt {
                at,
                app: 0,
                succeeded: false,
                address: [203, 0, 113, 7],
                device: None,
            });
        }
    }
    made
}

/// An event of the user's own.
#[allow(clippy::too_many_arguments, reason = "the fields of one row")]
fn told_by_admin(
    tenant: Id,
    user: Id,
    number: i64,
    at: i64,
    kind: &str,
    about: Option<(Id, &str, &str)>,
    reason: &str,
    tables: &mut Tables,
) {
    let row = tables
        .events
        .row()
        .id(user)
        .id(user)
        .bigint(number)
        .bigint(at)
        .id(tenant)
        .text(kind);
    let row = row
        .maybe_id(about.map(|(authenticator, _, _)| authenticator))
        .null()
        .null();
    let row = row.maybe_text(about.map(|(_, method, _)| method));
    let row = row
        .maybe_text(about.map(|(_, _, before)| before))
        .text("deactivated");
    let row = row
        .text("ada.admin")
        .text("authn_admin")
        .null()
        .null()
        .text(reason);
    row.maybe_json(Some(r#"{"until": "infinity"}"#)).end();
}
