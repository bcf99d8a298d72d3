//! Hours of a working day in short: attempts, unlocks, suspensions and screens at about 70 % of what the machine
//! does at most, with autovacuum. Tables, the gateway and the server's processes stay as small as they were.
//!
//! `SOAK_SECONDS` says how long; the report goes to the standard error output.

mod load;
mod measure;

use std::env;
use std::sync::Arc;
use std::time::Duration;

use authn_load::{Plan, load as load_tenant};
use load::{Load, Pace};
use measure::Measure;
use system_tests::cluster::Cluster;
use system_tests::gateway::Gateway;
use system_tests::wait::until;

/// Of what the machine does at most.
const LOAD: f64 = 0.7;

/// How much larger a row may become, its indexes and everything dead around it included.
const GROWTH: f64 = 1.5;

/// How many updates of the row of a lock domain must stay on its page, in percent.
const IN_PLACE: f64 = 95.0;

fn length() -> Duration {
    let seconds = env::var("SOAK_SECONDS").map_or(20, |seconds| {
        seconds.parse().expect("SOAK_SECONDS is a whole number")
    });
    Duration::from_secs(seconds)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_grows_under_a_steady_load() {
    let cluster = Cluster::start(&[
        "max_connections=60",
        "autovacuum_naptime=1s",
        "autovacuum_vacuum_cost_delay=0",
    ])
    .await;
    let client = cluster.connect().await.expect("a connection");
    let plan = Plan {
        users: 2_000,
        seed: 1,
        locked: 200,
        months: 1,
        attempts: 2,
        end: None,
        name: "Soak".to_owned(),
    };
    let loaded = load_tenant(cluster.connection_string(), &plan, 1)
        .await
        .expect("a tenant");
    client
        .batch_execute("alter role authn_gateway password 'of the soak'")
        .await
        .expect("a password");
    let url = cluster.connection_string_of("authn_gateway", "'of the soak'");
    let gateway = Gateway::at(&url, &[]);
    let load = Arc::new(Load::new(&client, &loaded.tenant, &url, gateway).await);

    // As fast as it goes: what the machine does at most, and the way into the steady state.
    let warming = length() / 5;
    let most = load.run(Pace::Unbounded, warming).await;
    let before = Measure::take(&client, &load).await;
    eprintln!("at most {:.0}/s; before {before}", most.per_second());

    let per_second = LOAD * most.per_second();
    for tenth in 1..=10 {
        let done = load.run(Pace::PerSecond(per_second), length() / 10).await;
        eprintln!("{tenth:>2}/10 of {:?}: {done}", length());
    }
    let after = Measure::take(&client, &load).await;
    eprintln!("after {after}");

    let in_place = after.in_place_since(&before);
    eprintln!("{in_place:.2} % of the updates of a lock domain in place");
    assert!(in_place >= IN_PLACE, "{in_place} % in place");
    for (table, size) in &after.tables {
        let most = before.tables[table].bytes_of(size.rows) * GROWTH + measure::SLACK;
        assert!(
            size.bytes <= most,
            "{table} has grown: {before}, then {after}"
        );
    }
    for (whose, now, then) in [
        ("gateway", after.gateway, before.gateway),
        ("server process", after.backend, before.backend),
    ] {
        let most = then * 1.25 + measure::SLACK_OF_MEMORY;
        assert!(now <= most, "a {whose} has grown: {before}, then {after}");
    }
    until("autovacuum has been there", || async {
        measure::was_tended(&client).await.then_some(())
    })
    .await;
}
