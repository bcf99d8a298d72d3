//! What installing the extension does to a cluster, which its databases share.

use std::time::Duration;

use system_tests::cluster::Cluster;
use tokio_postgres::{Client, NoTls};

async fn connect(cluster: &Cluster, database: &str) -> Client {
    let string = format!("{} dbname={database}", cluster.connection_string());
    let (client, connection) = tokio_postgres::connect(&string, NoTls)
        .await
        .expect("the cluster accepts a connection");
    tokio::spawn(connection);
    client
}

/// The roles belong to the cluster, and a cluster without them gets them from whichever database is first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_databases_of_a_cluster_without_the_roles_get_the_extension_at_once() {
    let cluster = Cluster::start(&[]).await;
    let administrator = connect(&cluster, "postgres").await;
    administrator
        .batch_execute(
            "set client_min_messages = error;
             drop schema authn_data cascade;
             drop extension pg_authn;
             do $$
             declare
                 v_role name;
             begin
                 for v_role in select rolname from pg_roles where rolname ~ '^authn_' loop
                     execute format('drop owned by %I', v_role);
                     execute format('drop role %I', v_role);
                 end loop;
             end
             $$",
        )
        .await
        .expect("a cluster without the roles");
    for statement in ["create database one", "create database two"] {
        administrator
            .batch_execute(statement)
            .await
            .expect(statement);
    }

    let first = connect(&cluster, "one").await;
    first
        .batch_execute("begin; create extension pg_authn")
        .await
        .expect("the first");
    let second = connect(&cluster, "two").await;
    let second = tokio::spawn(async move {
        second.batch_execute("create extension pg_authn").await?;
        second.batch_execute("select authn.migrate()").await
    });
    let waiting = "select exists (select from pg_stat_activity where datname = 'two' and wait_event_type = 'Lock')";
    while !administrator
        .query_one(waiting, &[])
        .await
        .expect("who waits")
        .get::<_, bool>(0)
    {
        assert!(!second.is_finished(), "the second waits for the first");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first
        .batch_execute("commit")
        .await
        .expect("the first commits");
    second
        .await
        .expect("the second ends")
        .expect("and finds the roles");
    first
        .batch_execute("select authn.migrate()")
        .await
        .expect("the first works");
}
