//! The central promise, on real connections: never more than N wrong guesses are answered, whatever
//! arrives at once. The oracle is a sequence, which survives rollback, not the product's own counters:
//! a guess counts where it is answered (verdict) or where its verifier may run (reservation).

use std::sync::Arc;

use system_tests::database::Database;
use tokio::sync::{Barrier, Mutex, MutexGuard};
use tokio::task::JoinSet;
use tokio_postgres::Client;
use uuid::Uuid;

const CLIENTS: usize = 64;
const GUESSES_PER_CLIENT: usize = 3;
const ROUNDS: usize = 12;
const VALID_LOGINS: usize = 200;

/// One world at a time: the cluster has connections for one.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A user with a password and an SMS code, in a tenant with three apps; and who is after them.
struct World {
    clients: Vec<Arc<Client>>,
    database: Database,
    apps: Vec<Uuid>,
    user: Uuid,
    password: Uuid,
    sms: Uuid,
    _alone: MutexGuard<'static, ()>,
}

impl World {
    async fn new(clients: usize) -> World {
        let alone = ALONE.lock().await;
        let database = Database::empty();
        let client = database.connect().await;
        client
            .batch_execute("create sequence public.answered")
            .await
            .expect("the oracle");
        let tenant: Uuid = one(&client, "select authn.create_tenant('Acme')", &[]).await;
        let mut apps = Vec::new();
        for name in ["Shop", "Wallet", "Desk"] {
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
            "select authn.create_user($1, 'ana@example.com', '+49 151 1234567', 'Ana')",
            &[&tenant],
        )
        .await;
        let password: Uuid = one(
            &client,
            "select authn.register_authenticator($1, 'password', $2)",
            &[&user, &apps[0]],
        )
        .await;
        let sms: Uuid = one(
            &client,
            "select authenticator_id from authn.authenticators where user_id = $1 and method = 'sms_otp'",
            &[&user],
        )
        .await;
        let mut connections = Vec::new();
        for _ in 0..clients {
            connections.push(Arc::new(database.connect().await));
        }
        World {
            clients: connections,
            database,
            apps,
            user,
            password,
            sms,
            _alone: alone,
        }
    }

    /// Runs `attempt` on every client at once and collects what each answered.
    async fn at_once<F, A>(&self, attempt: F) -> Vec<String>
    where
        F: Fn(Arc<Client>, usize) -> A + Send + Sync + 'static,
        A: Future<Output = Vec<String>> + Send + 'static,
    {
        let attempt = Arc::new(attempt);
        let gun = Arc::new(Barrier::new(self.clients.len()));
        let mut tasks = JoinSet::new();
        for (client, number) in self.clients.iter().cloned().zip(0..) {
            let (attempt, gun) = (Arc::clone(&attempt), Arc::clone(&gun));
            tasks.spawn(async move {
                gun.wait().await;
                attempt(client, number).await
            });
        }
        tasks.join_all().await.concat()
    }

    /// What the oracle has counted since it was asked last.
    async fn counted(&self) -> i64 {
        let client = self.database.connect().await;
        let counted: i64 = one(
            &client,
            "select case when is_called then last_value else 0 end from public.answered",
            &[],
        )
        .await;
        client
            .batch_execute("alter sequence public.answered restart")
            .await
            .expect("the oracle");
        counted
    }

    async fn number(&self, query: &str) -> i64 {
        one(&self.database.connect().await, query, &[]).await
    }
}

async fn one<T>(
    client: &Client,
    query: &str,
    parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> T
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    client
        .query_one(query, parameters)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error:?}"))
        .get(0)
}

/// The outcome of one verdict; the oracle counts it if it answered the guess.
async fn guess(
    client: &Client,
    user: Uuid,
    authenticator: Uuid,
    app: Uuid,
    succeeded: bool,
) -> String {
    one(
        client,
        "select r.outcome || case when r.outcome in ('failed', 'succeeded')
                                  then left(nextval('public.answered')::text, 0) else '' end
         from authn.record_attempt($1, $2, $3, $4) r",
        &[&user, &authenticator, &app, &succeeded],
    )
    .await
}

/// The id of an attempt that was admitted, or why it was not.
async fn reserve(
    client: &Client,
    user: Uuid,
    authenticator: Uuid,
    app: Uuid,
) -> Result<Uuid, String> {
    let attempt = client
        .query_one(
            "select decision, attempt_id from authn.begin_attempt($1, $2, $3)",
            &[&user, &authenticator, &app],
        )
        .await
        .expect("an answer");
    attempt.get::<_, Option<Uuid>>(1).ok_or(attempt.get(0))
}

/// Verification between begin and complete: what the oracle counts is that it runs at all.
async fn verify(client: &Client) {
    one::<i64>(client, "select nextval('public.answered')", &[]).await;
}

async fn complete(client: &Client, user: Uuid, attempt: Uuid, succeeded: bool) -> String {
    one(
        client,
        "select outcome from authn.complete_attempt($1, $2, $3)",
        &[&user, &attempt, &succeeded],
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_wrong_passwords_is_answered_five_times() {
    let world = World::new(CLIENTS).await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    for round in 1..=ROUNDS {
        let outcomes = world
            .at_once(move |client, _| async move {
                let mut outcomes = Vec::new();
                for _ in 0..GUESSES_PER_CLIENT {
                    outcomes.push(guess(&client, user, password, app, false).await);
                }
                outcomes
            })
            .await;
        assert_eq!(count(&outcomes, "failed"), 5, "round {round}");
        assert_eq!(
            count(&outcomes, "refused"),
            CLIENTS * GUESSES_PER_CLIENT - 5,
            "round {round}"
        );
        assert_eq!(world.counted().await, 5, "the oracle in round {round}");
        unlock(&world, "password").await;
    }
    assert_eq!(
        world
            .number("select count(*) from authn_data.events where kind = 'locked'")
            .await,
        i64::try_from(ROUNDS).expect("small"),
        "one lock event per crossing"
    );
    assert_the_log_has_no_gap(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_attacked_through_every_app_at_once_is_answered_three_times() {
    let world = World::new(CLIENTS).await;
    let (user, sms, apps) = (world.user, world.sms, Arc::new(world.apps.clone()));
    for round in 1..=ROUNDS {
        let apps = Arc::clone(&apps);
        let outcomes = world
            .at_once(move |client, number| {
                let app = apps[number % apps.len()];
                async move {
                    let mut outcomes = Vec::new();
                    for _ in 0..GUESSES_PER_CLIENT {
                        outcomes.push(guess(&client, user, sms, app, false).await);
                    }
                    outcomes
                }
            })
            .await;
        assert_eq!(count(&outcomes, "failed"), 3, "round {round}");
        assert_eq!(world.counted().await, 3, "the oracle in round {round}");
        unlock(&world, "sms_otp").await;
    }
    assert_the_log_has_no_gap(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_five_wrong_passwords_are_verified_after_a_reservation() {
    let world = World::new(CLIENTS).await;
    let apps = vec![world.apps[0]];
    attack_by_reservation(&world, world.password, &apps, "password", 5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_three_wrong_codes_are_verified_after_a_reservation_in_any_app() {
    let world = World::new(CLIENTS).await;
    attack_by_reservation(&world, world.sms, &world.apps, "sms_otp", 3).await;
}

/// Every client begins an attempt, verifies where it was admitted, and completes it as wrong; who was
/// told that everybody is busy asks again, until the lock says no.
async fn attack_by_reservation(
    world: &World,
    authenticator: Uuid,
    apps: &[Uuid],
    method: &str,
    most: i64,
) {
    let user = world.user;
    for round in 1..=ROUNDS {
        let apps = apps.to_vec();
        let outcomes = world
            .at_once(move |client, number| {
                let app = apps[number % apps.len()];
                async move {
                    let mut outcomes = Vec::new();
                    while outcomes.len() < GUESSES_PER_CLIENT {
                        match reserve(&client, user, authenticator, app).await {
                            Ok(attempt) => {
                                verify(&client).await;
                                outcomes.push(complete(&client, user, attempt, false).await);
                            }
                            Err(decision) if decision == "busy" => {}
                            Err(decision) => outcomes.push(decision),
                        }
                    }
                    outcomes
                }
            })
            .await;
        assert_eq!(world.counted().await, most, "the oracle in round {round}");
        let failed = count(&outcomes, "failed");
        assert_eq!(i64::try_from(failed), Ok(most), "round {round}");
        assert_eq!(
            count(&outcomes, "locked"),
            CLIENTS * GUESSES_PER_CLIENT - failed,
            "round {round}"
        );
        unlock(world, method).await;
    }
    assert_the_log_has_no_gap(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_protocols_together_give_no_more_guesses_than_one() {
    let world = World::new(CLIENTS).await;
    let (user, sms) = (world.user, world.sms);
    for round in 1..=ROUNDS {
        let apps = world.apps.clone();
        let outcomes = world
            .at_once(move |client, number| {
                let app = apps[number % apps.len()];
                async move {
                    loop {
                        let outcome = if number % 2 == 0 {
                            guess(&client, user, sms, app, false).await
                        } else {
                            match reserve(&client, user, sms, app).await {
                                Ok(attempt) => {
                                    verify(&client).await;
                                    complete(&client, user, attempt, false).await
                                }
                                Err(decision) => decision,
                            }
                        };
                        if outcome != "busy" {
                            return vec![outcome];
                        }
                    }
                }
            })
            .await;
        assert_eq!(world.counted().await, 3, "the oracle in round {round}");
        assert_eq!(count(&outcomes, "failed"), 3, "round {round}");
        unlock(&world, "sms_otp").await;
    }
    assert_the_log_has_no_gap(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_valid_logins_at_once_all_pass() {
    let world = World::new(VALID_LOGINS).await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let outcomes = world
        .at_once(
            move |client, _| async move { vec![guess(&client, user, password, app, true).await] },
        )
        .await;
    assert_all_passed(&world, &outcomes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_valid_logins_by_reservation_all_pass() {
    let world = World::new(VALID_LOGINS).await;
    let (user, sms, apps) = (world.user, world.sms, world.apps.clone());
    let outcomes = world
        .at_once(move |client, number| {
            let app = apps[number % apps.len()];
            async move {
                loop {
                    // Busy is answered at once and may be asked again; locked would be a broken promise.
                    match reserve(&client, user, sms, app).await {
                        Ok(attempt) => return vec![complete(&client, user, attempt, true).await],
                        Err(decision) if decision == "busy" => {}
                        Err(decision) => return vec![decision],
                    }
                }
            }
        })
        .await;
    assert_all_passed(&world, &outcomes).await;
}

async fn assert_all_passed(world: &World, outcomes: &[String]) {
    assert_eq!(count(outcomes, "succeeded"), VALID_LOGINS);
    let locks = "select count(*) from authn_data.locks";
    assert_eq!(world.number(locks).await, 0);
    assert_the_log_has_no_gap(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_migrations_at_once_both_answer_the_version() {
    let database = Arc::new(Database::without_storage());
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let client = database.connect().await;
        tasks.spawn(async move { one::<String>(&client, "select authn.migrate()", &[]).await });
    }
    let versions = tasks.join_all().await;
    assert!(
        versions.iter().all(|version| version == &versions[0]),
        "{versions:?}"
    );
}

fn count(outcomes: &[String], outcome: &str) -> usize {
    outcomes.iter().filter(|other| *other == outcome).count()
}

async fn unlock(world: &World, method: &str) {
    world
        .database
        .connect()
        .await
        .execute(
            "select authn.unlock($1, $2::text::authn.method, $3)",
            &[&world.user, &method, &world.apps[0]],
        )
        .await
        .expect("an unlock");
}

/// Each domain's events are numbered 1, 2, 3, … up to the number that the domain remembers.
async fn assert_the_log_has_no_gap(world: &World) {
    let broken = world
        .number(
            "select count(*)
             from authn_data.contexts c
             left join (
                 select e.user_id, e.domain_id, count(*) as events, max(e.number) as latest
                 from authn_data.events e
                 group by e.user_id, e.domain_id
             ) l on l.user_id = c.user_id and l.domain_id = c.context_id
             where (coalesce(l.events, 0), coalesce(l.latest, 0)) <> (c.event_number, c.event_number)",
        )
        .await;
    assert_eq!(broken, 0, "the log of a domain has a gap");
}
