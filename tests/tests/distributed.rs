//! The storage spread over the machines of Citus: everything that an attempt, an unlock and an administrator does is
//! what it was. Runs where Citus is installed beside the server under test.

use std::io::Write;

use authn_load::{Plan, load};
use system_tests::cluster::Cluster;
use system_tests::environment::server_binaries;
use system_tests::ledger::{COUNTERS_ARE_THE_LOG, NUMBERS_HAVE_NO_GAP};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Whether there is a Citus to be tested with; where there is none, whoever reads the log is told.
fn is_there() -> bool {
    let control = server_binaries().join("../../../../share/postgresql/15/extension/citus.control");
    if !control.exists() {
        // Past the capture of the test runner.
        let _ = std::io::stderr().write_all(
            b"SKIPPED: the tests of authn.distribute(), because Citus is not installed (13.2 for PostgreSQL 15 is what they were written with)\n",
        );
        return false;
    }
    true
}

async fn value<T>(client: &Client, query: &str, parameters: &[&(dyn ToSql + Sync)]) -> T
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    let row = client.query_one(query, parameters).await;
    row.unwrap_or_else(|error| panic!("{query}: {error:?}"))
        .get(0)
}

/// A tenant that was there before its storage was spread, on a machine that is coordinator and worker in one.
async fn distributed() -> (Cluster, Client) {
    let cluster = Cluster::start(&["shared_preload_libraries=citus", "citus.shard_count=4"]).await;
    let plan = Plan {
        users: 300,
        seed: 1,
        locked: 10,
        months: 1,
        attempts: 2,
        end: None,
        name: "Spread".to_owned(),
    };
    load(cluster.connection_string(), &plan, 1)
        .await
        .expect("a tenant");
    let client = cluster.connect().await.expect("a connection");
    // A view that needs several shards at once reads them over connections of its own.
    let mut password = cluster.connection_string().split(' ');
    let password = password
        .find(|field| field.starts_with("password="))
        .expect("a password");
    let port: i32 = value(&client, "select current_setting('port')::int", &[]).await;
    client
        .batch_execute(&format!(
            "create extension citus;
             select citus_set_coordinator_host('127.0.0.1', {port});
             select citus_set_node_property('127.0.0.1', {port}, 'shouldhaveshards', true);
             insert into pg_dist_authinfo values (0, 'postgres', '{password}'), (-1, 'postgres', '{password}');"
        ))
        .await
        .expect("Citus");
    let spread: i64 = value(&client, "select authn.distribute()", &[]).await;
    assert!(spread > 0);
    let again: i64 = value(&client, "select authn.distribute()", &[]).await;
    assert_eq!(again, 0, "nothing is left to be spread");
    // Its settings are those of new connections.
    let client = cluster.connect().await.expect("a connection");
    (cluster, client)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_unlocks_and_actions_do_what_they_did_before() {
    if !is_there() {
        return;
    }
    let (_cluster, client) = distributed().await;
    let locked = "select count(*) from authn.locked_now";
    assert_eq!(value::<i64>(&client, locked, &[]).await, 10);

    let tenant: Uuid = value(&client, "select tenant_id from authn.tenants", &[]).await;
    let app: Uuid = value(
        &client,
        "select app_id from authn.apps order by 1 limit 1",
        &[],
    )
    .await;
    let create = "select authn.create_user($1, 'ana@example.com', '+49 151 1234567', 'Ana')";
    let user: Uuid = value(&client, create, &[&tenant]).await;
    let register = "select authn.register_authenticator($1, 'password', $2)";
    let password: Uuid = value(&client, register, &[&user, &app]).await;

    let attempt = "select r.outcome || ' ' || r.status from authn.record_attempt($1, $2, $3, $4) r";
    let mut outcomes = Vec::new();
    for right in [true, false, false, false, false, false, false, true] {
        let outcome: String = value(&client, attempt, &[&user, &password, &app, &right]).await;
        outcomes.push(outcome);
    }
    assert_eq!(
        outcomes,
        [
            "succeeded active",
            "failed active",
            "failed active",
            "failed active",
            "failed active",
            "failed locked",
            "refused locked",
            "refused locked"
        ]
    );
    assert_eq!(value::<i64>(&client, locked, &[]).await, 11);

    let act = |statement: &'static str| {
        let client = &client;
        async move { value::<i64>(client, statement, &[&user]).await }
    };
    let unlocked = "select count(*) from authn.unlock($1, 'password', (select app_id from authn.apps order by 1 limit 1))";
    assert_eq!(act(unlocked).await, 1);
    assert_eq!(act("select count(*) from authn.suspend_user($1)").await, 4);
    assert_eq!(
        act("select count(*) from authn.reinstate_user($1)").await,
        4
    );
    let changed = "select authn.update_user($1, 'new@example.com', null, 'Ana')";
    client.execute(changed, &[&user]).await.expect("a change");
    assert_eq!(
        act("select count(*) from authn.authenticators where user_id = $1").await,
        3,
        "the password, and the two ways of the new address"
    );

    let views = "select relname::text from pg_class where relnamespace = 'authn'::regnamespace and relkind = 'v'";
    for row in client.query(views, &[]).await.expect("the views") {
        let view: String = row.get(0);
        let read = client
            .simple_query(&format!("select * from authn.{view}"))
            .await;
        read.unwrap_or_else(|error| panic!("{view}: {error:?}"));
    }
    let reported =
        "select sum(d.attempts)::bigint from authn.daily_attempts d where d.outcome <> 'refused'";
    let recorded = "select count(*) from authn.events e where e.kind in ('attempt_succeeded', 'attempt_failed')";
    assert_eq!(
        value::<i64>(&client, reported, &[]).await,
        value::<i64>(&client, recorded, &[]).await
    );

    for (claim, exceptions) in [NUMBERS_HAVE_NO_GAP, COUNTERS_ARE_THE_LOG] {
        let found = client.query(exceptions, &[]).await;
        let found = found.unwrap_or_else(|error| panic!("{claim}: {error:?}"));
        assert!(found.is_empty(), "{claim}");
    }
}
