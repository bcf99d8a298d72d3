//! The audit trail in the graph: everything that `authn.events` tells, newest first, page by page.

use serde_json::{Value, json};
use system_tests::demo::Demo;

const OF_TENANT: &str = "query Events($filter: EventFilter, $after: String) {
    events(filter: $filter, first: 100, after: $after) {
        totalCount nodes { ...E } pageInfo { hasNextPage endCursor }
    }
}
fragment E on Event {
    uuid at kind user { uuid } authenticator { uuid user { uuid } } app { uuid name } device { uuid } method
    actor role ip userAgent reason statusBefore statusAfter requestId details
}";

const OF_USER: &str = "query Events($uuid: UUID!, $filter: EventFilter, $after: String) {
    user(uuid: $uuid) {
        events(filter: $filter, first: 7, after: $after) {
            totalCount nodes { uuid kind user { uuid } } pageInfo { hasNextPage endCursor }
        }
    }
}";

/// Every event of a list, walked through with its cursors.
fn walk(mut page: impl FnMut(&Value) -> Value) -> Vec<Value> {
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let list = page(&after);
        seen.extend(list["nodes"].as_array().expect("nodes").iter().cloned());
        if list["pageInfo"]["hasNextPage"] != true {
            assert_eq!(list["totalCount"], seen.len());
            return seen;
        }
        after = list["pageInfo"]["endCursor"].clone();
    }
}

fn of_tenant(demo: &Demo, filter: &Value) -> Vec<Value> {
    walk(|after| {
        let variables = json!({ "filter": filter, "after": after });
        demo.data("admin", OF_TENANT, &variables)["events"].clone()
    })
}

fn of_user(demo: &Demo, user: &str, filter: &Value) -> Vec<Value> {
    walk(|after| {
        let variables = json!({ "uuid": user, "filter": filter, "after": after });
        demo.data("admin", OF_USER, &variables)["user"]["events"].clone()
    })
}

fn ids(events: &[Value]) -> Vec<&str> {
    let ids = events.iter().map(|event| event["uuid"].as_str());
    ids.map(|id| id.expect("an id")).collect()
}

/// The ids of the events for which a condition of SQL holds, newest first.
fn told(demo: &Demo, condition: &str) -> Vec<String> {
    let ids = demo.database.value(&format!(
        "select string_agg(event_id::text, ',' order by at desc, coalesce(number, 0) desc, event_id desc) \
         from authn.events where {condition}"
    ));
    let ids = ids.split(',').filter(|id| !id.is_empty());
    ids.map(str::to_owned).collect()
}

fn user(demo: &Demo, name: &str) -> String {
    demo.database.value(&format!(
        "select user_id from authn.users where display_name = '{name}'"
    ))
}

#[test]
fn the_graph_tells_every_event_once_and_in_order() {
    let demo = Demo::start();
    let expected = told(&demo, "true");
    let events = of_tenant(&demo, &json!(null));
    assert_eq!(ids(&events), expected);
    for name in ["Mia Mixed", "Sue Suspended", "Tom Timer"] {
        let user = user(&demo, name);
        let expected = told(&demo, &format!("user_id = '{user}'"));
        assert_eq!(ids(&of_user(&demo, &user, &json!(null))), expected);
    }
}

#[test]
fn an_event_says_what_the_database_says() {
    let demo = Demo::start();
    let told = demo.database.value(
        "select json_object_agg(event_id, to_jsonb(e)) from authn.events e where number is null or kind = 'locked'",
    );
    let told: Value = serde_json::from_str(&told).expect("events");
    let events = of_tenant(
        &demo,
        &json!({ "kind": ["LOCKED", "LOCK_EXPIRED", "DEACTIVATION_EXPIRED", "ATTEMPT_REFUSED"] }),
    );
    assert_eq!(
        told.as_object().map(serde_json::Map::len),
        Some(events.len())
    );
    assert!(!events.is_empty());
    for event in events {
        let row = &told[event["uuid"].as_str().expect("an id")];
        let label = |field: &str| event[field].as_str().map(str::to_lowercase);
        for (field, column) in [
            ("kind", "kind"),
            ("method", "method"),
            ("statusBefore", "status_before"),
            ("statusAfter", "status_after"),
        ] {
            assert_eq!(
                label(field).as_deref(),
                row[column].as_str(),
                "{field} {event}"
            );
        }
        assert_eq!(event["user"]["uuid"], row["user_id"]);
        assert_eq!(event["authenticator"]["uuid"], row["authenticator_id"]);
        assert_eq!(event["authenticator"]["user"]["uuid"], row["user_id"]);
        assert_eq!(event["app"]["uuid"], row["app_id"]);
        assert_eq!(event["device"]["uuid"], row["device_id"]);
        assert_eq!(event["actor"], row["actor"]);
        assert_eq!(event["ip"], row["ip"]);
        assert_eq!(event["details"], row["details"]);
    }
}

#[test]
fn every_filter_of_events_filters() {
    let demo = Demo::start();
    let mia = user(&demo, "Mia Mixed");
    let target = demo.database.value(&format!(
        "select json_build_array(authenticator_id, device_id, app_id, at) from authn.events \
         where user_id = '{mia}' and device_id is not null and app_id is not null order by at limit 1"
    ));
    let [authenticator, device, app, at]: [String; 4] =
        serde_json::from_str(&target).expect("an event on a device");
    let cases = [
        (json!({ "user": mia }), format!("user_id = '{mia}'")),
        (
            json!({ "authenticator": authenticator }),
            format!("authenticator_id = '{authenticator}'"),
        ),
        (
            json!({ "device": device }),
            format!("device_id = '{device}'"),
        ),
        (json!({ "app": app }), format!("app_id = '{app}'")),
        (
            json!({ "method": ["PIN", "TOTP"] }),
            "method in ('pin', 'totp')".to_owned(),
        ),
        (json!({ "kind": ["LOCKED"] }), "kind = 'locked'".to_owned()),
        (json!({ "kind": [] }), "false".to_owned()),
        (json!({ "actor": "demo" }), "actor = 'demo'".to_owned()),
        (json!({ "actor": "dem" }), "false".to_owned()),
        (json!({ "since": at }), format!("at >= '{at}'")),
        (json!({ "until": at }), format!("at < '{at}'")),
        (
            json!({ "app": app, "kind": ["LOCKED", "LOCK_EXPIRED"], "user": mia }),
            format!(
                "app_id = '{app}' and kind in ('locked', 'lock_expired') and user_id = '{mia}'"
            ),
        ),
    ];
    for (filter, condition) in cases {
        let expected = told(&demo, &condition);
        assert_eq!(ids(&of_tenant(&demo, &filter)), expected, "{filter}");
        let expected = told(&demo, &format!("user_id = '{mia}' and {condition}"));
        assert_eq!(
            ids(&of_user(&demo, &mia, &filter)),
            expected,
            "{filter} of a user"
        );
    }
    let other = user(&demo, "Sue Suspended");
    assert_eq!(
        of_user(&demo, &mia, &json!({ "user": other })),
        [] as [Value; 0],
        "of one user the events of another"
    );
}

#[test]
fn one_statement_answers_different_pages_of_events() {
    let demo = Demo::start();
    let query = "query Two($first: Int!, $kinds: [EventKind!]) {
        users(first: 5) { nodes {
            uuid
            all: events(first: $first) { nodes { uuid authenticator { method } } pageInfo { hasNextPage } }
            ...Some
        } }
    }
    fragment Some on User { some: events(filter: { kind: $kinds }) { totalCount nodes { kind } } }";
    let variables = json!({ "first": 2, "kinds": ["REGISTERED"] });
    let users = demo.data("support", query, &variables);
    for user in users["users"]["nodes"].as_array().expect("users") {
        let id = user["uuid"].as_str().expect("an id");
        let all = told(&demo, &format!("user_id = '{id}'"));
        assert_eq!(
            ids(user["all"]["nodes"].as_array().expect("nodes")),
            all[..2]
        );
        assert_eq!(user["all"]["pageInfo"]["hasNextPage"], all.len() > 2);
        let registered = told(&demo, &format!("user_id = '{id}' and kind = 'registered'"));
        assert_eq!(user["some"]["totalCount"], registered.len());
    }
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let demo = Demo::start();
    let users = demo.data(
        "support",
        "{ users(first: 1) { pageInfo { endCursor } } }",
        &json!({}),
    );
    let cursor = &users["users"]["pageInfo"]["endCursor"];
    let answer = demo.gateway.send(
        Some(&demo.token("support")),
        OF_TENANT,
        &json!({ "after": cursor }),
    );
    assert_eq!(
        answer.body["errors"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
}
