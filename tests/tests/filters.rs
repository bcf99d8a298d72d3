//! Every filter of authenticators filters, of a user's, across users, and of users by what they have; totals
//! equal rows.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use system_tests::demo::Demo;

const LISTS: &str = "query Filter($filter: AuthenticatorFilter!) {
    authenticators(first: 100, filter: $filter) { totalCount nodes { uuid } pageInfo { hasNextPage } }
    users(first: 100, hasAuthenticator: $filter) { totalCount nodes {
        uuid authenticators(first: 100, filter: $filter) { totalCount nodes { uuid } }
    } }
}";

fn uuids(nodes: &Value) -> BTreeSet<String> {
    let nodes = nodes.as_array().expect("nodes").iter();
    nodes
        .map(|node| node["uuid"].as_str().expect("a uuid").to_owned())
        .collect()
}

fn check(demo: &Demo, filter: &Value, condition: &str) {
    let told = demo.database.value(&format!(
        "select coalesce(json_agg(json_build_object('user', a.user_id, 'uuid', a.authenticator_id)), '[]') \
         from authn.authenticators a join authn.users u using (user_id) where {condition}"
    ));
    let told: Value = serde_json::from_str(&told).expect("rows");
    let expected = uuids(&told);
    assert!(
        !expected.is_empty() && expected.len() <= 100,
        "{filter}: {}",
        expected.len()
    );
    let data = demo.data("admin", LISTS, &json!({ "filter": filter }));
    let across = &data["authenticators"];
    assert_eq!(uuids(&across["nodes"]), expected, "{filter}");
    assert_eq!(across["totalCount"], expected.len(), "{filter}");
    let users = data["users"]["nodes"].as_array().expect("users");
    assert_eq!(data["users"]["totalCount"], users.len());
    let of_users: BTreeSet<_> = users
        .iter()
        .flat_map(|user| uuids(&user["authenticators"]["nodes"]))
        .collect();
    assert_eq!(of_users, expected, "{filter} of users");
    for user in users {
        assert_ne!(
            user["authenticators"]["totalCount"], 0,
            "{filter}: a user without"
        );
    }
}

#[test]
fn every_filter_of_authenticators_filters() {
    let demo = Demo::start();
    let value = |query: &str| demo.database.value(query);
    let since = value(
        "select to_json(percentile_disc(0.5) within group (order by locked_since))#>>'{}' from authn.contexts where locked_since is not null",
    );
    let early = value(
        "select to_json(percentile_disc(0.02) within group (order by coalesce(last_success_at, registered_at)))#>>'{}' from authn.authenticators",
    );
    let later = value(
        "select to_json(percentile_disc(0.03) within group (order by registered_at))#>>'{}' from authn.authenticators",
    );
    let first = value("select to_json(min(registered_at))#>>'{}' from authn.authenticators");
    let device = value(
        "select device_id from authn.authenticators where device_id is not null order by 1 limit 1",
    );
    let wallet = value("select app_id from authn.apps where name = 'Wallet'");
    let locked = "exists (select from authn.contexts c where c.user_id = a.user_id and c.authenticator_id = a.authenticator_id and c.status = 'locked'";
    for (filter, condition) in [
        (
            json!({ "status": ["LOCKED", "MIXED"] }),
            "a.status in ('locked', 'mixed')".to_owned(),
        ),
        (
            json!({ "status": ["LOCKED"] }),
            "a.status = 'locked'".to_owned(),
        ),
        // One that no app uses yet stands for itself.
        (
            json!({ "contextStatus": ["LOCKED"] }),
            format!("({locked}) or a.app_count = 0 and a.status = 'locked')"),
        ),
        (
            json!({ "contextStatus": ["LOCKED"], "app": wallet }),
            format!("{locked} and c.app_id = '{wallet}')"),
        ),
        (
            json!({ "lockedSince": since }),
            format!(
                "exists (select from authn.contexts c where c.user_id = a.user_id and c.authenticator_id = a.authenticator_id \
                 and c.locked_since >= '{since}')"
            ),
        ),
        (
            json!({ "lastUsedBefore": early }),
            format!("coalesce(a.last_success_at, a.registered_at) < '{early}'"),
        ),
        (
            json!({ "registeredBetween": { "since": first, "until": later } }),
            format!("a.registered_at >= '{first}' and a.registered_at < '{later}'"),
        ),
        (
            json!({ "device": device }),
            format!("a.device_id = '{device}'"),
        ),
        (
            json!({ "search": "MIA.mixed@" }),
            "strpos(a.identifier, 'mia.mixed@') > 0".to_owned(),
        ),
        (
            json!({ "search": " sue susp" }),
            "u.display_name = 'Sue Suspended'".to_owned(),
        ),
    ] {
        check(&demo, &filter, &condition);
    }
    let mia = value("select user_id from authn.users where display_name = 'Mia Mixed'");
    check(
        &demo,
        &json!({ "search": mia, "method": ["PIN"] }),
        &format!("a.user_id = '{mia}' and a.method = 'pin'"),
    );
}
