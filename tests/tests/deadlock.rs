//! Whoever changes several rows takes them in the same order as everybody else.

use system_tests::world::{World, assert_the_log_has_no_gap, count, guess};
use uuid::Uuid;

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

/// Bulk actions take the rows of many users, each user's as an attempt takes them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_and_bulk_actions_wait_for_each_other_and_never_deadlock() {
    let world = World::new(16).await;
    let client = world.database.connect().await;
    client
        .batch_execute(
            "select authn.create_user(t.tenant_id, 'u' || n || '@example.com')
             from authn.tenants t, generate_series(1, 8) n",
        )
        .await
        .expect("users");
    let codes = client
        .query(
            "select a.user_id, a.authenticator_id from authn.authenticators a where a.method = 'email_otp'",
            &[],
        )
        .await
        .expect("codes");
    let codes: Vec<(Uuid, Uuid)> = codes.iter().map(|row| (row.get(0), row.get(1))).collect();
    let app = world.apps[0];

    let outcomes = world
        .at_once(move |client, number| {
            let codes = codes.clone();
            async move {
                let mut outcomes = Vec::new();
                for round in 0..10 {
                    let (user, code) = codes[(number + round) % codes.len()];
                    if number % 4 != 0 {
                        outcomes.push(guess(&client, user, code, app, round % 5 == 0).await);
                        continue;
                    }
                    client
                        .batch_execute(
                            "select count(*) from authn.tenants t,
                                 authn.bulk_unlock(t.tenant_id, '{\"method\": \"email_otp\"}', 'test', false);
                             with done as (
                                 select d.batch_id from authn.tenants t,
                                     authn.bulk_deactivate(t.tenant_id, '{\"method\": \"email_otp\"}', 'test', dry_run => false) d
                             )
                             select count(*) from authn.tenants t, (select distinct d.batch_id from done d) d,
                                 authn.undo_batch(t.tenant_id, d.batch_id, 'test')",
                        )
                        .await
                        .expect("bulk actions");
                }
                outcomes
            }
        })
        .await;
    assert_eq!(
        count(&outcomes, "succeeded") + count(&outcomes, "failed") + count(&outcomes, "refused"),
        12 * 10
    );
    assert_the_log_has_no_gap(&world).await;
}
