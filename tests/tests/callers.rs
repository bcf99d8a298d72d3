//! Who a request acts for: its own token and connection decide, whatever the pooled connection did before.

use std::collections::HashMap;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use system_tests::database::Database;
use system_tests::environment::gateway_role;
use system_tests::gateway::{Gateway, SECRET};
use system_tests::tenants::Tenant;

const WHO: &str = "{ viewer { subject role tenant { uuid } apps { uuid } } users { nodes { uuid } } apps { uuid } }";

const SUSPEND: &str = "mutation Suspend($user: ID!, $reason: String) {
    userSuspend(input: { userId: $user, reason: $reason }) { changes { statusAfter } userErrors { code } }
}";

const REINSTATE: &str = "mutation Reinstate($user: ID!, $reason: String) {
    userReinstate(input: { userId: $user, reason: $reason }) { changes { statusAfter } userErrors { code } }
}";

struct World {
    database: Database,
    gateway: Gateway,
    north: Tenant,
    south: Tenant,
}

impl World {
    fn start(settings: &[(&str, &str)]) -> World {
        let database = Database::empty();
        let (north, south) = (
            Tenant::create(&database, "north"),
            Tenant::create(&database, "south"),
        );
        let gateway = Gateway::with(&database, settings);
        World {
            database,
            gateway,
            north,
            south,
        }
    }

    /// What somebody of a tenant sees, whoever used the connection before.
    fn assert_sees_own(&self, tenant: &Tenant, role: &str) {
        let subject = format!("{} {role}", tenant.name);
        let token = tenant.token(&self.gateway, role, &subject);
        let seen = self.gateway.data(&token, WHO, &json!({}));
        assert_eq!(seen, own(tenant, &subject, role, &Value::Null));
    }

    /// The server processes of the gateway: a connection that is closed and opened again is another.
    fn connections(&self) -> String {
        self.database.value(
            "select string_agg(pid::text, ' ' order by pid) from pg_stat_activity \
             where application_name = 'gateway' and datname = current_database()",
        )
    }

    fn wait_for(&self, what: &str, condition: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.database.value(&format!("select {condition}")) != "t" {
            assert!(Instant::now() < deadline, "waited in vain: {what}");
            thread::yield_now();
        }
    }
}

fn own(tenant: &Tenant, subject: &str, role: &str, apps: &Value) -> Value {
    json!({
        "viewer": {
            "subject": subject,
            "role": role.to_uppercase(),
            "tenant": { "uuid": tenant.id },
            "apps": apps,
        },
        "users": { "nodes": [{ "uuid": tenant.user }] },
        "apps": [{ "uuid": tenant.app }],
    })
}

#[test]
fn a_thousand_interleaved_requests_of_two_tenants_stay_apart() {
    // More clients than connections: they wait as long as it takes.
    let world = World::start(&[
        ("POOL_SIZE", "2"),
        ("POOL_TIMEOUT", "30s"),
        ("REQUEST_TIMEOUT", "60s"),
    ]);
    let World { north, south, .. } = &world;
    let gateway = &world.gateway;
    // Eight clients, each of which is somebody of one tenant and then of the other. Of the confined and
    // the unconfined on the same connections, neither may inherit the other's apps.
    let written: HashMap<String, (String, String)> = thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|client| {
                scope.spawn(move || {
                    let subject = |tenant: &Tenant| format!("{} {client}", tenant.name);
                    let people = [north, south].map(|tenant| {
                        let subject = subject(tenant);
                        let confined = tenant.name == "south";
                        let mut more = vec!["--subject", &subject];
                        if confined {
                            more.extend(["--apps", &tenant.app]);
                        }
                        let support = gateway.token(&tenant.id, "support", &more);
                        let apps = match confined {
                            true => json!([{ "uuid": tenant.app }]),
                            false => Value::Null,
                        };
                        let admin = tenant.token(gateway, "admin", &subject);
                        (tenant, subject, support, apps, admin)
                    });
                    let mut written = Vec::new();
                    for n in 0..125 {
                        let (tenant, subject, support, apps, admin) = &people[n % 2];
                        if n % 5 != 0 {
                            let seen = gateway.data(support, WHO, &json!({}));
                            assert_eq!(seen, own(tenant, subject, "support", apps));
                            continue;
                        }
                        let reason = format!("{subject}, {n}");
                        let variables = json!({ "user": tenant.user, "reason": reason });
                        let action = if n % 10 == 0 { SUSPEND } else { REINSTATE };
                        let answer = gateway.send(Some(admin), action, &variables);
                        assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
                        written.push((reason, (subject.clone(), answer.request_id)));
                    }
                    written
                })
            })
            .collect();
        clients
            .into_iter()
            .flat_map(|client| client.join().expect("a client ends"))
            .collect()
    });
    // Suspending twice moves nothing, so not each of them left an event; each event is its writer's.
    let events = world.database.value(
        "select json_agg(json_build_array(t.name, e.actor, e.reason, e.request_id)) \
         from authn.events e join authn.tenants t using (tenant_id) \
         where e.kind in ('user_suspended', 'user_reinstated')",
    );
    let events: Vec<[String; 4]> = serde_json::from_str(&events).expect("events");
    assert!(!events.is_empty());
    for [tenant, actor, reason, request_id] in events {
        let (subject, request) = &written[&reason];
        assert_eq!((&actor, &request_id), (subject, request), "{reason}");
        assert!(actor.starts_with(&tenant), "{actor} in {tenant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_cut_off_in_the_middle_leaves_nothing_to_the_next() {
    let world = World::start(&[("POOL_SIZE", "1")]);
    let token = world.north.token(&world.gateway, "admin", "north admin");
    world.assert_sees_own(&world.north, "admin");
    let before = world.connections();

    // Somebody else holds the user's row, so that the mutation waits in the middle.
    let holder = world.database.connect().await;
    let user = &world.north.user;
    holder
        .batch_execute(&format!(
            "begin; select from authn_data.users where user_id = '{user}' for update"
        ))
        .await
        .expect("the row is held");
    let variables = json!({ "user": user, "reason": "cut off" });
    let body = json!({ "query": SUSPEND, "variables": variables }).to_string();
    let mut client = TcpStream::connect(world.gateway.address()).expect("the gateway listens");
    write!(
        client,
        "POST /graphql HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("the request is sent");
    world.wait_for(
        "the mutation waits",
        "exists (select from pg_stat_activity where application_name = 'gateway' \
         and datname = current_database() and wait_event_type = 'Lock')",
    );
    drop(client);
    holder.batch_execute("rollback").await.expect("let go");

    world.assert_sees_own(&world.south, "admin");
    world.assert_sees_own(&world.north, "admin");
    assert_eq!(world.connections(), before, "on the same connection");
    // What was under way came to its end, as its own caller's.
    let events =
        "select string_agg(distinct actor, ',') from authn.events where reason = 'cut off'";
    assert_eq!(world.database.value(events), "north admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_leaves_nothing_to_the_next() {
    let world = World::start(&[("POOL_SIZE", "1"), ("STATEMENT_TIMEOUT", "200ms")]);
    let token = world.north.token(&world.gateway, "admin", "north admin");
    let holder = world.database.connect().await;
    let user = &world.north.user;
    holder
        .batch_execute(&format!(
            "begin; select from authn_data.users where user_id = '{user}' for update"
        ))
        .await
        .expect("the row is held");
    let variables = json!({ "user": user, "reason": "too long" });
    let answer = world.gateway.send(Some(&token), SUSPEND, &variables);
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "TIMEOUT");
    world.assert_sees_own(&world.south, "admin");
    holder.batch_execute("rollback").await.expect("let go");
    let events = "select count(*) from authn.events where reason = 'too long'";
    assert_eq!(world.database.value(events), "0");
}

#[test]
fn a_query_that_fails_leaves_nothing_to_the_next() {
    let world = World::start(&[("POOL_SIZE", "1")]);
    world.assert_sees_own(&world.north, "admin");
    let before = world.connections();
    let token = world.north.token(&world.gateway, "admin", "north admin");
    // No text holds a NUL: the statement fails in the middle of its transaction.
    let search = "query Search($text: String) { users(search: $text) { totalCount } }";
    for (operation, variables) in [
        (search, json!({ "text": "\0" })),
        (
            SUSPEND,
            json!({ "user": world.north.user, "reason": "a\0b" }),
        ),
    ] {
        let answer = world.gateway.send(Some(&token), operation, &variables);
        let code = &answer.body["errors"][0]["extensions"]["code"];
        assert_eq!(code, "BAD_USER_INPUT", "{:#}", answer.body);
        world.assert_sees_own(&world.south, "admin");
        assert_eq!(world.connections(), before, "on the same connection");
    }
}

/// The address and the client that an action with these headers leaves in the audit trail.
fn recorded(world: &World, headers: &[(&str, &str)]) -> (String, String) {
    let token = world.north.token(&world.gateway, "admin", "north admin");
    let variables = json!({ "user": world.north.user });
    let answer = world
        .gateway
        .send_with(Some(&token), headers, SUSPEND, &variables);
    assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
    let value = |column| {
        world.database.value(&format!(
            "select distinct {column} from authn.events where request_id = '{}'",
            answer.request_id
        ))
    };
    (value("host(ip)"), value("user_agent"))
}

#[test]
fn a_forged_header_does_not_become_the_recorded_address() {
    let world = World::start(&[]);
    let forged = [
        ("x-forwarded-for", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9"),
        ("x-real-ip", "203.0.113.9"),
    ];
    assert_eq!(recorded(&world, &forged).0, "127.0.0.1");
}

#[test]
fn a_trusted_proxy_says_whom_it_speaks_for() {
    let world = World::start(&[("TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8")]);
    let agent = "x".repeat(600);
    let headers = [
        ("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.0.0.2"),
        ("user-agent", agent.as_str()),
    ];
    let (address, agent) = recorded(&world, &headers);
    assert_eq!(address, "198.51.100.7");
    assert_eq!(agent.len(), 500, "a client is described within bounds");
}

#[test]
fn a_reason_is_stored_as_it_was_given() {
    let world = World::start(&[]);
    let token = world.north.token(&world.gateway, "admin", "north admin");
    let reason =
        "<script>alert('x')</script> & \"quotes\" \u{202e}; drop table users; -- \u{1f511}";
    let variables = json!({ "user": world.north.user, "reason": reason });
    let _ = world.gateway.data(&token, SUSPEND, &variables);
    let stored = "select distinct reason from authn.events where kind = 'user_suspended'";
    assert_eq!(world.database.value(stored), reason);
}

#[test]
fn the_log_has_no_secret_and_nothing_personal() {
    let settings = [("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json")];
    let world = World::start(&settings);
    let (gateway, north) = (&world.gateway, &world.north);
    let token = north.token(gateway, "admin", "north admin");
    let email = "someone@north.example";
    let agent = [("user-agent", "the browser of somebody")];
    let search = "query Search($text: String) { users(search: $text) { nodes { email phone displayName } } }";
    let mut sent = Vec::new();
    for (operation, variables) in [
        (search, json!({ "text": email })),
        (search, json!({ "text": "+491511234567" })),
        (search, json!({ "text": "personal\0" })),
        (
            SUSPEND,
            json!({ "user": north.user, "reason": "she is ill" }),
        ),
        (
            SUSPEND,
            json!({ "user": north.app, "reason": "she is ill" }),
        ),
        (
            "{ users(search: \"someone@north.example\") { nope } }",
            json!({}),
        ),
        ("{ users(search: \"someone@north.example\"", json!({})),
    ] {
        sent.push(gateway.send_with(Some(&token), &agent, operation, &variables));
    }
    let (_, signature) = token.rsplit_once('.').expect("a signed token");
    let forged = format!("{token}x");
    sent.push(gateway.send_with(Some(&forged), &agent, WHO, &json!({})));

    let log = gateway.log();
    for answer in &sent {
        let line = log
            .lines()
            .find(|line| line.contains(&answer.request_id) && line.contains("\"status\""));
        assert!(line.is_some(), "a line for each request: {:?}", answer.body);
    }
    let line = log
        .lines()
        .find(|line| line.contains(&sent[0].request_id) && line.contains("\"status\""));
    let line: Value = serde_json::from_str(line.expect("a line")).expect("JSON");
    assert_eq!(line["operation"], "Search");
    assert_eq!(line["role"], "admin");
    assert_eq!(line["tenant"], north.id.as_str());
    assert_eq!(line["transactions"], 1);
    assert!(line["database_ms"].as_f64() > Some(0.0));
    let password = gateway_role();
    let password = String::from_utf8_lossy(password.get_password().expect("a password"));
    for word in [
        signature,
        SECRET,
        &password,
        email,
        "someone",
        "1234567",
        "north user",
        "personal",
        "she is ill",
        "the browser",
    ] {
        let line = log.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word:?} is in the log");
    }
}
