//! The audit trail: closed in digests while others write, and whoever edits it by force is found out.

use std::time::Duration;

use system_tests::database::Database;
use tokio_postgres::Client;

/// Two tenants with a locked password each, and everything that happened to them closed.
async fn closed_world() -> (Database, Client) {
    let database = Database::empty();
    let client = database.connect().await;
    client
        .batch_execute(
            "create table world (name text primary key, id uuid not null);
             insert into world select t, authn.create_tenant(t) from unnest('{Acme,Globex}'::text[]) t;
             insert into world select 'app of ' || w.name, authn.create_app(w.id, 'Shop') from world w;
             insert into world select 'user of ' || w.name, authn.create_user(w.id)
             from world w where w.name in ('Acme', 'Globex');
             insert into world
             select 'password of ' || t, authn.register_authenticator(u.id, 'password', a.id)
             from unnest('{Acme,Globex}'::text[]) t
             join world u on u.name = 'user of ' || t
             join world a on a.name = 'app of ' || t",
        )
        .await
        .expect("the world is made");
    for _ in 0..5 {
        attempt(&client, "Acme").await;
        attempt(&client, "Globex").await;
    }
    close_all(&client).await;
    (database, client)
}

/// A wrong password.
async fn attempt(client: &Client, tenant: &str) {
    client
        .execute(
            "select authn.record_attempt(u.id, p.id, a.id, false)
             from world u, world p, world a
             where u.name = 'user of ' || $1 and p.name = 'password of ' || $1 and a.name = 'app of ' || $1",
            &[&tenant],
        )
        .await
        .expect("the attempt is recorded");
}

/// Closes what has been written so far, in one closing: other tests on this server may hold the horizon back a
/// while.
async fn close_all(client: &Client) {
    let written: String = value(client, "select max(xid)::text from authn_data.event_hashes").await;
    let behind = format!("select authn._log_horizon() <= '{written}'");
    while value(client, &behind).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    client
        .execute("select authn.close_events()", &[])
        .await
        .expect("closes");
    assert!(closed_up_to(client, &written).await);
}

async fn closed_up_to(client: &Client, xid: &str) -> bool {
    value(
        client,
        &format!("select coalesce(max(to_xid) > '{xid}', false) from authn_data.event_closings"),
    )
    .await
}

async fn value<T: for<'a> tokio_postgres::types::FromSql<'a>>(client: &Client, query: &str) -> T {
    client
        .query_one(query, &[])
        .await
        .expect("the query is right")
        .get(0)
}

/// What the verification of a tenant finds.
async fn differences(client: &Client, tenant: &str) -> Vec<String> {
    client
        .query(
            "select v.difference from world w, authn.verify_events(w.id) v where w.name = $1 order by 1",
            &[&tenant],
        )
        .await
        .expect("verifies")
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// What is found of Acme after a superuser did this with every trigger switched off.
async fn after_tampering(statement: &str) -> Vec<String> {
    let (_database, client) = closed_world().await;
    assert_eq!(differences(&client, "Acme").await, Vec::<String>::new());
    client
        .batch_execute(&format!(
            "set session_replication_role = replica; {statement}; reset session_replication_role"
        ))
        .await
        .expect("nothing stops a superuser");
    assert_eq!(
        differences(&client, "Globex").await,
        Vec::<String>::new(),
        "the other tenant's log is what it was"
    );
    differences(&client, "Acme").await
}

const OF_ACME: &str = "tenant_id = (select id from world where name = 'Acme')";

#[tokio::test]
async fn an_edited_event_is_found_out() {
    let found = after_tampering(&format!(
        "update authn_data.events set actor = 'somebody else' where kind = 'locked' and {OF_ACME}"
    ))
    .await;
    assert_eq!(found, ["events_changed"]);
}

#[tokio::test]
async fn a_deleted_event_is_found_out() {
    let found = after_tampering(&format!(
        "delete from authn_data.events where kind = 'locked' and {OF_ACME}"
    ))
    .await;
    assert_eq!(found, ["events_missing", "numbers_missing"]);
}

#[tokio::test]
async fn an_event_inserted_into_the_past_is_found_out() {
    let found = after_tampering(&format!(
        "insert into authn_data.events (user_id, domain_id, number, at, tenant_id, kind, actor, xid)
         select user_id, domain_id, number, at + interval '1 second', tenant_id, 'unlocked', 'sam', xid
         from authn_data.events where kind = 'locked' and {OF_ACME}"
    ))
    .await;
    assert_eq!(found, ["events_added", "number_repeated"]);
}

#[tokio::test]
async fn an_event_inserted_now_takes_a_number_that_was_not_given() {
    let found = after_tampering(&format!(
        "insert into authn_data.events (user_id, domain_id, number, at, tenant_id, kind, actor)
         select user_id, domain_id, number + 1, at + interval '1 second', tenant_id, 'unlocked', 'sam'
         from authn_data.events where kind = 'locked' and {OF_ACME}"
    ))
    .await;
    assert_eq!(found, ["number_not_given"]);
}

#[tokio::test]
async fn an_event_moved_to_another_month_is_found_out() {
    let found = after_tampering(&format!(
        "update authn_data.events set at = at - interval '40 days' where kind = 'registered' and {OF_ACME}"
    ))
    .await;
    assert_eq!(found, ["events_added", "events_missing"]);
}

#[tokio::test]
async fn an_edited_event_of_the_tenant_is_found_out() {
    let (_database, client) = closed_world().await;
    client
        .batch_execute(
            "select authn.set_tenant_settings(id, '{\"hard_cap\": 50}') from world where name = 'Acme'",
        )
        .await
        .expect("the setting is changed");
    close_all(&client).await;
    client
        .batch_execute(
            "set session_replication_role = replica; update authn_data.tenant_events set reason = 'asked to'",
        )
        .await
        .expect("nothing stops a superuser");
    assert_eq!(differences(&client, "Acme").await, ["events_changed"]);
}

#[tokio::test]
async fn a_digest_made_to_fit_breaks_the_chain() {
    let found = after_tampering(&format!(
        "delete from authn_data.events where kind = 'locked' and {OF_ACME};
         update authn_data.event_closings c
         set events = f.events, events_digest = f.digest
         from (
             select count(*) as events, sha256(string_agg(hash, ''::bytea order by user_id, domain_id, number, at)) as digest
             from authn_data.event_hashes where {OF_ACME}
         ) f
         where c.{OF_ACME}"
    ))
    .await;
    assert_eq!(found, ["closing_changed", "numbers_missing"]);
}

#[tokio::test]
async fn a_closing_taken_out_of_the_chain_is_found_out() {
    let (_database, client) = closed_world().await;
    client
        .batch_execute("select authn.suspend_user(id) from world where name = 'user of Acme'")
        .await
        .expect("the user is suspended");
    close_all(&client).await;
    assert_eq!(differences(&client, "Acme").await, Vec::<String>::new());
    client
        .batch_execute(&format!(
            "set session_replication_role = replica;
             delete from authn_data.event_closings where number = 1 and {OF_ACME}"
        ))
        .await
        .expect("nothing stops a superuser");
    assert_eq!(
        differences(&client, "Acme").await,
        ["closing_changed", "closing_missing", "events_added"]
    );
}

#[tokio::test]
async fn closing_again_closes_nothing() {
    let (_database, client) = closed_world().await;
    assert_eq!(
        value::<i32>(&client, "select authn.close_events()").await,
        0
    );
}

/// Whatever commits after it was passed over is in the next closing, though its events are older than what
/// has been closed meanwhile.
#[tokio::test]
async fn what_commits_late_is_closed_later() {
    let (database, client) = closed_world().await;
    let slow = database.connect().await;
    slow.batch_execute(
        "begin; select authn.suspend_user(id) from world where name = 'user of Globex'",
    )
    .await
    .expect("the slow transaction writes");
    client
        .batch_execute("select authn.suspend_user(id) from world where name = 'user of Acme'")
        .await
        .expect("the quick one too");
    client
        .execute("select authn.close_events()", &[])
        .await
        .expect("closes what is decided");
    assert!(
        !closed_up_to(
            &client,
            &value::<String>(&client, "select max(xid)::text from authn_data.events").await
        )
        .await,
        "nothing is closed beyond a transaction that still runs"
    );

    slow.batch_execute("commit").await.expect("commits");
    close_all(&client).await;
    assert_eq!(
        value::<i64>(
            &client,
            "select sum(events)::bigint from authn_data.event_closings"
        )
        .await,
        value::<i64>(&client, "select count(*) from authn_data.event_hashes").await,
        "every event is closed once"
    );
    assert_eq!(differences(&client, "Globex").await, Vec::<String>::new());
}

/// Closings one after another while others write, and each event is in exactly one of them.
#[tokio::test]
async fn under_load_every_event_is_closed_once() {
    let (database, client) = closed_world().await;
    let mut writers = tokio::task::JoinSet::new();
    for tenant in ["Acme", "Globex"].repeat(3) {
        let writer = database.connect().await;
        writers.spawn(async move {
            for _ in 0..40 {
                attempt(&writer, tenant).await;
                writer
                    .execute(
                        "select authn.unlock(u.id, 'password', a.id, 'to go on') from world u, world a
                         where u.name = 'user of ' || $1 and a.name = 'app of ' || $1",
                        &[&tenant],
                    )
                    .await
                    .expect("unlocks");
            }
        });
    }
    // Two that close at once, until the last writer is done.
    let other = database.connect().await;
    while !writers.is_empty() {
        let (one, two) = tokio::join!(
            client.execute("select authn.close_events()", &[]),
            other.execute("select authn.close_events()", &[])
        );
        one.and(two).expect("both close");
        while let Some(done) = writers.try_join_next() {
            done.expect("the writer wrote");
        }
    }
    close_all(&client).await;

    assert!(
        value::<i64>(&client, "select count(*) from authn_data.event_closings").await > 4,
        "there was something to close in between"
    );
    assert_eq!(
        value::<i64>(
            &client,
            "select sum(events)::bigint from authn_data.event_closings"
        )
        .await,
        value::<i64>(&client, "select count(*) from authn_data.event_hashes").await
    );
    for tenant in ["Acme", "Globex"] {
        assert_eq!(differences(&client, tenant).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn attempts_do_not_wait_for_a_closing() {
    let (database, client) = closed_world().await;
    let closer = database.connect().await;
    closer
        .batch_execute("begin; select authn.close_events()")
        .await
        .expect("closes and does not end");
    client
        .batch_execute("set lock_timeout = '1s'; select authn.unlock(u.id, 'password', a.id) from world u, world a where u.name = 'user of Acme' and a.name = 'app of Acme'")
        .await
        .expect("an unlock does not wait");
    attempt(&client, "Acme").await;
    closer.batch_execute("rollback").await.expect("ends");
}

/// A dump carries the transaction ids of the server that it comes from, and the new server's are younger.
#[tokio::test]
async fn after_a_restore_into_a_younger_server_the_log_goes_on() {
    let (_database, client) = closed_world().await;
    client
        .batch_execute(
            "set session_replication_role = replica;
             update authn_data.log_servers set system_identifier = 1;
             update authn_data.events set xid = (xid::text::numeric + 1000000000)::text::xid8;
             truncate authn_data.event_closings;
             reset session_replication_role",
        )
        .await
        .expect("the log of another server is there");
    let refused = client
        .query("select authn.close_events()", &[])
        .await
        .expect_err("nobody told that this is another server");
    assert_eq!(refused.code().map(|code| code.code()), Some("AU019"));

    client
        .batch_execute("select authn.migrate()")
        .await
        .expect("the log is adopted");
    close_all(&client).await;
    client
        .batch_execute("select authn.suspend_user(id) from world where name = 'user of Acme'")
        .await
        .expect("the user is suspended");
    close_all(&client).await;
    assert_eq!(
        value::<i64>(
            &client,
            "select sum(events)::bigint from authn_data.event_closings"
        )
        .await,
        value::<i64>(&client, "select count(*) from authn_data.event_hashes").await
    );
    assert_eq!(differences(&client, "Acme").await, Vec::<String>::new());
}

#[tokio::test]
async fn retention_takes_whole_months_and_keeps_what_decides() {
    let (_database, client) = closed_world().await;
    // As if the retention of everybody had passed since.
    client
        .batch_execute(
            "create or replace function authn._clock() returns timestamptz language sql volatile parallel safe
             return pg_catalog.clock_timestamp() + interval '500 days'",
        )
        .await
        .expect("a superuser changes the clock");
    assert!(value::<i32>(&client, "select authn.drop_events_before()").await > 0);
    assert_eq!(
        value::<i64>(&client, "select count(*) from authn_data.events").await,
        0
    );
    let kept: Vec<(String, i64)> = client
        .query(
            "select kind::text, number from authn_data.history h join world w on w.id = h.user_id
             where w.name = 'user of Acme' order by number",
            &[],
        )
        .await
        .expect("the history is read")
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(
        kept,
        [
            ("registered".to_owned(), 1),
            ("attempt_failed".to_owned(), 6),
            ("locked".to_owned(), 7)
        ],
        "the last of each kind"
    );
    assert_eq!(
        differences(&client, "Acme").await,
        Vec::<String>::new(),
        "what retention took is not missing"
    );
    assert_eq!(
        value::<i32>(&client, "select authn.drop_events_before()").await,
        0,
        "a second time there is nothing to take"
    );
}

#[tokio::test]
async fn no_month_goes_that_a_tenant_keeps() {
    let (_database, client) = closed_world().await;
    let error = client
        .query("select authn.drop_events_before('infinity')", &[])
        .await
        .expect_err("Acme keeps 400 days");
    assert_eq!(error.code().map(|code| code.code()), Some("AU017"));
}
