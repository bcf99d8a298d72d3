//! A gateway that is told to stop answers what it has begun, and cuts off what takes too long.

use std::thread;

use serde_json::json;
use system_tests::database::Database;
use system_tests::gateway::{Answer, Gateway};
use system_tests::tenants::Tenant;
use system_tests::wait::until;
use tokio_postgres::Client;

const USERS: &str = "{ users { nodes { uuid } } }";

/// A gateway with a request that waits for a lock, and who holds it.
struct World {
    gateway: Gateway,
    holder: Client,
    /// The request's answer, or `None` where the connection was cut off.
    request: thread::JoinHandle<Option<Answer>>,
    _database: Database,
}

impl World {
    async fn start(grace: &str) -> World {
        let database = Database::empty();
        let tenant = Tenant::create(&database, "north");
        let settings = [("SHUTDOWN_TIMEOUT", grace), ("STATEMENT_TIMEOUT", "1m")];
        let gateway = Gateway::with(&database, &settings);
        let token = tenant.token(&gateway, "admin", "somebody");
        let holder = database.connect().await;
        holder
            .batch_execute("begin; lock table authn_data.users in access exclusive mode")
            .await
            .expect("the table is held");
        let request = gateway.begin(&token, USERS, &json!({}));
        until("the request waits", || async {
            let waiting = "select count(*) from pg_locks l join pg_database d on d.oid = l.database \
                where not l.granted and d.datname = current_database()";
            let row = holder.query_one(waiting, &[]).await.expect("an answer");
            (row.get::<_, i64>(0) > 0).then_some(())
        })
        .await;
        World {
            gateway,
            holder,
            request,
            _database: database,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_is_answered() {
    let mut world = World::start("1m").await;
    world.gateway.terminate();
    until("it stops", || async {
        world.gateway.log().contains("stopping").then_some(())
    })
    .await;
    world
        .holder
        .batch_execute("rollback")
        .await
        .expect("let go");
    let answer = world
        .request
        .join()
        .expect("the client")
        .expect("an answer");
    assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
    assert!(world.gateway.wait(), "it ends well");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_is_cut_off() {
    let mut world = World::start("1s").await;
    world.gateway.terminate();
    assert!(world.gateway.wait(), "it ends well");
    assert!(world.gateway.log().contains("requests were cut off"));
    assert!(world.request.join().expect("the client").is_none());
    drop(world.holder);
}
