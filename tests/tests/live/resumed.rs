//! Nothing is missed and nothing comes twice, whoever is away, slow or long.

use std::collections::HashSet;

use serde_json::{Value, json};
use system_tests::cluster::Cluster;
use system_tests::gateway::Gateway;
use system_tests::relay::Relay;
use system_tests::streams::{Event, Events, Socket};
use system_tests::tenants::Tenant;

use crate::scene::{CHANGES, Scene, kind, kinds, without_cursor};

#[test]
fn whoever_comes_back_with_a_cursor_misses_and_doubles_nothing() {
    let mut scene = Scene::start();
    let start = scene.here();
    let events = scene.events(&json!({}));
    scene.fail(5);
    let mut heard = vec![events.change()];
    // Another gateway, and changes while there is none.
    assert!(scene.gateway.stop());
    for _ in 0..60 {
        scene.unlock();
        scene.fail(5);
    }
    scene.gateway = Gateway::over(&scene.database);
    let after = heard[0]["cursor"].clone();
    let events = scene.events(&json!({ "after": after }));
    heard.extend((0..120).map(|_| events.change()));
    scene.unlock();
    heard.push(events.change());
    assert_eq!(kind(&heard[121]), "UNLOCKED");

    // The same as the log has it, from the beginning.
    let events = scene.events(&json!({ "after": start }));
    let again: Vec<_> = (0..heard.len()).map(|_| events.change()).collect();
    let named = |changes: Vec<Value>| changes.into_iter().map(without_cursor).collect::<Vec<_>>();
    let told = heard.len();
    assert_eq!(named(heard), named(again));
    let logged = scene
        .database
        .value("select count(*) from authn_data.events where kind in ('locked', 'unlocked')");
    assert_eq!(logged, told.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_outlives_a_crash_of_the_server() {
    let mut cluster = Cluster::start(&[]).await;
    let port = |cluster: &Cluster| -> u16 {
        let text = cluster.connection_string();
        let port = text
            .split("port=")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        port.and_then(|port| port.parse().ok()).expect("a port")
    };
    let client = cluster.connect().await.expect("a connection");
    client
        .batch_execute("alter role authn_gateway password 'of the tests'")
        .await
        .expect("a password");
    let one = async |client: &tokio_postgres::Client, query: &str| -> String {
        client.query_one(query, &[]).await.expect("a row").get(0)
    };
    let tenant = one(&client, "select authn.create_tenant('north')::text").await;
    let user = one(
        &client,
        &format!("select authn.create_user('{tenant}', 'a@north.example')::text"),
    )
    .await;
    let relay = Relay::to(port(&cluster));
    let url = format!(
        "host=127.0.0.1 port={} user=authn_gateway password='of the tests' dbname=postgres",
        relay.port()
    );
    let gateway = Gateway::at(&url, &[]);
    let token = gateway.token(&tenant, "admin", &[]);
    let events = Events::open(&gateway, &token, CHANGES, &json!({})).expect("a stream");
    let suspend = format!("select authn.suspend_user('{user}')");
    let reinstate = format!("select authn.reinstate_user('{user}')");
    client.batch_execute(&suspend).await.expect("suspended");
    assert_eq!(kind(&events.change()), "USER_SUSPENDED");

    cluster.crash();
    cluster.launch();
    let client = cluster.connect().await.expect("a connection");
    client.batch_execute(&reinstate).await.expect("reinstated");
    // While the gateway still looks for the server where it was.
    relay.point_to(port(&cluster));
    assert_eq!(kind(&events.change()), "USER_REINSTATED");
    client.batch_execute(&suspend).await.expect("suspended");
    assert_eq!(kind(&events.change()), "USER_SUSPENDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_takes_long_holds_up_changes_until_it_ends_and_no_longer() {
    let scene = Scene::start();
    let events = scene.events(&json!({}));
    let long = scene.database.connect().await;
    long.batch_execute("begin; select pg_current_xact_id()")
        .await
        .expect("a transaction that writes");
    scene.fail(5);
    scene.unlock();
    // It notifies nobody.
    long.batch_execute("rollback").await.expect("its end");
    assert_eq!(kinds(&events, 2), ["LOCKED", "UNLOCKED"]);

    long.batch_execute("begin; select pg_current_xact_id()")
        .await
        .expect("a transaction that writes");
    scene.fail(5);
    let lost = "select pg_terminate_backend(pid) from pg_stat_activity \
                where application_name = 'gateway' and datname = current_database()";
    let _ = scene.database.psql(lost);
    long.batch_execute("commit").await.expect("its end");
    assert_eq!(kinds(&events, 1), ["LOCKED"]);
}

#[test]
fn who_reads_slowly_reads_it_all() {
    let scene = Scene::start();
    let query = "subscription { authenticatorChanged { at userUuid authenticatorUuid kind
        user { displayName email authenticators { nodes { id name status contexts { status reason } } } }
        authenticator { id identifier status statusCounts { status count } availableActions } } }";
    let start = scene.here();
    let before = scene.gateway.resident();
    let mut socket = Socket::open(&scene.gateway, &scene.token);
    socket.follow("1", query, &json!({}));
    // Far more than waits for anybody.
    let _ = scene.database.psql(&format!(
        "do $$ begin
             for i in 1..3000 loop
                 perform authn.create_user('{}', 'user' || i || '@north.example', null, repeat('name ', 200));
             end loop;
         end $$;",
        scene.tenant.id
    ));
    let mut heard = vec![socket.change("1")];
    let held = scene.gateway.resident().saturating_sub(before);
    assert!(held < 200 * 1024, "{held} KiB for one who does not read");
    while heard.len() < 6000 {
        heard.push(socket.change("1"));
    }
    let mut seen = HashSet::new();
    let events = scene.events(&json!({ "after": start }));
    for change in &heard {
        let id = &change["authenticatorUuid"];
        assert!(seen.insert(id.to_string()), "twice: {change}");
        assert_eq!(events.change()["authenticatorUuid"], *id);
    }
}

#[test]
fn a_cursor_that_cannot_be_followed_is_an_error() {
    let scene = Scene::start();
    let south = Tenant::create(&scene.database, "south");
    let code_of = |variables: &Value| {
        let events = scene.events(variables);
        let Event::Next(answer) = events.next() else {
            panic!("it says what is wrong");
        };
        assert_eq!(events.next(), Event::Complete);
        answer["errors"][0]["extensions"]["code"].clone()
    };
    let theirs = scene.database.value(&format!(
        "select cursor from authn.status_changes('{}')",
        south.id
    ));
    for variables in [
        json!({ "after": "" }),
        json!({ "after": "nonsense" }),
        json!({ "after": theirs }),
        json!({ "user": south.user }),
        json!({ "user": uuid::Uuid::nil().to_string() }),
    ] {
        assert_eq!(code_of(&variables), "BAD_USER_INPUT", "{variables}");
    }
    let here = scene.here();
    let _ = scene.database.psql(
        "insert into authn_data.event_drops (dropped_before, dropped_at, dropped_by, partitions)
         values (clock_timestamp(), clock_timestamp(), 'test', '{}');",
    );
    assert_eq!(code_of(&json!({ "after": here })), "CURSOR_EXPIRED");
}
