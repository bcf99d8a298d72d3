//! A database that goes away, refuses or stalls: callers are told so at once, and all is well afterwards.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use system_tests::cluster::Cluster;
use system_tests::database::Database;
use system_tests::gateway::Gateway;
use system_tests::tenants::Tenant;
use system_tests::wait::until;

const USERS: &str = "{ users { nodes { uuid } } }";

struct World {
    database: Database,
    gateway: Gateway,
    tenant: Tenant,
    token: String,
}

impl World {
    fn start() -> World {
        let database = Database::empty();
        let tenant = Tenant::create(&database, "north");
        let settings = [("POOL_SIZE", "2"), ("STATEMENT_TIMEOUT", "2s")];
        let gateway = Gateway::with(&database, &settings);
        let token = tenant.token(&gateway, "admin", "somebody");
        World {
            database,
            gateway,
            tenant,
            token,
        }
    }

    fn ask(&self) -> Value {
        self.gateway.send(Some(&self.token), USERS, &json!({})).body
    }

    /// The server ends every connection of the gateway, as it does when it restarts.
    fn disconnect(&self) {
        let _ = self.database.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where application_name = 'gateway' and datname = current_database();",
        );
    }

    /// What an outage may look like from outside until it is over: nothing else, and then the answer.
    fn wait_until_answered(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let body = self.ask();
            if body["errors"].is_null() {
                assert_eq!(body["data"]["users"]["nodes"][0]["uuid"], self.tenant.user);
                return;
            }
            assert_eq!(code(&body), "SERVICE_UNAVAILABLE", "{body:#}");
            assert!(Instant::now() < deadline, "it does not recover");
            thread::yield_now();
        }
    }
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn a_gateway_that_is_ready_has_opened_and_prepared_every_connection() {
    let world = World::start();
    let connections = |condition: &str| {
        world.database.value(&format!(
            "select count(*) from pg_stat_activity \
             where application_name = 'gateway' and datname = current_database() and {condition}"
        ))
    };
    // Two for each of four roles.
    assert_eq!(connections("true"), "8");
    // The last that each was told is the text of a statement that it is to know; whether the server is well is
    // asked over one of them.
    let last = "query not in ('commit', '') and state = 'idle'";
    assert!(["7", "8"].contains(&connections(last).as_str()));
}

/// A gateway over a server of its own that nothing but its silence ends a wait for, and a query for it.
async fn server_of_its_own() -> (Cluster, Gateway, String) {
    let cluster = Cluster::start(&[]).await;
    let client = cluster.connect().await.expect("a connection");
    let tenant = client
        .query_one("select authn.create_tenant('Acme')::text", &[])
        .await
        .expect("a tenant");
    let settings = [
        ("POOL_SIZE", "2"),
        ("SILENCE_TIMEOUT", "1s"),
        ("STATEMENT_TIMEOUT", "1m"),
        ("REQUEST_TIMEOUT", "2m"),
    ];
    let gateway = Gateway::at(&cluster.gateway_url(), &settings);
    let token = gateway.token(tenant.get(0), "admin", &[]);
    (cluster, gateway, token)
}

async fn until_well(gateway: &Gateway, token: &str) {
    until("the gateway serves again", || async {
        let body = gateway.send(Some(token), USERS, &json!({})).body;
        match body["errors"].is_null() {
            true => Some(()),
            false => {
                assert_eq!(code(&body), "SERVICE_UNAVAILABLE", "{body:#}");
                None
            }
        }
    })
    .await;
    // It looks at the database once a second at most.
    until("it is ready again", || async {
        (gateway.get("/readyz").0 == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashed_is_unavailable_until_it_is_back() {
    let (mut cluster, gateway, token) = server_of_its_own().await;
    for _ in 0..2 {
        cluster.crash();
        let body = gateway.send(Some(&token), USERS, &json!({})).body;
        assert_eq!(code(&body), "SERVICE_UNAVAILABLE", "{body:#}");
        until("it is not ready", || async {
            (gateway.get("/readyz").0 == 503).then_some(())
        })
        .await;
        assert_eq!(gateway.get("/healthz").0, 200, "the process is well");
        cluster.launch();
        until_well(&gateway, &token).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_silent_is_unavailable_until_it_speaks() {
    let (cluster, gateway, token) = server_of_its_own().await;
    for _ in 0..2 {
        cluster.silence();
        // The first was under way when the silence was noticed; without that it would wait longer than the
        // tests' client does.
        for _ in 0..3 {
            let body = gateway.send(Some(&token), USERS, &json!({})).body;
            assert_eq!(code(&body), "SERVICE_UNAVAILABLE", "{body:#}");
        }
        assert_eq!(gateway.get("/readyz").0, 503);
        assert_eq!(gateway.get("/healthz").0, 200, "the process is well");
        cluster.resume();
        until_well(&gateway, &token).await;
    }
}

#[test]
fn connections_that_the_server_ended_are_replaced() {
    let world = World::start();
    world.wait_until_answered();
    for _ in 0..3 {
        world.disconnect();
        world.wait_until_answered();
    }
}

#[test]
fn a_server_without_a_free_connection_is_unavailable_until_it_has_one() {
    let world = World::start();
    let limit = |most: &str| {
        let name = world.database.value("select current_database()");
        let _ = world
            .database
            .psql(&format!("alter database {name} connection limit {most};"));
    };
    limit("0");
    world.disconnect();
    let deadline = Instant::now() + Duration::from_secs(30);
    while code(&world.ask()) != "SERVICE_UNAVAILABLE" {
        assert!(Instant::now() < deadline, "a connection is left");
    }
    assert_eq!(code(&world.ask()), "SERVICE_UNAVAILABLE");
    assert_eq!(world.gateway.get("/healthz").0, 200, "the process is well");
    limit("-1");
    world.wait_until_answered();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stalls_is_told_from_one_that_answers() {
    let world = World::start();
    let holder = world.database.connect().await;
    holder
        .batch_execute("begin; lock table authn_data.users in access exclusive mode")
        .await
        .expect("the table is held");
    assert_eq!(code(&world.ask()), "TIMEOUT");
    holder.batch_execute("rollback").await.expect("let go");
    world.wait_until_answered();
}
