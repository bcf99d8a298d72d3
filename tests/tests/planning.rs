//! How often the server plans what the gateway asks: planning a screen takes it many times as long as reading one.

use serde_json::json;
use system_tests::cluster::Cluster;
use system_tests::gateway::Gateway;
use tokio_postgres::Client;

const USER: &str = "query ($user: UUID!) {
    user(uuid: $user) { authenticators { nodes { status contexts { status } } } }
}";
const SUSPEND: &str = "mutation ($user: ID!) {
    userSuspend(input: { userId: $user, reason: \"asked to\" }) {
        user { authenticators { nodes { status contexts { status } } } }
        userErrors { code }
    }
}";

async fn text(client: &Client, query: &str) -> String {
    client.query_one(query, &[]).await.expect(query).get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_by_its_key_is_planned_once_for_each_connection() {
    // Statistics that become known would be a reason to plan anew.
    let cluster = Cluster::start(&[
        "autovacuum=off",
        "shared_preload_libraries=pg_stat_statements",
        "pg_stat_statements.track_planning=on",
    ])
    .await;
    let client = cluster.connect().await.expect("a connection");
    client
        .batch_execute("create extension pg_stat_statements")
        .await
        .expect("what counts statements");
    let tenant = text(&client, "select authn.create_tenant('Acme')::text").await;
    let create = format!("select authn.create_user('{tenant}', 'ada@acme.example')::text");
    let user = text(&client, &create).await;
    let gateway = Gateway::at(&cluster.gateway_url(), &[("POOL_SIZE", "1")]);

    for (role, operation) in [("support", USER), ("admin", SUSPEND)] {
        let token = gateway.token(&tenant, role, &[]);
        for _ in 0..10 {
            let answer = gateway.data(&token, operation, &json!({ "user": user }));
            assert!(answer.to_string().contains("authenticators"), "{answer}");
        }
        let counted = format!(
            "select string_agg(s.calls || ' calls, ' || s.plans || ' plans', ', ')
             from pg_stat_statements s
             where s.userid = 'authn_{role}'::regrole and s.query like '%authn.contexts%'"
        );
        assert_eq!(text(&client, &counted).await, "10 calls, 1 plans", "{role}");
    }
}
