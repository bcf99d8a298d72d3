//! The storage spread over the machines of Citus: everything that an attempt, an unlock and an administrator does is
//! what it was. Runs where Citus is installed beside the server under test.

use std::collections::BTreeSet;
use std::io::Write;

use authn_load::{Plan, load};
use system_tests::cluster::Cluster;
use system_tests::environment::server_binaries;
use system_tests::ledger::{COUNTERS_ARE_THE_LOG, NUMBERS_HAVE_NO_GAP};
use tokio::task::JoinSet;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// Whether there is a Citus to be tested with; where there is none, whoever reads the log is told.
fn is_there() -> bool {
    let control = server_binaries().join("../../../../share/postgresql/15/extension/citus.control");
    if !control.exists() {
        // Past the capture of the test runner.
        let _ = std::io::stderr().write_all(
            b"SKIPPED: the tests of authn.distribute(), because Citus is not installed (13.2 for PostgreSQL 15 is what they were written with)\n",
        );
        return false;
    }
    true
}

async fn value<T>(client: &Client, query: &str, parameters: &[&(dyn ToSql + Sync)]) -> T
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    let row = client.query_one(query, parameters).await;
    row.unwrap_or_else(|error| panic!("{query}: {error:?}"))
        .get(0)
}

/// Nothing crashes here, so nothing waits for the disk.
const SETTINGS: &[&str] = &[
    "shared_preload_libraries=citus",
    "citus.shard_count=4",
    "fsync=off",
];

/// A machine with a tenant that was there before its storage was spread.
async fn loaded() -> Cluster {
    let cluster = Cluster::start(SETTINGS).await;
    let plan = Plan {
        users: 300,
        seed: 1,
        locked: 10,
        months: 1,
        attempts: 2,
        end: None,
        name: "Spread".to_owned(),
    };
    load(cluster.connection_string(), &plan, 1)
        .await
        .expect("a tenant");
    cluster
}

/// Makes a machine the coordinator, which logs in to every machine with the passwords that its own roles have.
async fn coordinate(cluster: &Cluster, client: &Client) {
    let mut fields = cluster.connection_string().split(' ');
    let password = fields.find(|field| field.starts_with("password="));
    let password = password.expect("a password");
    let port: i32 = value(client, "select current_setting('port')::int", &[]).await;
    client
        .batch_execute(&format!(
            "create extension citus;
             insert into pg_dist_authinfo values (0, 'postgres', '{password}'), (-1, 'postgres', '{password}');
             select citus_set_coordinator_host('127.0.0.1', {port});"
        ))
        .await
        .expect("Citus");
}

async fn spread(client: &Client) {
    let spread: i64 = value(client, "select authn.distribute()", &[]).await;
    assert!(spread > 0);
    let again: i64 = value(client, "select authn.distribute()", &[]).await;
    assert_eq!(again, 0, "nothing is left to be spread");
}

/// A machine that is coordinator and worker in one.
async fn distributed() -> (Cluster, Client) {
    let cluster = loaded().await;
    let client = cluster.connect().await.expect("a connection");
    coordinate(&cluster, &client).await;
    let holds = "select citus_set_node_property('127.0.0.1', current_setting('port')::int, 'shouldhaveshards', true)";
    client.execute(holds, &[]).await.expect("a worker");
    spread(&client).await;
    // Its settings are those of new connections.
    let client = cluster.connect().await.expect("a connection");
    (cluster, client)
}

/// A coordinator, and two machines that hold the users.
struct Machines {
    coordinator: Cluster,
    _workers: [Cluster; 2],
}

impl Machines {
    async fn start() -> Machines {
        let (coordinator, one, other) =
            tokio::join!(loaded(), Cluster::start(SETTINGS), Cluster::start(SETTINGS));
        let client = coordinator.connect().await.expect("a connection");
        coordinate(&coordinator, &client).await;
        let mut fields = coordinator.connection_string().split(' ');
        let password = fields.find_map(|field| field.strip_prefix("password="));
        let password = password.expect("a password");
        let mut everywhere = vec![coordinator.connect().await.expect("a connection")];
        for worker in [&one, &other] {
            let there = worker.connect().await.expect("a connection");
            let port: i32 = value(&there, "select current_setting('port')::int", &[]).await;
            there
                .batch_execute(&format!(
                    "set client_min_messages = warning;
                     drop schema authn_data cascade;
                     alter role postgres password '{password}';
                     create extension citus;"
                ))
                .await
                .expect("a worker");
            let add = "select citus_add_node('127.0.0.1', $1)";
            client.query(add, &[&port]).await.expect("a node");
            everywhere.push(there);
        }

        let refused = client.query("select authn.distribute()", &[]).await;
        let refused = refused.expect_err("nobody can log in yet");
        let refused = refused.as_db_error().expect("the server refuses");
        assert_eq!(
            refused.message(),
            "authn_owner cannot log in to the other machines"
        );
        for role in ["authn_owner", "authn_engine"] {
            for there in &everywhere {
                there
                    .batch_execute(&format!(
                        "set citus.enable_ddl_propagation = off;
                         alter role {role} login password '{password}';
                         insert into pg_dist_authinfo
                         values (0, '{role}', 'password={password}'), (-1, '{role}', 'password={password}');"
                    ))
                    .await
                    .expect("a login");
            }
        }
        spread(&client).await;
        Machines {
            coordinator,
            _workers: [one, other],
        }
    }

    /// A connection that acts for a tenant with the rights of a role.
    async fn acting(&self, tenant: Uuid, role: &str) -> Client {
        let client = self.coordinator.connect().await.expect("a connection");
        client
            .batch_execute(&format!(
                "set authn.tenant = '{tenant}'; set authn.actor = 'ana'; set authn.ip = '192.0.2.7'; set role {role};"
            ))
            .await
            .expect("a caller");
        client
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_unlocks_and_actions_do_what_they_did_before() {
    if !is_there() {
        return;
    }
    let (_cluster, client) = distributed().await;
    let locked = "select count(*) from authn.locked_now";
    assert_eq!(value::<i64>(&client, locked, &[]).await, 10);

    let tenant: Uuid = value(&client, "select tenant_id from authn.tenants", &[]).await;
    let app: Uuid = value(
        &client,
        "select app_id from authn.apps order by 1 limit 1",
        &[],
    )
    .await;
    let create = "select authn.create_user($1, 'ana@example.com', '+49 151 1234567', 'Ana')";
    let user: Uuid = value(&client, create, &[&tenant]).await;
    let register = "select authn.register_authenticator($1, 'password', $2)";
    let password: Uuid = value(&client, register, &[&user, &app]).await;

    let attempt = "select r.outcome || ' ' || r.status from authn.record_attempt($1, $2, $3, $4) r";
    let mut outcomes = Vec::new();
    for right in [true, false, false, false, false, false, false, true] {
        let outcome: String = value(&client, attempt, &[&user, &password, &app, &right]).await;
        outcomes.push(outcome);
    }
    assert_eq!(
        outcomes,
        [
            "succeeded active",
            "failed active",
            "failed active",
            "failed active",
            "failed active",
            "failed locked",
            "refused locked",
            "refused locked"
        ]
    );
    assert_eq!(value::<i64>(&client, locked, &[]).await, 11);

    let act = |statement: &'static str| {
        let client = &client;
        async move { value::<i64>(client, statement, &[&user]).await }
    };
    let unlocked = "select count(*) from authn.unlock($1, 'password', (select app_id from authn.apps order by 1 limit 1))";
    assert_eq!(act(unlocked).await, 1);
    assert_eq!(act("select count(*) from authn.suspend_user($1)").await, 4);
    assert_eq!(
        act("select count(*) from authn.reinstate_user($1)").await,
        4
    );
    let changed = "select authn.update_user($1, 'new@example.com', null, 'Ana')";
    client.execute(changed, &[&user]).await.expect("a change");
    assert_eq!(
        act("select count(*) from authn.authenticators where user_id = $1").await,
        3,
        "the password, and the two ways of the new address"
    );

    let late = "select authn.create_app($1, 'Late')";
    let late: Uuid = value(&client, late, &[&tenant]).await;
    let policy = r#"select authn.set_lockout_policy($1, 'password', '[{"failures": 2, "duration": "1 hour"}]', app_id => $2)"#;
    client
        .query(policy, &[&tenant, &late])
        .await
        .expect("a policy");

    let views = "select relname::text from pg_class where relnamespace = 'authn'::regnamespace and relkind = 'v'";
    for row in client.query(views, &[]).await.expect("the views") {
        let view: String = row.get(0);
        let read = client
            .simple_query(&format!("select * from authn.{view}"))
            .await;
        read.unwrap_or_else(|error| panic!("{view}: {error:?}"));
    }
    let reported =
        "select sum(d.attempts)::bigint from authn.daily_attempts d where d.outcome <> 'refused'";
    let recorded = "select count(*) from authn.events e where e.kind in ('attempt_succeeded', 'attempt_failed')";
    assert_eq!(
        value::<i64>(&client, reported, &[]).await,
        value::<i64>(&client, recorded, &[]).await
    );

    for (claim, exceptions) in [NUMBERS_HAVE_NO_GAP, COUNTERS_ARE_THE_LOG] {
        let found = client.query(exceptions, &[]).await;
        let found = found.unwrap_or_else(|error| panic!("{claim}: {error:?}"));
        assert!(found.is_empty(), "{claim}");
    }
}

const ATTEMPT: &str =
    "select r.outcome || ' ' || r.status from authn.record_attempt($1, $2, $3, $4) r";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_user_is_told_reaches_the_machine_that_has_him() {
    if !is_there() {
        return;
    }
    let machines = Machines::start().await;
    let client = machines.coordinator.connect().await.expect("a connection");
    let tenant: Uuid = value(&client, "select tenant_id from authn.tenants", &[]).await;
    let app = "select app_id from authn.apps order by 1 limit 1";
    let app: Uuid = value(&client, app, &[]).await;
    let service = machines.acting(tenant, "authn_service").await;
    let support = machines.acting(tenant, "authn_support").await;
    let admin = machines.acting(tenant, "authn_admin").await;

    let mut ports = BTreeSet::new();
    let mut users = Vec::new();
    for number in 0..6 {
        let email = format!("ana{number}@example.com");
        let create = "select authn.create_user($1, $2)";
        let user: Uuid = value(&service, create, &[&tenant, &email]).await;
        let register = "select authn.register_authenticator($1, 'password', $2)";
        let password: Uuid = value(&service, register, &[&user, &app]).await;
        let port = "select nodeport from citus_shards
            where shardid = get_shard_id_for_distribution_column('authn_data.users', $1::uuid)";
        ports.insert(value::<i32>(&client, port, &[&user]).await);
        users.push((user, password));
    }
    assert_eq!(ports.len(), 2, "users of both machines");

    for (user, password) in &users {
        let mut outcomes = Vec::new();
        for right in [true, false, false, false, false, false, true] {
            let parameters: [&(dyn ToSql + Sync); 4] = [user, password, &app, &right];
            outcomes.push(value::<String>(&service, ATTEMPT, &parameters).await);
        }
        assert_eq!(outcomes[0], "succeeded active");
        assert_eq!(
            outcomes[4..],
            ["failed active", "failed locked", "refused locked"]
        );
        let unlock = "select count(*) from authn.unlock($1, 'password', $2)";
        assert_eq!(value::<i64>(&support, unlock, &[user, &app]).await, 1);
        let begin = "select attempt_id from authn.begin_attempt($1, $2, $3)";
        let attempt: Uuid = value(&service, begin, &[user, password, &app]).await;
        let complete = "select r.outcome from authn.complete_attempt($1, $2, true) r";
        let completed: String = value(&service, complete, &[user, &attempt]).await;
        assert_eq!(completed, "succeeded");
        for action in ["suspend_user", "reinstate_user"] {
            let act = format!("select count(*) from authn.{action}($1)");
            assert_eq!(value::<i64>(&admin, &act, &[user]).await, 3, "{action}");
        }
        let told = "select count(*) from authn.events
            where user_id = $1 and (actor, role, ip) = ('ana', 'authn_service', '192.0.2.7') and kind::text like 'attempt\\_%'";
        assert_eq!(
            value::<i64>(&client, told, &[user]).await,
            8,
            "who and from where"
        );
    }

    for (claim, exceptions) in [NUMBERS_HAVE_NO_GAP, COUNTERS_ARE_THE_LOG] {
        let found = client.query(exceptions, &[]).await;
        let found = found.unwrap_or_else(|error| panic!("{claim}: {error:?}"));
        assert!(found.is_empty(), "{claim}");
    }

    // What is on every machine is written on every machine.
    let late = "select authn.create_app($1, 'Late')";
    let late: Uuid = value(&admin, late, &[&tenant]).await;
    let set = r#"select authn.set_lockout_policy($1, 'password', '[{"failures": 2, "duration": "1 hour"}]', app_id => $2)"#;
    admin.query(set, &[&tenant, &late]).await.expect("a policy");
    for (user, _) in &users {
        let register = "select authn.register_authenticator($1, 'password', $2)";
        let password: Uuid = value(&service, register, &[user, &late]).await;
        let parameters: [&(dyn ToSql + Sync); 4] = [user, &password, &late, &false];
        value::<String>(&service, ATTEMPT, &parameters).await;
        let outcome: String = value(&service, ATTEMPT, &parameters).await;
        assert_eq!(outcome, "failed locked", "by the policy of the app");
    }

    // Never more than five wrong guesses, however many guess at once.
    for (user, password) in [users[0], users[1], users[2]] {
        let mut guesses = JoinSet::new();
        for _ in 0..12 {
            let service = machines.acting(tenant, "authn_service").await;
            guesses.spawn(async move {
                let mut answered = 0;
                for _ in 0..3 {
                    let parameters: [&(dyn ToSql + Sync); 4] = [&user, &password, &app, &false];
                    let outcome: String = value(&service, ATTEMPT, &parameters).await;
                    answered += usize::from(outcome.starts_with("failed"));
                }
                answered
            });
        }
        let answered: usize = guesses.join_all().await.into_iter().sum();
        assert_eq!(answered, 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_machine_believes_nothing_that_a_client_says_of_itself() {
    if !is_there() {
        return;
    }
    let machines = Machines::start().await;
    let client = machines.coordinator.connect().await.expect("a connection");
    let tenant: Uuid = value(&client, "select tenant_id from authn.tenants", &[]).await;
    let user: Uuid = value(&client, "select user_id from authn.users limit 1", &[]).await;
    client
        .batch_execute(
            "create role stranger login password 'secret';
             grant authn_support to stranger;
             select authn.bind_role('stranger', authn.create_tenant('Strange'), 'authn_support');",
        )
        .await
        .expect("somebody else's support");

    let code = |error: tokio_postgres::Error| error.code().map(|code| code.code().to_owned());
    let stranger = machines
        .coordinator
        .connection_string_of("stranger", "secret");
    let (stranger, connection) = tokio_postgres::connect(&stranger, NoTls)
        .await
        .expect("a login");
    tokio::spawn(connection);
    let unlock = "select * from authn.unlock($1, 'sms_otp', null)";
    let refused = stranger.query(unlock, &[&user]).await;
    assert_eq!(
        code(refused.expect_err("another tenant's")).as_deref(),
        Some("AU001")
    );
    stranger
        .batch_execute(&format!(
            "begin;
             set local citus.propagate_set_commands = 'local';
             set local authn.tenant = '{tenant}';
             set local authn.role = 'authn_operator';"
        ))
        .await
        .expect("settings");
    let refused = stranger.query(unlock, &[&user]).await;
    assert_eq!(
        code(refused.expect_err("its settings travel")).as_deref(),
        Some("AU001")
    );

    let service = machines.acting(tenant, "authn_service").await;
    let refused = service.query(unlock, &[&user]).await;
    assert_eq!(
        code(refused.expect_err("a service")).as_deref(),
        Some("42501")
    );
    // What is not about one user is not answered by halves.
    let admin = machines.acting(tenant, "authn_admin").await;
    let everybody = "select count(*) from authn.statuses_at($1, now())";
    let refused = admin.query(everybody, &[&tenant]).await;
    assert_eq!(
        code(refused.expect_err("many users")).as_deref(),
        Some("0A000")
    );
}
