//! The central promise, on real connections: never more than N wrong guesses are answered, whatever
//! arrives at once. The oracle is a sequence, which survives rollback, not the product's own counters.

use std::sync::Arc;

use system_tests::database::Database;
use tokio::sync::{Barrier, Mutex};
use tokio::task::JoinSet;
use tokio_postgres::Client;
use uuid::Uuid;

const CLIENTS: usize = 64;
const GUESSES_PER_CLIENT: usize = 3;
const ROUNDS: usize = 5;

/// One burst at a time: the cluster has connections for one.
static BURST: Mutex<()> = Mutex::const_new(());

/// A user with a password and an SMS code, in a tenant with three apps.
struct World {
    database: Database,
    apps: Vec<Uuid>,
    user: Uuid,
    password: Uuid,
    sms: Uuid,
}

impl World {
    async fn new() -> World {
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
        World {
            database,
            apps,
            user,
            password,
            sms,
        }
    }

    /// Runs `attempt` on every client at once and collects what each answered.
    async fn at_once<F, A>(&self, clients: usize, attempt: F) -> Vec<String>
    where
        F: Fn(Client, usize) -> A + Send + Sync + 'static,
        A: Future<Output = Vec<String>> + Send + 'static,
    {
        let _alone = BURST.lock().await;
        let attempt = Arc::new(attempt);
        let gun = Arc::new(Barrier::new(clients));
        let mut tasks = JoinSet::new();
        for number in 0..clients {
            let client = self.database.connect().await;
            let (attempt, gun) = (Arc::clone(&attempt), Arc::clone(&gun));
            tasks.spawn(async move {
                gun.wait().await;
                attempt(client, number).await
            });
        }
        tasks.join_all().await.concat()
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_wrong_passwords_is_answered_five_times() {
    let world = World::new().await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    for round in 1..=ROUNDS {
        let outcomes = world
            .at_once(CLIENTS, move |client, _| async move {
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
        assert_eq!(
            world.number("select last_value from public.answered").await,
            i64::try_from(5 * round).expect("small"),
            "the oracle agrees in round {round}"
        );
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
    let world = World::new().await;
    let (user, sms, apps) = (world.user, world.sms, Arc::new(world.apps.clone()));
    for round in 1..=ROUNDS {
        let apps = Arc::clone(&apps);
        let outcomes = world
            .at_once(CLIENTS, move |client, number| {
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
        unlock(&world, "sms_otp").await;
    }
    assert_the_log_has_no_gap(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_five_attempts_are_in_flight() {
    let world = World::new().await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    for round in 1..=ROUNDS {
        let decisions = world
            .at_once(CLIENTS, move |client, _| async move {
                let attempt = client
                    .query_one(
                        "select decision, attempt_id from authn.begin_attempt($1, $2, $3)",
                        &[&user, &password, &app],
                    )
                    .await
                    .expect("an answer");
                let decision: String = attempt.get(0);
                let outcome = match attempt.get::<_, Option<Uuid>>(1) {
                    Some(attempt) => {
                        one::<String>(
                            &client,
                            "select outcome from authn.complete_attempt($1, $2, false)",
                            &[&user, &attempt],
                        )
                        .await
                    }
                    None => decision,
                };
                vec![outcome]
            })
            .await;
        assert!(
            count(&decisions, "failed") <= 5,
            "round {round}: no more than five were verified: {decisions:?}"
        );
        let others = count(&decisions, "busy") + count(&decisions, "locked");
        assert_eq!(
            others + count(&decisions, "failed"),
            CLIENTS,
            "round {round}"
        );
        unlock(&world, "password").await;
    }
    assert_the_log_has_no_gap(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_valid_logins_at_once_all_pass() {
    let world = World::new().await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let outcomes = world
        .at_once(50, move |client, _| async move {
            let mut outcomes = Vec::new();
            for _ in 0..4 {
                outcomes.push(guess(&client, user, password, app, true).await);
            }
            outcomes
        })
        .await;
    assert_eq!(count(&outcomes, "succeeded"), 200);
    assert_eq!(
        world.number("select count(*) from authn_data.locks").await,
        0
    );
    assert_the_log_has_no_gap(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_valid_logins_by_reservation_all_pass() {
    let world = World::new().await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let outcomes = world
        .at_once(50, move |client, _| async move {
            let mut outcomes = Vec::new();
            while outcomes.len() < 4 {
                let attempt = client
                    .query_one(
                        "select decision, attempt_id from authn.begin_attempt($1, $2, $3)",
                        &[&user, &password, &app],
                    )
                    .await
                    .expect("an answer");
                // Busy is answered at once and may be asked again; locked would be a broken promise.
                match attempt.get::<_, &str>(0) {
                    "busy" => continue,
                    "admitted" => outcomes.push(
                        one::<String>(
                            &client,
                            "select outcome from authn.complete_attempt($1, $2, true)",
                            &[&user, &attempt.get::<_, Uuid>(1)],
                        )
                        .await,
                    ),
                    other => outcomes.push(other.to_owned()),
                }
            }
            outcomes
        })
        .await;
    assert_eq!(count(&outcomes, "succeeded"), 200);
    assert_eq!(
        world.number("select count(*) from authn_data.locks").await,
        0
    );
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
