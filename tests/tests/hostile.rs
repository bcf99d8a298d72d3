//! Ten thousand hostile requests: the gateway stays up, answers others, and keeps none of their memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;
use system_tests::attacks::{Attack, corpus};
use system_tests::database::Database;
use system_tests::gateway::Gateway;
use system_tests::tenants::Tenant;

const ATTACKERS: usize = 8;
const REQUESTS: usize = 10_000;

/// How much more the process may hold afterwards, in KiB: what the allocator keeps at hand.
const SLACK: u64 = 16 * 1024;

struct Attacker<'a> {
    agent: ureq::Agent,
    url: String,
    token: &'a str,
}

impl Attacker<'_> {
    fn send(&self, attack: &Attack) {
        // The server closes a connection whose body it will not read to its end. The client learns of it
        // while it still sends, or when it uses the connection again: then it takes another.
        let mut tries = (0..ATTACKERS).map(|_| self.status(attack));
        let Some(status) = tries.find_map(Result::ok) else {
            assert!(attack.body.len() > 64 * 1024, "{}: no answer", attack.name);
            return;
        };
        assert!(
            status < 500 || status == 503,
            "{}: answered with {status}",
            attack.name
        );
    }

    fn status(&self, attack: &Attack) -> Result<u16, ureq::Error> {
        let mut answer = self
            .agent
            .post(&self.url)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", attack.content_type)
            .send(&attack.body[..])?;
        let status = answer.status().as_u16();
        // To its end, so that the connection is used again.
        answer.body_mut().read_to_vec()?;
        Ok(status)
    }
}

#[test]
fn ten_thousand_hostile_requests_hurt_nobody() {
    let database = Database::empty();
    let tenant = Tenant::create(&database, "north");
    let gateway = Gateway::with(&database, &[("LOG_LEVEL", "warn"), ("POOL_TIMEOUT", "30s")]);
    let token = tenant.token(&gateway, "support", "somebody");
    let corpus = corpus();
    let attack = |from: usize, requests: usize| {
        let attacker = Attacker {
            agent: ureq::Agent::config_builder()
                .http_status_as_error(false)
                .build()
                .into(),
            url: format!("http://{}/graphql", gateway.address()),
            // Some have a token, some have none that is any good.
            token: if from % 4 == 3 { "a.b.c" } else { &token },
        };
        for n in 0..requests {
            attacker.send(&corpus[(from + n) % corpus.len()]);
        }
    };
    let kinds = corpus.len();
    // What the first of each kind takes once and for all.
    thread::scope(|scope| {
        for from in 0..ATTACKERS {
            let attack = &attack;
            scope.spawn(move || attack(from, 2 * kinds));
        }
    });
    let before = gateway.resident();

    let over = AtomicBool::new(false);
    let answered = thread::scope(|scope| {
        let honest = scope.spawn(|| {
            let mut answered = 0;
            while !over.load(Ordering::Relaxed) {
                let seen = gateway.data(&token, "{ users { nodes { uuid } } }", &json!({}));
                assert_eq!(seen["users"]["nodes"][0]["uuid"], tenant.user.as_str());
                answered += 1;
            }
            answered
        });
        let attackers: Vec<_> = (0..ATTACKERS)
            .map(|from| {
                let attack = &attack;
                scope.spawn(move || attack(from, REQUESTS / ATTACKERS))
            })
            .collect();
        let ended = attackers.into_iter().map(|attacker| attacker.join());
        let ended: Vec<_> = ended.collect();
        over.store(true, Ordering::Relaxed);
        for attacker in ended {
            attacker.expect("every request is answered");
        }
        honest.join().expect("the honest client is answered")
    });
    assert!(answered > 0);
    let after = gateway.resident();
    assert!(
        after <= before + SLACK,
        "{before} KiB before, {after} KiB after"
    );
    assert_eq!(gateway.get("/readyz").0, 200);
    assert_eq!(gateway.log().matches("panicked").count(), 0);
}
