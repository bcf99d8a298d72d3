//! The world in the database, driven through the public functions.

use authn_reference::{App, Authenticator, Block, Device, Method, Step};
use authn_rules::{Instant, Micros, Policy};
use serde_json::Value;
use system_tests::database::Database;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// A user like the one of the reference, on a connection of its own.
pub(crate) struct Product {
    client: Client,
    tenant: Uuid,
    user: Uuid,
    apps: Vec<Uuid>,
    devices: Vec<Uuid>,
    authenticators: Vec<Uuid>,
    begun: Vec<Uuid>,
}

impl Product {
    /// Everything registered at `at`.
    pub(crate) async fn new(database: &Database, at: Instant) -> Product {
        let client = database.connect().await;
        let clock = "select set_config('test.clock', public.instant($1)::text, false)";
        client.execute(clock, &[&at.0]).await.expect("a clock");
        let tenant: Uuid = one(&client, "select authn.create_tenant('Acme')", &[]).await;
        let mut apps = Vec::new();
        for app in App::ALL {
            let name = app.name();
            apps.push(
                one(
                    &client,
                    "select authn.create_app($1, $2)",
                    &[&tenant, &name],
                )
                .await,
            );
        }
        let user: Uuid = one(
            &client,
            "select authn.create_user($1, null, '+49 151 1234567', 'Ana')",
            &[&tenant],
        )
        .await;
        let mut devices = Vec::new();
        for device in Device::ALL {
            let name = device.name();
            devices.push(
                one(
                    &client,
                    "select authn.create_device($1, $2)",
                    &[&user, &name],
                )
                .await,
            );
        }
        let mut product = Product {
            client,
            tenant,
            user,
            apps,
            devices,
            authenticators: Vec::new(),
            begun: Vec::new(),
        };
        for authenticator in Authenticator::ALL {
            let mut id = None;
            for app in authenticator.first_apps() {
                let register = product.register(authenticator, Some(*app));
                id = Some(one(&product.client, &register, &[]).await);
            }
            let id = match id {
                Some(id) => id,
                None => one(&product.client, &product.register(authenticator, None), &[]).await,
            };
            product.authenticators.push(id);
        }
        product
    }

    /// Begins a history: nothing of it stays.
    pub(crate) async fn begin(&mut self) {
        self.begun.clear();
        // What the last one left, if it did not come to its end.
        self.execute("rollback; begin").await;
    }

    /// Ends a history.
    pub(crate) async fn roll_back(&self) {
        self.execute("rollback").await;
    }

    async fn execute(&self, statement: &str) {
        self.client
            .batch_execute(statement)
            .await
            .expect("a transaction");
    }

    /// Does one thing; answers the reply and what a reader sees after it.
    pub(crate) async fn step(&mut self, at: Instant, step: &Step) -> Value {
        let query = "select public.step($1, $2, $3)::text";
        let statement = self.statement(at, step);
        let text: String = one(&self.client, query, &[&self.user, &at.0, &statement]).await;
        let mut answer = self.named(text);
        if let Step::Begin(..) = step
            && let Some(Value::Object(begun)) = answer["reply"].get_mut(0)
            && let Some(Value::String(id)) = begun.remove("attempt_id")
        {
            self.begun.push(id.parse().expect("an id"));
        }
        answer
    }

    /// The audit trail: what was written, by whose number it carries, and what is derived.
    pub(crate) async fn trail(&self) -> Value {
        let query = "select public.trail($1)::text";
        self.named(one(&self.client, query, &[&self.user]).await)
    }

    /// Ids as the names that the reference gives them.
    fn named(&self, mut text: String) -> Value {
        for (id, app) in self.apps.iter().zip(App::ALL) {
            text = text.replace(&id.to_string(), app.name());
        }
        for (id, authenticator) in self.authenticators.iter().zip(Authenticator::ALL) {
            text = text.replace(&id.to_string(), authenticator.name());
        }
        serde_json::from_str(&text).expect("JSON")
    }

    fn app(&self, app: App) -> String {
        format!("'{}'", self.apps[app as usize])
    }

    fn app_or_null(&self, app: Option<App>) -> String {
        app.map_or("null".to_owned(), |app| self.app(app))
    }

    fn authenticator(&self, authenticator: Authenticator) -> String {
        format!("'{}'", self.authenticators[authenticator as usize])
    }

    fn register(&self, authenticator: Authenticator, app: Option<App>) -> String {
        let device = authenticator.device().map_or("null".to_owned(), |device| {
            format!("'{}'", self.devices[device as usize])
        });
        format!(
            "select authn.register_authenticator('{}', '{}', {}, {device})",
            self.user,
            authenticator.method().name(),
            self.app_or_null(app),
        )
    }

    fn statement(&self, at: Instant, step: &Step) -> String {
        let user = self.user;
        match step {
            Step::Attempt(authenticator, app, right) => attempt(&format!(
                "authn.record_attempt('{user}', {}, {}, {right})",
                self.authenticator(*authenticator),
                self.app(*app),
            )),
            Step::Begin(authenticator, app) => format!(
                "select b.decision, b.attempt_id, public.tick(b.retry_at) as retry_at
                 from authn.begin_attempt('{user}', {}, {}) b",
                self.authenticator(*authenticator),
                self.app(*app),
            ),
            Step::Complete(number, right) => attempt(&format!(
                "authn.complete_attempt('{user}', '{}', {right})",
                self.begun[*number],
            )),
            Step::Unlock(method, app, cause) => changes(&format!(
                "authn.unlock('{user}', '{}', {}, cause => '{}')",
                method.name(),
                self.app(*app),
                cause.name(),
            )),
            Step::UnlockAuthenticator(authenticator, app, cause) => changes(&format!(
                "authn.unlock_authenticator('{user}', {}, {}, cause => '{}')",
                self.authenticator(*authenticator),
                self.app(*app),
                cause.name(),
            )),
            Step::Block(block, duration) => {
                let until = duration.map_or("null".to_owned(), |duration| {
                    format!("public.instant({})", at.plus(duration).0)
                });
                changes(&match block {
                    Block::User => format!("authn.suspend_user('{user}', {until})"),
                    Block::Device(device) => format!(
                        "authn.deactivate_device('{user}', '{}', {until})",
                        self.devices[*device as usize],
                    ),
                    Block::Everywhere(authenticator) => format!(
                        "authn.deactivate_authenticator('{user}', {}, null, {until})",
                        self.authenticator(*authenticator),
                    ),
                    Block::Here(authenticator, app) => format!(
                        "authn.deactivate_authenticator('{user}', {}, {}, {until})",
                        self.authenticator(*authenticator),
                        self.app(*app),
                    ),
                })
            }
            Step::Unblock(block) => changes(&match block {
                Block::User => format!("authn.reinstate_user('{user}')"),
                Block::Device(device) => format!(
                    "authn.reactivate_device('{user}', '{}')",
                    self.devices[*device as usize],
                ),
                Block::Everywhere(authenticator) => format!(
                    "authn.reactivate_authenticator('{user}', {})",
                    self.authenticator(*authenticator),
                ),
                Block::Here(authenticator, app) => format!(
                    "authn.reactivate_authenticator('{user}', {}, {})",
                    self.authenticator(*authenticator),
                    self.app(*app),
                ),
            }),
            Step::Register(authenticator, app) => self.register(*authenticator, *app),
            Step::Remove(authenticator, app) => changes(&format!(
                "authn.remove_authenticator('{user}', {}, {})",
                self.authenticator(*authenticator),
                self.app_or_null(*app),
            )),
            Step::Offer(app, method, offered) => format!(
                "select authn.{}({}, '{}')",
                if *offered {
                    "enable_method"
                } else {
                    "disable_method"
                },
                self.app(*app),
                method.name(),
            ),
            Step::Configure(method, app, Some(policy)) => self.set_policy(*method, *app, policy),
            Step::Configure(method, app, None) => format!(
                "select authn.unset_lockout_policy('{}', '{}', {})",
                self.tenant,
                method.name(),
                self.app_or_null(*app),
            ),
            Step::Cap(cap) => self.setting(&format!(r#"{{"hard_cap": {cap}}}"#)),
            Step::TimeToLive(duration) => self.setting(&format!(
                r#"{{"reservation_ttl": "{} microseconds"}}"#,
                duration.0
            )),
        }
    }

    fn setting(&self, settings: &str) -> String {
        format!(
            "select authn.set_tenant_settings('{}', '{settings}')",
            self.tenant
        )
    }

    fn set_policy(&self, method: Method, app: Option<App>, policy: &Policy) -> String {
        let tiers: Vec<String> = policy
            .tiers
            .iter()
            .map(|tier| {
                let duration = tier.duration.map_or(String::new(), |Micros(duration)| {
                    format!(r#", "duration": "{duration} microseconds""#)
                });
                format!(r#"{{"failures": {}{duration}}}"#, tier.failures)
            })
            .collect();
        let window = policy
            .failures_expire_after
            .map_or("null".to_owned(), |Micros(window)| {
                format!("'{window} microseconds'")
            });
        format!(
            "select authn.set_lockout_policy('{}', '{}', '[{}]', {window}, {}, {})",
            self.tenant,
            method.name(),
            tiers.join(", "),
            policy.then_permanent,
            self.app_or_null(app),
        )
    }
}

fn attempt(call: &str) -> String {
    format!(
        "select a.outcome, a.status, a.failures, public.tick(a.locked_until) as locked_until from {call} a"
    )
}

fn changes(call: &str) -> String {
    format!(
        "select c.authenticator_id as authenticator, c.app_id as app, c.status_before as before, c.status_after as after
         from {call} c"
    )
}

async fn one<T>(client: &Client, query: &str, parameters: &[&(dyn ToSql + Sync)]) -> T
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    client
        .query_one(query, parameters)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error:?}"))
        .get(0)
}
