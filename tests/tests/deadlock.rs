//! Whoever changes several rows takes them in the same order as everybody else.

use system_tests::world::{World, count, guess};

/// An attempt with a global authenticator changes the tenant-wide row and the app's; an unlock takes them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_and_unlocks_of_a_code_wait_for_each_other_and_never_deadlock() {
    let world = World::new(24).await;
    let (user, sms, apps) = (world.user, world.sms, world.apps.clone());
    let client = world.database.connect().await;
    // The last by its key, so that who goes by the key alone takes it last.
    client
        .execute(
            "update authn_data.contexts c
             set context_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
             where c.user_id = $1 and c.authenticator_id = $2 and c.app_id is null",
            &[&user, &sms],
        )
        .await
        .expect("a key");
    for &app in &apps {
        assert_eq!(guess(&client, user, sms, app, true).await, "succeeded");
    }

    let outcomes = world
        .at_once(move |client, number| {
            let app = apps[number % apps.len()];
            async move {
                let mut outcomes = Vec::new();
                for round in 0..20 {
                    if number % 2 == 0 {
                        outcomes.push(guess(&client, user, sms, app, round % 2 == 0).await);
                    } else {
                        client
                            .execute("select authn.unlock($1, 'sms_otp', $2)", &[&user, &app])
                            .await
                            .expect("an unlock");
                    }
                }
                outcomes
            }
        })
        .await;
    assert_eq!(
        count(&outcomes, "succeeded") + count(&outcomes, "failed") + count(&outcomes, "refused"),
        12 * 20
    );
}
