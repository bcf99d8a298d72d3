//! Subscriptions: each change once, over both transports, whoever restarts.

use std::collections::HashSet;
use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use system_tests::cluster::Cluster;
use system_tests::database::Database;
use system_tests::environment::checkout;
use system_tests::gateway::Gateway;
use system_tests::relay::Relay;
use system_tests::streams::{Event, Events, Heard, Socket};
use system_tests::tenants::Tenant;

const CHANGES: &str = "subscription Changes($user: UUID, $after: String) {
    authenticatorChanged(userId: $user, after: $after) { cursor at kind statusBefore statusAfter userUuid authenticatorUuid }
}";

/// A tenant with a user who has a password.
struct Scene {
    database: Database,
    gateway: Gateway,
    tenant: Tenant,
    password: String,
    token: String,
}

impl Scene {
    fn start() -> Scene {
        Scene::with(&[])
    }

    fn with(settings: &[(&str, &str)]) -> Scene {
        let database = Database::empty();
        let gateway = Gateway::with(&database, settings);
        let tenant = Tenant::create(&database, "north");
        let password = register(&database, &tenant);
        let token = tenant.token(&gateway, "admin", "ada");
        settle(&database, &tenant);
        Scene {
            database,
            gateway,
            tenant,
            password,
            token,
        }
    }

    fn events(&self, variables: &Value) -> Events {
        Events::open(&self.gateway, &self.token, CHANGES, variables).expect("a stream")
    }

    fn fail(&self, times: u32) {
        fail(&self.database, &self.tenant, &self.password, times);
    }

    fn unlock(&self) {
        unlock(&self.database, &self.tenant, &self.password);
    }

    /// Where a subscription would go on from now.
    fn here(&self) -> String {
        self.database.value(&format!(
            "select cursor from authn.status_changes('{}')",
            self.tenant.id
        ))
    }
}

/// Waits until whatever happened so far is behind a follower that begins now.
fn settle(database: &Database, tenant: &Tenant) {
    let pending = format!("select pending from authn.status_changes('{}')", tenant.id);
    while database.value(&pending) == "t" {
        thread::sleep(Duration::from_millis(20));
    }
}

/// A change without its cursor: the same place has several names.
fn without_cursor(mut change: Value) -> Value {
    change["cursor"].take();
    change
}

fn register(database: &Database, tenant: &Tenant) -> String {
    database.value(&format!(
        "select authn.register_authenticator('{}', 'password', '{}')",
        tenant.user, tenant.app
    ))
}

/// Each attempt in a transaction of its own, as the product wants it.
fn fail(database: &Database, tenant: &Tenant, password: &str, times: u32) {
    let attempt = format!(
        "select authn.record_attempt('{}', '{password}', '{}', false);\n",
        tenant.user, tenant.app
    );
    let _ = database.psql(&attempt.repeat(times as usize));
}

fn unlock(database: &Database, tenant: &Tenant, password: &str) {
    let _ = database.psql(&format!(
        "select authn.unlock_authenticator('{}', '{password}', '{}', 'asked');",
        tenant.user, tenant.app
    ));
}

fn kinds(events: &Events, count: usize) -> Vec<String> {
    (0..count)
        .map(|_| kind(&events.change()).to_owned())
        .collect()
}

fn kind(change: &Value) -> &str {
    change["kind"].as_str().expect("a kind")
}

#[test]
fn a_change_comes_with_what_it_changed_and_attempts_that_change_nothing_do_not() {
    let scene = Scene::start();
    let query = "subscription { authenticatorChanged {
        kind at statusBefore statusAfter reason method userUuid authenticatorUuid
        user { displayName } app { name methods } device { name }
        authenticator { uuid status contexts { app { name } failures status } }
    } }";
    let events = Events::open(&scene.gateway, &scene.token, query, &json!({})).expect("a stream");
    let mut socket = Socket::open(&scene.gateway, &scene.token);
    socket.follow("1", query, &json!({}));
    // Four of five, and nothing is told; the fifth locks.
    scene.fail(5);
    scene.unlock();
    scene.fail(1);
    scene.unlock();

    let locked = events.change();
    assert_eq!(kind(&locked), "LOCKED", "{locked:#}");
    assert_eq!(locked["statusBefore"], "REGISTERED");
    assert_eq!(locked["statusAfter"], "LOCKED");
    assert_eq!(locked["userUuid"], scene.tenant.user);
    assert_eq!(locked["authenticatorUuid"], scene.password);
    assert_eq!(locked["authenticator"]["uuid"], scene.password);
    assert_eq!(locked["method"], "PASSWORD");
    assert_eq!(locked["app"]["name"], "north app");
    assert_eq!(locked["user"]["displayName"], "north user");
    let unlocked = events.change();
    assert_eq!(kind(&unlocked), "UNLOCKED", "{unlocked:#}");
    assert_eq!(unlocked["statusAfter"], "REGISTERED");
    assert_eq!(unlocked["reason"], "asked");
    assert_eq!(
        unlocked["authenticator"]["contexts"][0]["app"]["name"],
        "north app"
    );
    assert_eq!(kinds(&events, 1), ["UNLOCKED"]);

    let over_socket: Vec<_> = (0..3).map(|_| socket.change("1")["kind"].take()).collect();
    assert_eq!(over_socket, ["LOCKED", "UNLOCKED", "UNLOCKED"]);
}

#[test]
fn ends_that_nobody_writes_arrive() {
    let scene = Scene::start();
    let events = scene.events(&json!({}));
    let _ = scene.database.psql(&format!(
        "select authn.deactivate_authenticator('{0}', '{1}', '{2}', clock_timestamp() + interval '2 seconds');
         select authn.set_lockout_policy('{3}', 'password', '[{{\"failures\": 1, \"duration\": \"1 second\"}}]');",
        scene.tenant.user, scene.password, scene.tenant.app, scene.tenant.id
    ));
    // Each is told with its true instant, and not before: the server's clock, asked afterwards, is past it. How soon
    // after, the follower's schedule decides, which has a test of its own.
    let arrives = |kind_of: &str, instant: &str| {
        let end = events.change();
        assert_eq!(kind(&end), kind_of, "{end:#}");
        let told = end["at"].as_str().expect("an instant");
        let [is_it, is_past] = [
            format!("select ({instant}) = '{told}'"),
            format!("select clock_timestamp() >= '{told}'"),
        ]
        .map(|question| scene.database.value(&question));
        assert_eq!((is_it.as_str(), is_past.as_str()), ("t", "t"), "{end:#}");
    };
    assert_eq!(kinds(&events, 1), ["DEACTIVATED"]);
    arrives(
        "DEACTIVATION_EXPIRED",
        "select max(deactivated_until) from authn_data.contexts",
    );
    scene.fail(1);
    assert_eq!(kinds(&events, 1), ["LOCKED"]);
    arrives("LOCK_EXPIRED", "select max(until) from authn_data.locks");
}

#[test]
fn nobody_is_told_of_another_tenant_or_of_an_app_that_is_not_theirs() {
    let scene = Scene::start();
    let south = Tenant::create(&scene.database, "south");
    let elsewhere = scene.database.value(&format!(
        "select authn.create_app('{}', 'elsewhere')",
        scene.tenant.id
    ));
    let other_password = register(&scene.database, &south);
    settle(&scene.database, &south);
    let stranger = south.token(&scene.gateway, "admin", "eve");
    let confined = scene
        .gateway
        .token(&scene.tenant.id, "support", &["--apps", &elsewhere]);
    let open =
        |token: &str| Events::open(&scene.gateway, token, CHANGES, &json!({})).expect("a stream");
    let (all, stranger, confined) = (open(&scene.token), open(&stranger), open(&confined));

    scene.fail(5);
    scene.unlock();
    fail(&scene.database, &south, &other_password, 5);
    let _ = scene.database.psql(&format!(
        "select authn.register_authenticator('{0}', 'password', '{1}');
         select authn.suspend_user('{0}', null, 'everywhere');",
        scene.tenant.user, elsewhere
    ));
    assert_eq!(
        kinds(&all, 4),
        ["LOCKED", "UNLOCKED", "REGISTERED", "USER_SUSPENDED"]
    );
    assert_eq!(kinds(&confined, 2), ["REGISTERED", "USER_SUSPENDED"]);
    let told = stranger.change();
    assert_eq!(kind(&told), "LOCKED");
    assert_eq!(told["userUuid"], south.user);
}

#[test]
fn one_user_can_be_followed() {
    let scene = Scene::start();
    let other = scene.database.value(&format!(
        "select authn.create_user('{}', 'other@north.example')",
        scene.tenant.id
    ));
    settle(&scene.database, &scene.tenant);
    let events = scene.events(&json!({ "user": other }));
    scene.fail(5);
    let _ = scene
        .database
        .psql(&format!("select authn.suspend_user('{other}');"));
    assert_eq!(events.change()["userUuid"], other);
}

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
fn a_stream_ends_with_its_token() {
    let scene = Scene::with(&[("JWT_LEEWAY", "0s")]);
    let token = scene
        .gateway
        .token(&scene.tenant.id, "admin", &["--ttl", "3s"]);
    let mut socket = Socket::open(&scene.gateway, &token);
    socket.subscribe("1", CHANGES, &json!({}));
    let events = Events::open(&scene.gateway, &token, CHANGES, &json!({})).expect("a stream");
    let Event::Next(answer) = events.next() else {
        panic!("it says why");
    };
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(events.next(), Event::Complete);
    assert_eq!(socket.hear(), Heard::Closed(4403));
}

#[test]
fn a_stop_ends_streams_and_the_gateway() {
    let mut scene = Scene::start();
    let events = scene.events(&json!({}));
    let mut socket = Socket::open(&scene.gateway, &scene.token);
    socket.follow("1", CHANGES, &json!({}));
    scene.fail(5);
    assert_eq!(kinds(&events, 1), ["LOCKED"]);
    assert_eq!(kind(&socket.change("1")), "LOCKED");
    assert!(scene.gateway.stop());
    assert_eq!(events.next(), Event::Complete);
    assert_eq!(socket.hear(), Heard::Closed(1001));
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
fn silence_is_broken() {
    let scene = Scene::with(&[("KEEP_ALIVE", "1s")]);
    let events = scene.events(&json!({}));
    events.keep_alive();
    let mut socket = Socket::open(&scene.gateway, &scene.token);
    socket.keep_alive();
    socket.keep_alive();
    socket.say(&json!({ "type": "ping", "payload": { "n": 1 } }));
    assert_eq!(
        socket.hear(),
        Heard::Message(json!({ "type": "pong", "payload": { "n": 1 } }))
    );
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

#[test]
fn only_trusted_subscriptions_where_only_those_are_executed() {
    let scene = Scene::with(&[("DOCUMENTS", "trusted")]);
    let Event::Next(answer) = scene.events(&json!({})).next() else {
        panic!("it says what is wrong");
    };
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "OPERATION_NOT_ALLOWED"
    );
    let mut socket = Socket::open(&scene.gateway, &scene.token);
    socket.subscribe("1", CHANGES, &json!({}));
    let Heard::Message(message) = socket.hear() else {
        panic!("it says what is wrong");
    };
    assert_eq!(message["type"], "error");
    assert_eq!(
        message["payload"][0]["extensions"]["code"],
        "OPERATION_NOT_ALLOWED"
    );
}

#[test]
fn a_socket_serves_queries_too_and_complete_ends_an_operation() {
    let scene = Scene::start();
    let mut socket = Socket::open(&scene.gateway, &scene.token);
    socket.subscribe("q", "{ viewer { role } }", &json!({}));
    let answer = json!({ "data": { "viewer": { "role": "ADMIN" } } });
    assert_eq!(
        socket.hear(),
        Heard::Message(json!({ "type": "next", "id": "q", "payload": answer }))
    );
    assert_eq!(
        socket.hear(),
        Heard::Message(json!({ "type": "complete", "id": "q" }))
    );
    socket.follow("1", CHANGES, &json!({}));
    scene.fail(5);
    assert_eq!(kind(&socket.change("1")), "LOCKED");
    socket.say(&json!({ "type": "complete", "id": "1" }));
    // The id is free again, and nothing of the first operation comes with the second.
    socket.follow("1", CHANGES, &json!({}));
    scene.unlock();
    assert_eq!(kind(&socket.change("1")), "UNLOCKED");
    let answer = scene.gateway.send(Some(&scene.token), CHANGES, &json!({}));
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body["errors"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
}

#[test]
fn a_socket_is_closed_as_the_protocol_says() {
    let scene = Scene::with(&[
        ("CONNECTION_INIT_TIMEOUT", "2s"),
        ("MAX_SUBSCRIPTIONS", "1"),
        ("CORS_ORIGINS", "https://portal.example"),
    ]);
    let connect = || Socket::connect(&scene.gateway, true, &[]).expect("a handshake");
    let open = || Socket::open(&scene.gateway, &scene.token);

    let mut socket = Socket::connect(&scene.gateway, false, &[]).expect("a handshake");
    assert_eq!(socket.hear(), Heard::Closed(4406));
    let mut socket = connect();
    assert_eq!(socket.hear(), Heard::Closed(4408));
    let mut socket = connect();
    socket.say_raw("nonsense");
    assert_eq!(socket.hear(), Heard::Closed(4400));
    let mut socket = connect();
    socket.subscribe("1", CHANGES, &json!({}));
    assert_eq!(socket.hear(), Heard::Closed(4401));
    for token in ["", "nonsense"] {
        let mut socket = connect();
        socket.init(token);
        assert_eq!(socket.hear(), Heard::Closed(4403));
    }
    let mut socket = open();
    socket.init(&scene.token);
    assert_eq!(socket.hear(), Heard::Closed(4429));
    let mut socket = open();
    socket.subscribe("1", CHANGES, &json!({}));
    socket.subscribe("2", CHANGES, &json!({}));
    let Heard::Message(message) = socket.hear() else {
        panic!("the first goes on");
    };
    assert_eq!(message["id"], "2");
    assert_eq!(message["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    socket.subscribe("1", CHANGES, &json!({}));
    assert_eq!(socket.hear(), Heard::Closed(4409));

    let from = |origin: &str| Socket::connect(&scene.gateway, true, &[("origin", origin)]);
    assert!(from("https://portal.example").is_ok());
    assert!(from(&format!("http://{}", scene.gateway.address())).is_ok());
    let refused = from("https://evil.example").err().expect("refused");
    assert_eq!(refused, 403);
}

#[test]
fn there_are_no_more_streams_than_may_be() {
    let scene = Scene::with(&[("MAX_STREAMS", "1")]);
    let events = scene.events(&json!({}));
    let refused = Events::open(&scene.gateway, &scene.token, CHANGES, &json!({}));
    let (status, body) = refused.err().expect("no stream");
    assert_eq!(status, 503);
    assert_eq!(
        body["errors"][0]["extensions"]["code"],
        "SERVICE_UNAVAILABLE"
    );
    let refused = Socket::connect(&scene.gateway, true, &[]).err();
    assert_eq!(refused, Some(503));
    scene.fail(5);
    assert_eq!(kinds(&events, 1), ["LOCKED"]);
}

#[test]
fn the_documented_subscription_answers_as_documented() {
    let page = fs::read_to_string(checkout().join("docs/live.md")).expect("the page");
    let block = |language: &str| {
        let block = page.split(&format!("```{language}\n")).nth(1);
        let block = block.and_then(|rest| rest.split("\n```").next());
        block.expect("a block").to_owned()
    };
    let database = Database::with_demo();
    let gateway = Gateway::over(&database);
    let tenant = database.value("select tenant_id from authn.tenants");
    let token = gateway.token(&tenant, "admin", &[]);
    let events = Events::open(&gateway, &token, &block("graphql"), &json!({})).expect("a stream");
    let _ = database.psql(&block("sql"));
    let Event::Next(mut answer) = events.next() else {
        panic!("a change");
    };
    for differs in ["cursor", "at"] {
        answer["data"]["authenticatorChanged"][differs] = json!("…");
    }
    assert_eq!(format!("{answer:#}"), block("json"));
}
