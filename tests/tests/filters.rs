//! Every filter of authenticators filters, of a user's, across users, and of users by what they have; totals
//! equal rows.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use system_tests::demo::Demo;
use system_tests::filters;

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
    let mia = value("select user_id from authn.users where display_name = 'Mia Mixed'");
    for (name, told, condition) in filters::cases(&demo.database) {
        // A page has a hundred at most: what describes more is asked of one user.
        match name {
            "method" | "app" => check(
                &demo,
                &json!({ name: told, "search": mia }),
                &format!("{condition} and a.user_id = '{mia}'"),
            ),
            _ => check(&demo, &json!({ name: told }), &condition),
        }
    }
    let wallet = filters::wallet(&demo.database);
    for (filter, condition) in [
        (
            json!({ "status": ["LOCKED"] }),
            "a.status = 'locked'".to_owned(),
        ),
        (
            json!({ "contextStatus": ["LOCKED"], "app": wallet }),
            filters::in_some_app(&format!("c.status = 'locked' and c.app_id = '{wallet}'")),
        ),
        (
            json!({ "search": "MIA.mixed@" }),
            "strpos(a.identifier, 'mia.mixed@') > 0".to_owned(),
        ),
    ] {
        check(&demo, &filter, &condition);
    }
    check(
        &demo,
        &json!({ "search": mia, "method": ["PIN"] }),
        &format!("a.user_id = '{mia}' and a.method = 'pin'"),
    );
}
