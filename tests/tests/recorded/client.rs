//! A client that does random things and writes down what it was answered, and when.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use authn_rules::{Instant, Micros, Policy};
use uuid::Uuid;

use crate::setting::{Setting, Target, micros};

/// What was called.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// A verdict, or the completion of a reservation.
    Attempt { attempt: Option<Uuid> },
    /// The beginning of an attempt; what it was given.
    Begin { attempt: Option<Uuid> },
    /// An unlock, a suspension or its end.
    Action,
    /// A policy.
    Configure(Policy),
}

/// One call and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The request id that it sent along.
    pub(crate) request: String,
    pub(crate) what: What,
    pub(crate) invoked: Instant,
    pub(crate) answered: Instant,
    /// The outcome or decision.
    pub(crate) outcome: String,
    pub(crate) failures: Option<i32>,
    pub(crate) locked_until: Option<Instant>,
}

/// One connection.
pub(crate) struct Client {
    setting: Arc<Setting>,
    target: Target,
    connection: tokio_postgres::Client,
    name: String,
    dice: u64,
    /// Attempts begun and not completed yet.
    open: Vec<Uuid>,
    pub(crate) calls: Vec<Call>,
}

/// The clock of the server, which is the one of this machine.
fn now() -> Instant {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    Instant(i64::try_from(since.as_micros()).expect("before the year 294247"))
}

/// The policy that is there before anybody does anything.
pub(crate) async fn first_policy(setting: &Setting, target: Target) -> Vec<Call> {
    let connection = setting.database.connect().await;
    vec![
        configure(
            &connection,
            setting,
            target,
            "first",
            target.policies().remove(0),
        )
        .await,
    ]
}

async fn configure(
    connection: &tokio_postgres::Client,
    setting: &Setting,
    target: Target,
    request: &str,
    policy: Policy,
) -> Call {
    let tiers: Vec<String> = policy
        .tiers
        .iter()
        .map(|tier| {
            let Micros(duration) = tier.duration.expect("a tier that ends");
            format!(
                r#"{{"failures": {}, "duration": "{duration} microseconds"}}"#,
                tier.failures
            )
        })
        .collect();
    let window = policy
        .failures_expire_after
        .map_or("null".to_owned(), |Micros(window)| {
            format!("'{window} microseconds'")
        });
    let statement = format!(
        "select authn.set_lockout_policy('{}', '{}', '[{}]', {window}, {}, reason => '{request}')",
        setting.tenant,
        target.method(),
        tiers.join(", "),
        policy.then_permanent,
    );
    let invoked = now();
    connection
        .batch_execute(&statement)
        .await
        .expect("a policy");
    Call {
        request: request.to_owned(),
        what: What::Configure(policy),
        invoked,
        answered: now(),
        outcome: String::new(),
        failures: None,
        locked_until: None,
    }
}

impl Client {
    pub(crate) async fn new(
        setting: Arc<Setting>,
        target: Target,
        round: usize,
        number: usize,
    ) -> Client {
        Client {
            connection: setting.database.connect().await,
            setting,
            target,
            name: format!("client {number}"),
            dice: (round as u64) << 32 | number as u64,
            open: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// A number below `sides` (splitmix64).
    fn throw(&mut self, sides: usize) -> usize {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.dice;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("small")
    }

    pub(crate) async fn do_something(&mut self) {
        let request = format!("{}, call {}", self.name, self.calls.len());
        self.connection
            .execute(
                "select set_config('authn.request_id', $1, false)",
                &[&request],
            )
            .await
            .expect("a setting");
        let user = self.setting.user;
        match self.throw(60) {
            0..30 => {
                let right = self.throw(6) == 0;
                let call = self.call("record_attempt", &format!(", {right}"));
                self.attempt(request, None, &call).await;
            }
            30..40 => self.begin(request).await,
            40..52 => match self.open.pop() {
                Some(attempt) => {
                    let right = self.throw(4) == 0;
                    let call = format!("authn.complete_attempt('{user}', '{attempt}', {right})");
                    self.attempt(request, Some(attempt), &call).await;
                }
                None => self.begin(request).await,
            },
            // Nobody completes it.
            52 => drop(self.open.pop()),
            53 | 54 => {
                let (method, app) = (self.target.method(), self.setting.apps[0]);
                self.act(
                    request,
                    &format!("authn.unlock('{user}', '{method}', '{app}')"),
                )
                .await;
            }
            55 => {
                self.act(request, &format!("authn.suspend_user('{user}')"))
                    .await
            }
            // More often, so that there is something to see.
            56..59 => {
                self.act(request, &format!("authn.reinstate_user('{user}')"))
                    .await
            }
            _ => {
                let policies = self.target.policies();
                let policy = policies[self.throw(policies.len())].clone();
                let call = configure(
                    &self.connection,
                    &self.setting,
                    self.target,
                    &request,
                    policy,
                )
                .await;
                self.calls.push(call);
            }
        }
    }

    fn call(&mut self, function: &str, more: &str) -> String {
        let app = self.throw(self.setting.apps.len());
        format!(
            "authn.{function}('{}', '{}', '{}'{more})",
            self.setting.user, self.setting.authenticator, self.setting.apps[app]
        )
    }

    async fn attempt(&mut self, request: String, attempt: Option<Uuid>, call: &str) {
        let until = micros("a.locked_until");
        let query = format!("select a.outcome, a.failures, {until} from {call} a");
        let invoked = now();
        let row = self
            .connection
            .query_one(&query, &[])
            .await
            .expect("an answer");
        self.calls.push(Call {
            request,
            what: What::Attempt { attempt },
            invoked,
            answered: now(),
            outcome: row.get(0),
            failures: row.get(1),
            locked_until: row.get::<_, Option<i64>>(2).map(Instant),
        });
    }

    async fn begin(&mut self, request: String) {
        let query = format!(
            "select b.decision, b.attempt_id from {} b",
            self.call("begin_attempt", "")
        );
        let invoked = now();
        let row = self
            .connection
            .query_one(&query, &[])
            .await
            .expect("an answer");
        let attempt: Option<Uuid> = row.get(1);
        self.open.extend(attempt);
        self.calls.push(Call {
            request,
            what: What::Begin { attempt },
            invoked,
            answered: now(),
            outcome: row.get(0),
            failures: None,
            locked_until: None,
        });
    }

    async fn act(&mut self, request: String, call: &str) {
        let invoked = now();
        self.connection
            .batch_execute(&format!("select from {call}"))
            .await
            .expect("an action");
        self.calls.push(Call {
            request,
            what: What::Action,
            invoked,
            answered: now(),
            outcome: String::new(),
            failures: None,
            locked_until: None,
        });
    }
}
