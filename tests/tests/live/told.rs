//! What is told, and to whom.

use std::fs;

use serde_json::json;
use system_tests::database::Database;
use system_tests::environment::checkout;
use system_tests::gateway::Gateway;
use system_tests::streams::{Event, Events, Socket};
use system_tests::tenants::Tenant;

use crate::scene::{CHANGES, Scene, fail, kind, kinds, register, settle};

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
