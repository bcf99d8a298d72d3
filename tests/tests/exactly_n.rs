//! The central promise, on real connections: never more than N wrong guesses are answered, whatever
//! arrives at once. The oracle is a sequence, which survives rollback, not the product's own counters.

use std::sync::Arc;

use system_tests::database::Database;
use system_tests::world::{World, assert_the_log_has_no_gap, count, guess, one, unlock};
use tokio::task::JoinSet;
use uuid::Uuid;

const CLIENTS: usize = 64;
const GUESSES_PER_CLIENT: usize = 3;
const ROUNDS: usize = 5;

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
