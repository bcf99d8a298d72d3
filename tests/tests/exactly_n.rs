//! The central promise, on real connections: never more than N wrong guesses are answered, whatever
//! arrives at once. The oracle is a sequence, which survives rollback, not the product's own counters:
//! a guess counts where it is answered (verdict) or where its verifier may run (reservation).

use std::sync::Arc;

use system_tests::database::Database;
use system_tests::world::{
    World, assert_the_log_has_no_gap, complete, count, guess, one, reserve, unlock, verify,
};
use tokio::task::JoinSet;
use uuid::Uuid;

const CLIENTS: usize = 64;
const GUESSES_PER_CLIENT: usize = 3;
const ROUNDS: usize = 12;

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
