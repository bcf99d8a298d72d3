use std::sync::Mutex as StdMutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;

const PUBLIC: &str = include_str!("../../../tests/keys/ed25519.x");

/// An issuer on this machine, which counts how often it is asked.
#[derive(Clone, Default)]
struct Issuer {
    answer: Arc<StdMutex<(StatusCode, String)>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    fn publishes(&self, kids: &[&str]) {
        let keys: Vec<Value> = kids
            .iter()
            .map(|kid| json!({ "kty": "OKP", "kid": kid, "crv": "Ed25519", "x": PUBLIC.trim() }))
            .collect();
        self.answers(StatusCode::OK, json!({ "keys": keys }).to_string());
    }

    fn answers(&self, status: StatusCode, body: String) {
        *self.answer.lock().unwrap() = (status, body);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The address of its key set.
    async fn serve(&self) -> String {
        let issuer = self.clone();
        let keys = get(async move || {
            issuer.asked.fetch_add(1, Ordering::SeqCst);
            issuer.answer.lock().unwrap().clone()
        });
        let elsewhere = get(async || (StatusCode::FOUND, [("location", "/keys")]));
        let router = Router::new()
            .route("/keys", keys)
            .route("/elsewhere", elsewhere);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, router).await });
        format!("http://{address}/keys")
    }
}

fn settings(url: String) -> RemoteKeysSettings {
    RemoteKeysSettings {
        url,
        allow_http: false,
        timeout: Duration::from_secs(5),
        min_interval: Duration::from_secs(3600),
        max_age: Duration::from_secs(3600),
    }
}

/// Keys that are fetched as often as they are missed.
fn eager(url: String) -> RemoteKeys {
    RemoteKeys::new(&RemoteKeysSettings {
        min_interval: Duration::ZERO,
        ..settings(url)
    })
    .unwrap()
}

async fn knows(keys: &RemoteKeys, kid: &str) -> bool {
    keys.find(kid).await.is_some()
}

#[tokio::test]
async fn keys_are_fetched_once_and_kept() {
    let issuer = Issuer::default();
    issuer.publishes(&["a", "b"]);
    let keys = eager(issuer.serve().await);
    assert!(!keys.are_there());
    for kid in ["a", "b", "a"] {
        assert!(knows(&keys, kid).await, "{kid}");
    }
    assert!(keys.are_there());
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_fetched_when_a_token_names_it() {
    let issuer = Issuer::default();
    issuer.publishes(&["old"]);
    let keys = eager(issuer.serve().await);
    assert!(knows(&keys, "old").await);
    issuer.publishes(&["new"]);
    assert!(knows(&keys, "new").await);
    assert!(
        !knows(&keys, "old").await,
        "a withdrawn key is good no more"
    );
}

#[tokio::test]
async fn unknown_keys_cannot_keep_the_issuer_busy() {
    let issuer = Issuer::default();
    issuer.publishes(&["a"]);
    let keys = RemoteKeys::new(&settings(issuer.serve().await)).unwrap();
    let requests = (0..100).map(|n| {
        let keys = keys.clone();
        tokio::spawn(async move { knows(&keys, &format!("made up {n}")).await })
    });
    for request in requests.collect::<Vec<_>>() {
        assert!(!request.await.unwrap());
    }
    assert!(knows(&keys, "a").await);
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn a_request_that_goes_away_does_not_stop_the_fetch() {
    let issuer = Issuer::default();
    issuer.publishes(&["a"]);
    let keys = RemoteKeys::new(&settings(issuer.serve().await)).unwrap();
    tokio::select! {
        biased;
        _ = keys.find("a") => panic!("it takes longer than that"),
        () = std::future::ready(()) => {}
    }
    assert!(knows(&keys, "a").await, "whoever comes next has the keys");
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn a_fetch_that_fails_keeps_the_last_keys() {
    let issuer = Issuer::default();
    issuer.publishes(&["a"]);
    let keys = eager(issuer.serve().await);
    assert!(knows(&keys, "a").await);
    for (status, body) in [
        (StatusCode::INTERNAL_SERVER_ERROR, "{}".to_owned()),
        (StatusCode::OK, "<html>".to_owned()),
        (StatusCode::OK, json!({ "keys": [] }).to_string()),
        (StatusCode::OK, " ".repeat(MAX_KEY_SET + 1)),
    ] {
        issuer.answers(status, body);
        let asked = issuer.asked();
        assert!(!knows(&keys, "b").await);
        assert_eq!(issuer.asked(), asked + 1);
        assert!(knows(&keys, "a").await, "{status}");
    }
}

#[tokio::test]
async fn known_keys_are_fetched_anew_when_they_are_old() {
    let issuer = Issuer::default();
    issuer.publishes(&["a"]);
    let keys = RemoteKeys::new(&RemoteKeysSettings {
        min_interval: Duration::ZERO,
        max_age: Duration::ZERO,
        ..settings(issuer.serve().await)
    })
    .unwrap();
    assert!(knows(&keys, "a").await);
    issuer.publishes(&["b"]);
    assert!(
        knows(&keys, "a").await,
        "good while the new ones are fetched"
    );
    while knows(&keys, "a").await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_costs_a_bounded_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let keys = RemoteKeys::new(&RemoteKeysSettings {
        timeout: Duration::from_millis(50),
        ..settings(format!("http://{}/keys", silent.local_addr().unwrap()))
    })
    .unwrap();
    assert!(!knows(&keys, "a").await);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let issuer = Issuer::default();
    issuer.publishes(&["a"]);
    let url = issuer.serve().await.replace("/keys", "/elsewhere");
    assert!(!knows(&eager(url), "a").await);
    assert_eq!(issuer.asked(), 0);
}

#[test]
fn keys_come_over_tls_or_from_this_machine() {
    let made = |url: &str, allow_http| {
        RemoteKeys::new(&RemoteKeysSettings {
            allow_http,
            ..settings(url.into())
        })
        .is_ok()
    };
    for url in [
        "https://issuer.example/keys",
        "http://127.0.0.1:8000/keys",
        "http://[::1]/keys",
        "http://localhost/keys",
    ] {
        assert!(made(url, false), "{url}");
    }
    for url in [
        "http://issuer.example/keys",
        "http://localhost.example/keys",
        "http://10.0.0.1/keys",
    ] {
        assert!(!made(url, false), "{url}");
        assert!(made(url, true), "{url}");
    }
    for url in [
        "",
        "issuer.example",
        "file:///etc/keys",
        "ftp://localhost/keys",
    ] {
        assert!(!made(url, true), "{url}");
    }
}
