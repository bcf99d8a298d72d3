//! `kill -9` of a server process, and of the whole server, under load: what was acknowledged is there
//! afterwards, the counters are those of the log, and a lock in force is still in force.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use system_tests::cluster::{self, Cluster};
use system_tests::ledger::{COUNTERS_ARE_THE_LOG, NUMBERS_HAVE_NO_GAP};
use system_tests::wait::until;
use tokio::task::JoinSet;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row};
use uuid::Uuid;

const CLIENTS: usize = 16;
const CRASHES: usize = 3;
/// How much is acknowledged before each crash.
const WORK: usize = 150;

/// What a client was told has happened, and the mark that it left there.
type Fact = (String, String);

/// An authenticator, and whose it is.
#[derive(Clone, Debug)]
struct Target {
    user: Uuid,
    authenticator: Uuid,
    method: String,
}

/// Passwords and codes by SMS, and what the clients that attack them share.
struct Load {
    cluster: Cluster,
    app: Uuid,
    attacked: Vec<Target>,
    /// Nobody unlocks it.
    locked_out: Target,
    acknowledged: AtomicUsize,
    over: AtomicBool,
}

impl Load {
    async fn prepare() -> Load {
        let cluster = Cluster::start(&["max_connections=60"]).await;
        let client = cluster.connect().await.expect("a connection");
        let shop = client
            .query_one(
                "select t.id, authn.create_app(t.id, 'Shop') from authn.create_tenant('Acme') t (id)",
                &[],
            )
            .await
            .expect("a tenant with an app");
        let (tenant, app): (Uuid, Uuid) = (shop.get(0), shop.get(1));
        // Longer than the test: what counts are the facts, not the time. Abandoned attempts end within it.
        client
            .execute(
                "select authn.set_lockout_policy($1, m.method, '[{\"failures\": 5, \"duration\": \"1 day\"}]'),
                        authn.set_tenant_settings($1, '{\"reservation_ttl\": \"1 second\"}')
                 from authn.methods m
                 where m.method in ('password', 'sms_otp')",
                &[&tenant],
            )
            .await
            .expect("a policy");
        client
            .execute(
                "select authn.register_authenticator(u.id, 'password', $2)
                 from generate_series(1, 3) n,
                     lateral (select authn.create_user($1, phone => '+49 151 1234567' || n)) u (id)",
                &[&tenant, &app],
            )
            .await
            .expect("users");
        let mut attacked: Vec<Target> = client
            .query(
                "select a.user_id, a.authenticator_id, a.method::text from authn.authenticators a order by 3, 1",
                &[],
            )
            .await
            .expect("authenticators")
            .iter()
            .map(|row| Target {
                user: row.get(0),
                authenticator: row.get(1),
                method: row.get(2),
            })
            .collect();
        assert_eq!(attacked.len(), 6, "three passwords and three codes");
        Load {
            cluster,
            app,
            locked_out: attacked.remove(0),
            attacked,
            acknowledged: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        }
    }

    /// A connection, as soon as the server has recovered.
    async fn recovered(&self) -> Client {
        until("the server has recovered", || async {
            self.cluster.connect().await.ok()
        })
        .await
    }

    /// Waits until the clients were told of more work than they had done when this was called.
    async fn work(&self) {
        let before = self.acknowledged.load(Ordering::Relaxed);
        until("the clients are at work", || async {
            (self.acknowledged.load(Ordering::Relaxed) >= before + WORK).then_some(())
        })
        .await;
    }
}

/// One client with its connection, which it replaces after each crash, and what it was told.
struct Session {
    load: Arc<Load>,
    client: Option<Client>,
    told: Vec<Fact>,
}

/// The server is gone for good, as far as the load is concerned.
struct Over;

impl Session {
    /// The answer to a statement, unless a crash came in between: then whether it happened is unknown.
    async fn ask(
        &mut self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Vec<Row>>, Over> {
        let client = match self.client.take() {
            Some(client) => client,
            None => self.connect().await?,
        };
        match client.query(statement, parameters).await {
            Ok(rows) => {
                self.client = Some(client);
                Ok(Some(rows))
            }
            Err(error) if is_of_a_crash(&error) => Ok(None),
            Err(error) => panic!("{statement}: {error:?}"),
        }
    }

    async fn connect(&self) -> Result<Client, Over> {
        let load = &self.load;
        until("the server is there again", || async move {
            if load.over.load(Ordering::Relaxed) {
                return Some(Err(Over));
            }
            let client = load.cluster.connect().await.ok()?;
            let named = client.batch_execute("set application_name = 'load'").await;
            named.ok().map(|()| Ok(client))
        })
        .await
    }

    fn note(&mut self, what: &str, mark: &str) {
        self.told.push((what.to_owned(), mark.to_owned()));
        self.load.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes an outcome under the mark that its events carry as their user agent.
    fn note_outcome(&mut self, answer: &Row, mark: &str) {
        let outcome: &str = answer.get("outcome");
        if matches!(outcome, "failed" | "succeeded") {
            self.note(&format!("attempt_{outcome}"), mark);
            if answer.get::<_, Option<&str>>("status") == Some("locked") {
                self.note("locked", mark);
            }
        }
    }

    async fn verdict(&mut self, target: &Target, succeeded: bool) -> Result<(), Over> {
        let mark = Uuid::new_v4().to_string();
        let app = self.load.app;
        let answer = self
            .ask(
                "select r.outcome, r.status::text from authn.record_attempt($1, $2, $3, $4, user_agent => $5) r",
                &[&target.user, &target.authenticator, &app, &succeeded, &mark],
            )
            .await?;
        if let Some(rows) = answer {
            self.note_outcome(&rows[0], &mark);
        }
        Ok(())
    }

    /// `None` for the success: begun and abandoned.
    async fn reserve(&mut self, target: &Target, succeeded: Option<bool>) -> Result<(), Over> {
        let mark = Uuid::new_v4().to_string();
        let app = self.load.app;
        let begun = self
            .ask(
                "select b.attempt_id from authn.begin_attempt($1, $2, $3, user_agent => $4) b",
                &[&target.user, &target.authenticator, &app, &mark],
            )
            .await?;
        let Some(attempt) = begun.and_then(|rows| rows[0].get::<_, Option<Uuid>>(0)) else {
            return Ok(());
        };
        self.note("admitted", &attempt.to_string());
        let Some(succeeded) = succeeded else {
            return Ok(());
        };
        // Who does not know whether it was completed asks again: an attempt that was admitted is known for ever.
        loop {
            let completed = self
                .ask(
                    "select c.outcome, c.status::text from authn.complete_attempt($1, $2, $3) c",
                    &[&target.user, &attempt, &succeeded],
                )
                .await?;
            if let Some(rows) = completed {
                self.note_outcome(&rows[0], &mark);
                return Ok(());
            }
        }
    }

    async fn unlock(&mut self, target: &Target) -> Result<(), Over> {
        let mark = Uuid::new_v4().to_string();
        let app = self.load.app;
        let changes = self
            .ask(
                "select from authn.unlock($1, $4::text::authn.method, $2, $3)",
                &[&target.user, &app, &mark, &target.method],
            )
            .await?;
        if changes.is_some_and(|changes| !changes.is_empty()) {
            self.note("unlocked", &mark);
        }
        Ok(())
    }

    /// Everything in turns, on every target, until the server is gone for good.
    async fn attack(mut self, number: usize) -> Vec<Fact> {
        let mut step = number;
        loop {
            step += 1;
            let load = Arc::clone(&self.load);
            let target = &load.attacked[(step / 16 + number) % load.attacked.len()];
            let done = match step % 16 {
                1 | 5 | 9 | 13 => self.verdict(target, false).await,
                2 | 10 => self.verdict(target, true).await,
                3 | 7 | 15 => self.reserve(target, Some(false)).await,
                6 | 14 => self.reserve(target, Some(true)).await,
                11 => self.reserve(target, None).await,
                12 => self.verdict(&load.locked_out, true).await,
                _ => self.unlock(target).await,
            };
            if done.is_err() {
                return mem::take(&mut self.told);
            }
        }
    }
}

/// The connection broke, or the server said that it is on its way down or up.
fn is_of_a_crash(error: &Error) -> bool {
    error
        .code()
        .is_none_or(|state| state.code().starts_with("57P"))
}

/// What disagrees in the tables, each read in one statement and so at one instant.
async fn assert_the_tables_agree(client: &Client) {
    for (claim, exceptions) in [
        NUMBERS_HAVE_NO_GAP,
        COUNTERS_ARE_THE_LOG,
        (
            "no counter is past the lock",
            "select c.user_id::text, c.failures::text from authn_data.contexts c where c.failures > 5",
        ),
        (
            "in flight are the open reservations",
            "select c.user_id::text, c.in_flight::text || ' ' || o.open
             from authn_data.contexts c
             cross join lateral (
                 select count(*) as open
                 from authn_data.reservations r
                 where r.user_id = c.user_id and r.context_id = c.context_id and r.ended_at is null
             ) o
             where c.in_flight <> o.open",
        ),
        (
            "locked is whoever has a lock that nobody lifted",
            "select c.user_id::text, c.locked_until::text
             from authn_data.contexts c
             left join authn_data.locks l
                 on l.user_id = c.user_id and l.context_id = c.context_id and l.ended_at is null
             where c.locked_until is distinct from l.until",
        ),
    ] {
        let exceptions: Vec<(String, String)> = client
            .query(exceptions, &[])
            .await
            .unwrap_or_else(|error| panic!("{claim}: {error:?}"))
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        assert!(exceptions.is_empty(), "{claim}, but not {exceptions:?}");
    }
}

/// Both protocols, with the right secret.
async fn assert_refused(client: &Client, (user, authenticator): (Uuid, Uuid), app: Uuid) {
    let answer = client
        .query_one(
            "select r.outcome, b.decision
             from authn.record_attempt($1, $2, $3, true) r, authn.begin_attempt($1, $2, $3) b",
            &[&user, &authenticator, &app],
        )
        .await
        .expect("an answer");
    assert_eq!(
        (answer.get("outcome"), answer.get("decision")),
        ("refused", "locked")
    );
}

/// What the tables know, in the words of the clients.
async fn durable(client: &Client) -> BTreeSet<Fact> {
    client
        .query(
            "select e.kind::text, coalesce(e.reason, e.user_agent) from authn_data.events e
             where coalesce(e.reason, e.user_agent) is not null
             union
             select 'admitted', r.attempt_id::text from authn_data.reservations r",
            &[],
        )
        .await
        .expect("the log")
        .iter()
        .map(|fact| (fact.get(0), fact.get(1)))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_kill_9() {
    let load = Arc::new(Load::prepare().await);
    let mut victim = Session {
        load: Arc::clone(&load),
        client: None,
        told: Vec::new(),
    };
    for _ in 0..5 {
        assert!(victim.verdict(&load.locked_out, false).await.is_ok());
    }
    let mut told: BTreeSet<Fact> = victim.told.drain(..).collect();
    assert_eq!(told.len(), 6, "five failures and a lock: {told:?}");
    drop(victim);

    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let session = Session {
            load: Arc::clone(&load),
            client: None,
            told: Vec::new(),
        };
        clients.spawn(session.attack(number));
    }

    let locked_out = (load.locked_out.user, load.locked_out.authenticator);
    for _ in 0..CRASHES {
        load.work().await;
        let client = load.recovered().await;
        let process: i32 = client
            .query_one(
                "select pid from pg_stat_activity where application_name = 'load' order by random() limit 1",
                &[],
            )
            .await
            .expect("a client is connected")
            .get(0);
        cluster::kill(process);
        until("the server ends every connection", || async {
            client.is_closed().then_some(())
        })
        .await;
        let client = load.recovered().await;
        assert_the_tables_agree(&client).await;
        assert_refused(&client, locked_out, load.app).await;
    }

    load.work().await;
    load.cluster.crash();
    load.over.store(true, Ordering::Relaxed);
    told.extend(clients.join_all().await.into_iter().flatten());
    let mut load = Arc::into_inner(load).expect("the clients are gone");
    load.cluster.launch();

    let client = load.recovered().await;
    let lost: Vec<Fact> = told.difference(&durable(&client).await).cloned().collect();
    assert!(
        lost.is_empty(),
        "{} of {} lost: {lost:?}",
        lost.len(),
        told.len()
    );
    for kind in [
        "attempt_failed",
        "attempt_succeeded",
        "locked",
        "unlocked",
        "admitted",
    ] {
        assert!(
            told.iter().any(|(told, _)| told == kind),
            "{kind} was tried"
        );
    }
    assert_the_tables_agree(&client).await;
    let locked = client
        .query(
            "select c.user_id, c.authenticator_id from authn_data.contexts c where c.locked_until is not null",
            &[],
        )
        .await
        .expect("the locks");
    assert!(!locked.is_empty(), "the one whom nobody unlocked");
    for user in locked {
        assert_refused(&client, (user.get(0), user.get(1)), load.app).await;
    }
}
