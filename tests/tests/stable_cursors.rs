//! Cursors under concurrent writes: whoever is there from the first page to the last is listed exactly once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use system_tests::demo::Demo;

/// A list, its arguments with `$at` for the cursor, forwards or backwards.
const LISTS: &[(&str, &str, bool)] = &[
    ("users", "users(first: 7, after: $at)", true),
    ("users", "users(last: 7, before: $at)", false),
    (
        "authenticators",
        "authenticators(first: 23, after: $at)",
        true,
    ),
    (
        "authenticators",
        "authenticators(last: 23, before: $at)",
        false,
    ),
    (
        "authenticators",
        "authenticators(first: 3, after: $at, filter: { contextStatus: [LOCKED] })",
        true,
    ),
    ("events", "events(first: 83, after: $at)", true),
];

/// How often each object is listed.
fn walk(demo: &Demo, token: &str, name: &str, list: &str, forwards: bool) -> HashMap<String, u32> {
    let (more, cursor) = match forwards {
        true => ("hasNextPage", "endCursor"),
        false => ("hasPreviousPage", "startCursor"),
    };
    let query = format!(
        "query Page($at: String) {{ it: {list} {{ nodes {{ uuid }} pageInfo {{ {more} {cursor} }} }} }}"
    );
    let (mut seen, mut at) = (HashMap::new(), Value::Null);
    loop {
        let page = demo.gateway.data(token, &query, &json!({ "at": at }))["it"].clone();
        for node in page["nodes"].as_array().expect("nodes") {
            let uuid = node["uuid"].as_str().expect("a uuid").to_owned();
            *seen.entry(uuid).or_insert(0) += 1;
        }
        if page["pageInfo"][more] != true {
            assert!(!seen.is_empty(), "{name}");
            return seen;
        }
        at = page["pageInfo"][cursor].clone();
    }
}

/// Users come and go before, between and behind those of the demo, are locked and unlocked.
const WRITES: &str = "do $$
declare
    v_tenant uuid := (select tenant_id from authn.tenants);
    v_app uuid := (select app_id from authn.apps where name = 'Shop');
    v_user uuid;
    v_password uuid;
begin
    for n in 1..5 loop
        v_user := authn.create_user(v_tenant, null, null, chr(65 + (random() * 25)::integer) || ' new');
        v_password := authn.register_authenticator(v_user, 'password', v_app);
        perform authn.record_attempt(v_user, v_password, v_app, false) from generate_series(1, 6);
        perform authn.unlock(v_user, 'password', v_app) where random() < 0.5;
        perform authn.remove_authenticator(v_user, v_password) where random() < 0.5;
    end loop;
end
$$";

#[test]
fn who_was_there_throughout_is_listed_once_in_both_directions() {
    let demo = Demo::start();
    let token = demo.token("admin");
    for (name, list, forwards) in LISTS {
        let before = walk(&demo, &token, name, list, *forwards);
        let done = AtomicBool::new(false);
        let during = thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut rounds = 0;
                while !done.load(Ordering::Relaxed) {
                    let _ = demo.database.psql(WRITES);
                    rounds += 1;
                }
                rounds
            });
            // At least one round of writes falls between the pages.
            let during = walk(&demo, &token, name, list, *forwards);
            done.store(true, Ordering::Relaxed);
            assert!(writer.join().expect("the writer ends") > 0);
            during
        });
        for uuid in before.keys() {
            assert_eq!(during.get(uuid), Some(&1), "{list}: {uuid}");
        }
        assert!(during.values().all(|times| *times == 1), "{list}");
    }
}
