//! Who is at work: login services on connections of their own, support and administrators through the gateway.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use system_tests::gateway::Gateway;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep_until};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

const LOGIN_SERVICES: usize = 6;
const PEOPLE: usize = 2;

/// Authenticators that are in use all the time, few enough for every row to be written again and again.
const TARGETS: i64 = 300;

const SCREEN: &str = "query Screen($user: UUID!) {
    user(uuid: $user) {
        id
        authenticators {
            nodes { id method status appLabel availableActions contexts { status failures lockedUntil app { id } } }
        }
    }
}";

/// How much is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// The next as soon as the last is answered.
    Unbounded,
    /// So many by all together, as they would come by themselves: who is late catches up.
    PerSecond(f64),
}

/// Whose authenticator, in which app.
#[derive(Clone, Copy)]
struct Target {
    user: Uuid,
    authenticator: Uuid,
    app: Uuid,
}

/// A login service's connection.
struct Service {
    client: Client,
    attempt: Statement,
}

impl Service {
    async fn connect(url: &str, tenant: &str) -> Service {
        let (client, connection) = tokio_postgres::connect(url, NoTls)
            .await
            .expect("a connection");
        tokio::spawn(connection);
        client
            .batch_execute(&format!(
                "set role authn_service; set authn.tenant = '{tenant}'; set authn.actor = 'login'"
            ))
            .await
            .expect("settings");
        let attempt = client
            .prepare("select r.outcome from authn.record_attempt($1, $2, $3, $4) r")
            .await
            .expect("the function");
        Service { client, attempt }
    }

    async fn attempt(&self, target: &Target, right: bool) {
        let outcome = self
            .client
            .query_one(
                &self.attempt,
                &[&target.user, &target.authenticator, &target.app, &right],
            )
            .await
            .expect("an outcome");
        let outcome: &str = outcome.get(0);
        assert!(
            matches!(outcome, "succeeded" | "failed" | "refused"),
            "{outcome}"
        );
    }
}

pub(crate) struct Load {
    tenant: String,
    targets: Vec<Target>,
    services: Vec<Service>,
    gateway: Gateway,
    turn: AtomicUsize,
}

/// What was answered, and how fast.
pub(crate) struct Done {
    took: Duration,
    attempts: Vec<Duration>,
    requests: Vec<Duration>,
}

impl Load {
    pub(crate) async fn new(client: &Client, tenant: &str, url: &str, gateway: Gateway) -> Load {
        let rows = client
            .query(
                "select c.user_id, c.authenticator_id, c.app_id from authn.contexts c
                 where c.method in ('password', 'totp', 'pin', 'sms_otp', 'email_otp', 'passkey') and c.available
                   and c.status in ('registered', 'active')
                 order by c.user_id, c.authenticator_id, c.app_id
                 limit $1",
                &[&TARGETS],
            )
            .await
            .expect("contexts");
        let targets = rows.iter().map(|row| Target {
            user: row.get(0),
            authenticator: row.get(1),
            app: row.get(2),
        });
        let mut services = Vec::new();
        for _ in 0..LOGIN_SERVICES {
            services.push(Service::connect(url, tenant).await);
        }
        Load {
            tenant: tenant.to_owned(),
            targets: targets.collect(),
            services,
            gateway,
            turn: AtomicUsize::new(0),
        }
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Everybody at work for so long.
    pub(crate) async fn run(self: &Arc<Self>, pace: Pace, length: Duration) -> Done {
        let begun = Instant::now();
        let clock = |number: usize| Clock {
            begun,
            end: begun + length,
            interval: match pace {
                Pace::Unbounded => None,
                Pace::PerSecond(rate) => Some(Duration::from_secs_f64(
                    (LOGIN_SERVICES + PEOPLE) as f64 / rate,
                )),
            },
            done: 0,
            number,
        };
        let mut services = JoinSet::new();
        for number in 0..LOGIN_SERVICES {
            services.spawn(Arc::clone(self).log_in(number, clock(number)));
        }
        let mut people = JoinSet::new();
        for number in 0..PEOPLE {
            people.spawn(Arc::clone(self).look(clock(LOGIN_SERVICES + number)));
        }
        Done {
            attempts: services.join_all().await.into_iter().flatten().collect(),
            requests: people.join_all().await.into_iter().flatten().collect(),
            took: begun.elapsed(),
        }
    }

    fn next(&self) -> (usize, Target) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        (turn, self.targets[turn % self.targets.len()])
    }

    /// A login service: of one authenticator in 16 every secret is wrong, of the others one in four.
    async fn log_in(self: Arc<Self>, number: usize, mut clock: Clock) -> Vec<Duration> {
        let mut took = Vec::new();
        while clock.wait().await {
            let (turn, target) = self.next();
            let (round, place) = (turn / self.targets.len(), turn % self.targets.len());
            let right = !place.is_multiple_of(16) && !(round + place).is_multiple_of(4);
            let since = Instant::now();
            self.services[number].attempt(&target, right).await;
            took.push(since.elapsed());
        }
        took
    }

    /// Somebody of support, who looks at screens and unlocks what is locked; now and then somebody is suspended.
    async fn look(self: Arc<Self>, mut clock: Clock) -> Vec<Duration> {
        let support = self.gateway.token(&self.tenant, "support", &[]);
        let admin = self.gateway.token(&self.tenant, "admin", &[]);
        let mut took = Vec::new();
        while clock.wait().await {
            let (load, support, admin) = (Arc::clone(&self), support.clone(), admin.clone());
            let since = Instant::now();
            spawn_blocking(move || load.serve(&support, &admin))
                .await
                .expect("an answer");
            took.push(since.elapsed());
        }
        took
    }

    fn serve(&self, support: &str, admin: &str) {
        let (turn, target) = self.next();
        let screen =
            self.gateway
                .data(support, SCREEN, &json!({ "user": target.user.to_string() }));
        let user = &screen["user"];
        for authenticator in user["authenticators"]["nodes"].as_array().expect("a list") {
            let contexts = authenticator["contexts"].as_array().expect("a list");
            if let Some(locked) = contexts
                .iter()
                .find(|context| context["status"] == "LOCKED")
            {
                let input = json!({
                    "authenticatorId": authenticator["id"], "appId": locked["app"]["id"], "reason": "soak"
                });
                self.act(
                    "authenticatorUnlock",
                    "AuthenticatorUnlockInput",
                    &input,
                    support,
                );
            }
        }
        if turn.is_multiple_of(16) {
            let input = json!({ "userId": user["id"], "reason": "soak" });
            self.act("userSuspend", "UserSuspendInput", &input, admin);
            self.act("userReinstate", "UserReinstateInput", &input, admin);
        }
    }

    fn act(&self, mutation: &str, input_type: &str, input: &serde_json::Value, token: &str) {
        let document = format!(
            "mutation Act($input: {input_type}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let acted = self
            .gateway
            .data(token, &document, &json!({ "input": input }));
        let errors = acted[mutation]["userErrors"].as_array();
        assert!(errors.is_some_and(Vec::is_empty), "{acted}");
    }
}

/// When one of those at work begins something.
struct Clock {
    begun: Instant,
    end: Instant,
    interval: Option<Duration>,
    done: u32,
    number: usize,
}

impl Clock {
    /// Waits until it is time for the next; false at the end.
    async fn wait(&mut self) -> bool {
        if let Some(interval) = self.interval {
            // Not all of them at the same instant.
            let first = interval.mul_f64(self.number as f64 / (LOGIN_SERVICES + PEOPLE) as f64);
            sleep_until(self.begun + first + interval * self.done).await;
        }
        self.done += 1;
        Instant::now() < self.end
    }
}

impl Done {
    pub(crate) fn per_second(&self) -> f64 {
        (self.attempts.len() + self.requests.len()) as f64 / self.took.as_secs_f64()
    }
}

impl Display for Done {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s", self.per_second())?;
        for (what, took) in [("attempts", &self.attempts), ("requests", &self.requests)] {
            let mut sorted = took.clone();
            sorted.sort_unstable();
            let at = |part: f64| {
                let place = (sorted.len() as f64 * part) as usize;
                sorted
                    .get(place)
                    .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
            };
            write!(
                f,
                "; {} {what}, median {:.2} ms, p99 {:.2} ms",
                sorted.len(),
                at(0.5),
                at(0.99)
            )?;
        }
        Ok(())
    }
}
