//! The protocol of WebSockets.

use serde_json::json;
use system_tests::streams::{Heard, Socket};

use crate::scene::{CHANGES, Scene, kind};

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
