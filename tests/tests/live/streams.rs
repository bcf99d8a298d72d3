//! How streams begin, go on and end, over both transports.

use serde_json::json;
use system_tests::streams::{Event, Events, Heard, Socket};
use system_tests::wait::until;

use crate::scene::{CHANGES, Scene, kind, kinds};

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_token() {
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
    until("the log tells why both ended", async || {
        let log = scene.gateway.log();
        (log.matches("ended=\"token\"").count() == 2).then_some(())
    })
    .await;
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
