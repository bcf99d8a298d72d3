//! What attempts cost the tables: an attempt updates its row in place, and a refusal only reads. Read from the
//! statistics of a server of one's own, on committed transactions.

use std::collections::BTreeSet;
use std::sync::Arc;

use system_tests::cluster::Cluster;
use system_tests::wait::until;
use system_tests::world::one;
use tokio::task::JoinSet;
use tokio_postgres::Client;
use uuid::Uuid;

const CLIENTS: usize = 8;

/// A user's password in an app.
type Password = (Uuid, Uuid, Uuid);

/// A server where nothing happens that the test does not do, and passwords of as many users.
async fn server_with(users: i32) -> (Cluster, Vec<Password>) {
    let cluster = Cluster::start(&["autovacuum=off", "max_connections=60"]).await;
    let client = cluster.connect().await.expect("a connection");
    let tenant: Uuid = one(&client, "select authn.create_tenant('Acme')", &[]).await;
    let app: Uuid = one(&client, "select authn.create_app($1, 'Shop')", &[&tenant]).await;
    let passwords = client
        .query(
            "select u.id, authn.register_authenticator(u.id, 'password', $2)
             from generate_series(1, $3) n, lateral (select authn.create_user($1, display_name => 'user ' || n)) u (id)",
            &[&tenant, &app, &users],
        )
        .await
        .expect("users")
        .iter()
        .map(|user| (user.get(0), user.get(1), app))
        .collect();
    (cluster, passwords)
}

/// One client per connection, each doing its `work`; what they counted flows into the statistics before it ends.
async fn at_once<F, A>(cluster: &Cluster, work: F) -> BTreeSet<String>
where
    F: Fn(Client, usize) -> A,
    A: Future<Output = (Client, BTreeSet<String>)> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..CLIENTS {
        let client = cluster.connect().await.expect("a connection");
        let work = work(client, number);
        tasks.spawn(async move {
            let (client, outcomes) = work.await;
            client
                .execute("select pg_stat_force_next_flush()", &[])
                .await
                .expect("statistics");
            outcomes
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

async fn verdict(client: &Client, (user, password, app): Password, succeeded: bool) -> String {
    one(
        client,
        "select r.outcome from authn.record_attempt($1, $2, $3, $4) r",
        &[&user, &password, &app, &succeeded],
    )
    .await
}

/// The rows that the tables have been given and have changed so far.
async fn writes(client: &Client) -> i64 {
    one(
        client,
        "select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint from pg_stat_user_tables where schemaname = 'authn_data'",
        &[],
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_updates_its_row_in_place() {
    const ROUNDS: usize = 100;
    let (cluster, passwords) = server_with(20).await;
    let passwords = Arc::new(passwords);
    let outcomes = at_once(&cluster, |client, number| {
        let passwords = Arc::clone(&passwords);
        async move {
            let mut outcomes = BTreeSet::new();
            for round in 0..ROUNDS {
                let user = passwords[(round + number * 7) % passwords.len()];
                outcomes.insert(verdict(&client, user, false).await);
                outcomes.insert(verdict(&client, user, true).await);
                let begun = client
                    .query_one(
                        "select attempt_id from authn.begin_attempt($1, $2, $3)",
                        &[&user.0, &user.1, &user.2],
                    )
                    .await
                    .expect("an answer");
                if let Some(attempt) = begun.get::<_, Option<Uuid>>(0) {
                    client
                        .execute(
                            "select authn.complete_attempt($1, $2, true)",
                            &[&user.0, &attempt],
                        )
                        .await
                        .expect("an answer");
                }
            }
            (client, outcomes)
        }
    })
    .await;
    assert!(
        outcomes.contains("failed") && outcomes.contains("succeeded"),
        "{outcomes:?}"
    );

    let client = cluster.connect().await.expect("a connection");
    let events: i64 = one(
        &client,
        "select count(*) from authn_data.events where kind in ('attempt_failed', 'attempt_succeeded')",
        &[],
    )
    .await;
    assert!(events > 2000, "{events} attempts are too few to tell");
    let client = &client;
    let (updated, in_place) = until("the statistics know of every attempt", || async move {
        let seen = client
            .query_one(
                "select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables
                 where schemaname = 'authn_data' and relname = 'contexts'",
                &[],
            )
            .await
            .expect("statistics");
        let (updated, in_place): (i64, i64) = (seen.get(0), seen.get(1));
        (updated >= events).then_some((updated, in_place))
    })
    .await;
    assert!(
        in_place * 100 >= updated * 95,
        "{in_place} of {updated} updates were heap-only"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_refusals_only_reads() {
    const REFUSALS: usize = 10_000;
    // The first refusal is written, the others are counted now and then.
    const WRITES: i64 = 500;
    let (cluster, passwords) = server_with(1).await;
    let user = passwords[0];
    let client = cluster.connect().await.expect("a connection");
    for _ in 0..5 {
        assert_eq!(verdict(&client, user, false).await, "failed");
    }
    assert_eq!(verdict(&client, user, false).await, "refused");
    client
        .execute("select pg_stat_force_next_flush()", &[])
        .await
        .expect("statistics");
    client
        .batch_execute("checkpoint")
        .await
        .expect("a checkpoint");
    let client = &client;
    until("the statistics know of the lock", || async move {
        (writes(client).await > 10).then_some(())
    })
    .await;
    let measure = async || {
        let seen = client
            .query_one(
                "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                        (pg_current_wal_insert_lsn() - '0/0')::bigint",
                &[],
            )
            .await
            .expect("the state of the server");
        (
            seen.get::<_, i64>(0),
            seen.get::<_, i64>(1),
            writes(client).await,
        )
    };

    let (xid, wal, rows) = measure().await;
    let outcomes = at_once(&cluster, |client, _| async move {
        let mut outcomes = BTreeSet::new();
        for round in 0..REFUSALS / CLIENTS / 2 {
            outcomes.insert(verdict(&client, user, round % 2 == 0).await);
            outcomes.insert(
                one(
                    &client,
                    "select decision from authn.begin_attempt($1, $2, $3)",
                    &[&user.0, &user.1, &user.2],
                )
                .await,
            );
        }
        (client, outcomes)
    })
    .await;
    assert_eq!(
        outcomes,
        BTreeSet::from(["locked".to_owned(), "refused".to_owned()])
    );
    // What the clients counted is in the statistics once their reads are.
    until("the statistics know of every refusal", || async move {
        let reads: i64 = one(
            client,
            "select idx_scan + seq_scan from pg_stat_user_tables where schemaname = 'authn_data' and relname = 'contexts'",
            &[],
        )
        .await;
        (reads >= i64::try_from(REFUSALS).expect("small")).then_some(())
    })
    .await;

    let (xid_after, wal_after, rows_after) = measure().await;
    assert!(
        xid_after - xid <= WRITES,
        "{} transaction ids",
        xid_after - xid
    );
    assert!(rows_after - rows <= WRITES, "{} rows", rows_after - rows);
    assert!(
        wal_after - wal <= WRITES * 2048,
        "{} bytes of WAL",
        wal_after - wal
    );
}
