//! Reading from a streaming replica: what the views and functions answer there, when the gateway reads from
//! it, and that nobody misses what he just changed.

use serde_json::{Value, json};
use system_tests::cluster::Cluster;
use system_tests::gateway::Gateway;
use system_tests::wait::until;
use tokio_postgres::Client;

const USERS: &str = "{ users { nodes { uuid status } } }";
const USER: &str = "query ($user: UUID!) { user(uuid: $user) { status } }";
const SUSPEND: &str = "mutation ($user: ID!) { userSuspend(input: { userId: $user, reason: \"asked to\" }) \
    { userErrors { code } } }";

/// A primary with a tenant of two users, and its replica.
struct World {
    primary: Cluster,
    replica: Cluster,
    tenant: String,
    /// Whom the test changes through the gateway, and whom somebody else does.
    users: [String; 2],
}

impl World {
    async fn start() -> World {
        let primary = Cluster::start(&[]).await;
        let client = primary.connect().await.expect("a connection");
        let tenant = text(&client, "select authn.create_tenant('Acme')::text").await;
        let mut users = [String::new(), String::new()];
        for (number, user) in users.iter_mut().enumerate() {
            let email = format!("user{number}@acme.example");
            let create = format!("select authn.create_user('{tenant}', '{email}')::text");
            *user = text(&client, &create).await;
        }
        let replica = primary.follow();
        World {
            primary,
            replica,
            tenant,
            users,
        }
    }

    fn gateway(&self, settings: &[(&str, &str)]) -> Gateway {
        let url = self.replica.gateway_url();
        let settings: Vec<_> = settings
            .iter()
            .copied()
            .chain([("READ_DATABASE_URL", url.as_str()), ("POOL_SIZE", "2")])
            .collect();
        Gateway::at(&self.primary.gateway_url(), &settings)
    }
}

async fn text(client: &Client, query: &str) -> String {
    client.query_one(query, &[]).await.expect(query).get(0)
}

/// Waits until the gateway says so in its log, after what it said before.
async fn until_logged(gateway: &Gateway, words: &str, times: usize) {
    until(words, || async {
        (gateway.log().matches(words).count() >= times).then_some(())
    })
    .await;
}

fn status(gateway: &Gateway, token: &str, user: &str) -> Value {
    gateway.data(token, USER, &json!({ "user": user }))["user"]["status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_reads_does_so_on_a_replica() {
    let world = World::start().await;
    let client = world.primary.connect().await.expect("a connection");
    let (tenant, user) = (&world.tenant, &world.users[0]);
    let app = text(
        &client,
        &format!("select authn.create_app('{tenant}', 'Shop')::text"),
    )
    .await;
    let register =
        format!("select authn.register_authenticator('{user}', 'password', '{app}')::text");
    let authenticator = text(&client, &register).await;
    let settings = format!("set authn.tenant = '{tenant}'; set role authn_service");
    client
        .batch_execute(&settings)
        .await
        .expect("the role of a login service");
    let attempt = format!(
        "select outcome from authn.record_attempt('{user}', '{authenticator}', '{app}', false)"
    );
    for _ in 0..5 {
        assert_eq!(text(&client, &attempt).await, "failed");
    }
    client
        .batch_execute("reset role")
        .await
        .expect("the superuser again");
    let written = text(&client, "select pg_current_wal_insert_lsn()::text").await;

    let replica = world.replica.connect().await.expect("a connection");
    let reached = format!("select (pg_last_wal_replay_lsn() >= '{written}')::text");
    until("the replica has it all", || async {
        (text(&replica, &reached).await == "true").then_some(())
    })
    .await;
    let settings = format!("set authn.tenant = '{tenant}'; set role authn_admin");
    replica
        .batch_execute(&settings)
        .await
        .expect("the role of an administrator");
    let views = "select string_agg(c.oid::regclass::text, ',') from pg_class c \
        where c.relnamespace = 'authn'::regnamespace and c.relkind = 'v' \
          and has_table_privilege(c.oid, 'select')";
    let views = text(&replica, views).await;
    assert!(views.contains("authn.contexts"), "{views}");
    for view in views.split(',') {
        text(&replica, &format!("select count(*)::text from {view}")).await;
    }
    let status = format!(
        "select status::text from authn.contexts where user_id = '{user}' and method = 'password'"
    );
    assert_eq!(text(&replica, &status).await, "locked");
    for (function, answer) in [
        ("explain_status", "->>'status' = 'locked'"),
        ("status_at", "is not null"),
    ] {
        let at = if function == "status_at" {
            ", now()"
        } else {
            ""
        };
        let call = format!(
            "select (authn.{function}('{user}', '{authenticator}', '{app}'{at}) {answer})::text"
        );
        assert_eq!(text(&replica, &call).await, "true", "{function}");
    }
    // A refusal reads only, so a login service is refused there too.
    let settings = format!("reset role; set authn.tenant = '{tenant}'; set role authn_service");
    replica
        .batch_execute(&settings)
        .await
        .expect("the role of a login service");
    assert_eq!(text(&replica, &attempt).await, "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_reads_from_the_replica_but_for_what_it_just_changed() {
    let world = World::start().await;
    let gateway = world.gateway(&[("READ_MAX_LAG", "1h")]);
    let token = gateway.token(&world.tenant, "admin", &[]);
    let [ours, theirs] = &world.users;
    until_logged(&gateway, "the replica is read from", 1).await;

    let replica = world.replica.connect().await.expect("a connection");
    replica
        .batch_execute("select pg_wal_replay_pause()")
        .await
        .expect("it stands still");
    until("the replica stands still", || async {
        (text(&replica, "select pg_get_wal_replay_pause_state()").await == "paused").then_some(())
    })
    .await;
    let client = world.primary.connect().await.expect("a connection");
    let suspend = format!(
        "set authn.tenant = '{}'; select authn.suspend_user('{theirs}')",
        world.tenant
    );
    client
        .batch_execute(&suspend)
        .await
        .expect("somebody else changes a user");

    // What somebody else changed is seen when the replica shows it: it is what answers.
    assert_eq!(status(&gateway, &token, theirs), "PENDING");
    // What was changed here is seen at once, in what shows that user alone and in what shows him among others.
    let _ = gateway.data(&token, SUSPEND, &json!({ "user": ours }));
    assert_eq!(status(&gateway, &token, ours), "SUSPENDED");
    let users = gateway.data(&token, USERS, &json!({}));
    let users = users["users"]["nodes"].as_array().expect("users");
    assert!(
        users.iter().all(|user| user["status"] == "SUSPENDED"),
        "{users:?}"
    );
    assert_eq!(status(&gateway, &token, theirs), "PENDING");

    replica
        .batch_execute("select pg_wal_replay_resume()")
        .await
        .expect("it goes on");
    until("the replica shows it", || async {
        (status(&gateway, &token, theirs) == "SUSPENDED").then_some(())
    })
    .await;
    assert_eq!(status(&gateway, &token, ours), "SUSPENDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_away_silent_or_behind_is_done_without() {
    let mut world = World::start().await;
    let settings = [
        ("READ_MAX_LAG", "1s"),
        ("SILENCE_TIMEOUT", "500ms"),
        ("STATEMENT_TIMEOUT", "1m"),
        ("REQUEST_TIMEOUT", "2m"),
    ];
    let gateway = world.gateway(&settings);
    let token = gateway.token(&world.tenant, "admin", &[]);
    let user = world.users[0].clone();
    let (there, gone) = (
        "the replica is read from",
        "the replica cannot be read from",
    );
    until_logged(&gateway, there, 1).await;

    world.replica.crash();
    assert_eq!(status(&gateway, &token, &user), "PENDING");
    until_logged(&gateway, gone, 1).await;
    assert_eq!(status(&gateway, &token, &user), "PENDING");
    world.replica.launch();
    until_logged(&gateway, there, 2).await;

    world.replica.silence();
    assert_eq!(status(&gateway, &token, &user), "PENDING");
    world.replica.resume();
    until_logged(&gateway, there, 2).await;

    let replica = world.replica.connect().await.expect("a connection");
    replica
        .batch_execute("select pg_wal_replay_pause()")
        .await
        .expect("it stands still");
    let client = world.primary.connect().await.expect("a connection");
    let suspend = format!(
        "set authn.tenant = '{}'; select authn.suspend_user('{user}')",
        world.tenant
    );
    client
        .batch_execute(&suspend)
        .await
        .expect("somebody else changes a user");
    until(
        "the primary is read, since the replica is behind",
        || async { (status(&gateway, &token, &user) == "SUSPENDED").then_some(()) },
    )
    .await;
}
