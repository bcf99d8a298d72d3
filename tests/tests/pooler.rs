//! Through a pooler that gives every transaction whichever connection of the server is free.

use std::thread;

use serde_json::{Value, json};
use system_tests::database::Database;
use system_tests::gateway::Gateway;
use system_tests::pooler::Pooler;
use system_tests::streams::Events;
use system_tests::tenants::Tenant;
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

const CLIENTS: usize = 16;
/// Connections of the server, for all of them.
const SHARED: u16 = 2;

fn connections(database: &Database) -> u16 {
    let count = database.value(
        "select count(*) from pg_stat_activity
         where datname = current_database() and usename = 'authn_gateway'",
    );
    count.parse().expect("a number")
}

/// What somebody of a tenant sees and does, each in a transaction of its own.
fn use_it(gateway: &Gateway, tenant: &Tenant) {
    let admin = tenant.token(gateway, "admin", "ada");
    let support = tenant.token(gateway, "support", "sam");
    let users = "{ users { nodes { id uuid authenticators { totalCount nodes { status } } } } }";
    for round in 0..5 {
        let seen = gateway.data(&support, users, &json!({}));
        let nodes = seen["users"]["nodes"].as_array().expect("users");
        assert_eq!(nodes.len(), 1, "{} in round {round}: {seen}", tenant.name);
        assert_eq!(nodes[0]["uuid"], tenant.user, "{}", tenant.name);
        let unlocked = gateway.data(
            &support,
            "mutation Unlock($input: AuthenticatorsUnlockInput!) {
                 authenticatorsUnlock(input: $input) { changes { statusBefore } userErrors { code } }
             }",
            &json!({ "input": { "userId": nodes[0]["id"], "method": "SMS_OTP", "reason": "called" } }),
        );
        let none: [Value; 0] = [];
        assert_eq!(
            unlocked["authenticatorsUnlock"],
            json!({ "changes": none, "userErrors": none })
        );
        for (field, input, status) in [
            ("userSuspend", "UserSuspendInput", "DEACTIVATED"),
            ("userReinstate", "UserReinstateInput", "REGISTERED"),
        ] {
            let mutation = format!(
                "mutation Act($input: {input}!) {{
                     {field}(input: $input) {{ changes {{ statusAfter }} userErrors {{ code }} }}
                 }}"
            );
            let acted = gateway.data(
                &admin,
                &mutation,
                &json!({ "input": { "userId": nodes[0]["id"], "reason": "review" } }),
            );
            let changes = acted[field]["changes"].as_array().expect("changes");
            assert_eq!(changes.len(), 3, "{acted}");
            assert!(
                changes.iter().all(|change| change["statusAfter"] == status),
                "{acted}"
            );
        }
    }
}

#[test]
fn a_gateway_that_prepares_nothing_works_through_any_pooler() {
    let database = Database::empty();
    let tenants: Vec<Tenant> = ["north", "south", "east", "west"]
        .into_iter()
        .map(|name| Tenant::create(&database, name))
        .collect();
    let pooler = Pooler::sharing(SHARED);
    let gateway = Gateway::at(
        &pooler.url(&database),
        &[("PREPARE_STATEMENTS", "false"), ("POOL_TIMEOUT", "30s")],
    );
    thread::scope(|scope| {
        for tenant in &tenants {
            scope.spawn(|| use_it(&gateway, tenant));
        }
    });
    assert!((1..=SHARED).contains(&connections(&database)));
    for tenant in &tenants {
        let by = database.value(&format!(
            "select string_agg(distinct e.actor || ' ' || e.role, ',') from authn.events e
             where e.tenant_id = '{}' and e.kind in ('user_suspended', 'user_reinstated')",
            tenant.id
        ));
        assert_eq!(by, "ada authn_admin");
    }
}

#[test]
fn changes_come_where_the_connection_that_listens_goes_round_the_pooler() {
    let database = Database::empty();
    let tenant = Tenant::create(&database, "north");
    let pooler = Pooler::sharing(SHARED);
    let gateway = Gateway::at(
        &pooler.url(&database),
        &[
            ("PREPARE_STATEMENTS", "false"),
            ("POOL_TIMEOUT", "30s"),
            ("LISTEN_DATABASE_URL", &database.gateway_url()),
        ],
    );
    let token = tenant.token(&gateway, "admin", "ada");
    let query = "subscription { authenticatorChanged { kind } }";
    let events = Events::open(&gateway, &token, query, &json!({})).expect("a stream");
    for (action, kind) in [
        ("suspend_user", "USER_SUSPENDED"),
        ("reinstate_user", "USER_REINSTATED"),
        ("suspend_user", "USER_SUSPENDED"),
    ] {
        let _ = database.psql(&format!("select authn.{action}('{}');", tenant.user));
        // What happened before may come first.
        while events.change()["kind"] != kind {}
    }
}

/// The one value of the first row that a simple query answers.
async fn answer(client: &Client, query: &str) -> String {
    let messages = client.simple_query(query).await;
    let messages = messages.unwrap_or_else(|error| panic!("{query}: {error:?}"));
    messages
        .iter()
        .find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("{query} answers a row"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn login_services_get_no_more_than_five_guesses_and_leave_no_setting_behind() {
    let database = Database::empty();
    let tenant = Tenant::create(&database, "north");
    let password = database.value(&format!(
        "select authn.register_authenticator('{}', 'password', '{}')",
        tenant.user, tenant.app
    ));
    let pooler = Pooler::sharing(SHARED);
    let attempt = format!(
        "select r.outcome from authn.record_attempt('{}', '{password}', '{}', false) r",
        tenant.user, tenant.app
    );
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (url, tenant, attempt) = (pooler.url(&database), tenant.id.clone(), attempt.clone());
        clients.spawn(async move {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("a place");
            tokio::spawn(connection);
            let mut outcomes = Vec::new();
            for _ in 0..3 {
                let settings = format!(
                    "set local role authn_service;
                     set local authn.tenant = '{tenant}';
                     set local authn.actor = 'login'"
                );
                client.batch_execute("begin").await.expect("a transaction");
                client.batch_execute(&settings).await.expect("settings");
                outcomes.push(answer(&client, &attempt).await);
                client.batch_execute("commit").await.expect("an end");
            }
            let left = "select concat_ws(' ', current_user, current_setting('authn.tenant', true))";
            assert_eq!(answer(&client, left).await.trim(), "authn_gateway");
            outcomes
        });
    }
    let outcomes: Vec<String> = clients.join_all().await.into_iter().flatten().collect();
    let count = |wanted: &str| outcomes.iter().filter(|outcome| *outcome == wanted).count();
    assert_eq!(
        (count("failed"), count("refused")),
        (5, CLIENTS * 3 - 5),
        "{outcomes:?}"
    );
    assert!((1..=SHARED).contains(&connections(&database)));
}
