//! What went wrong in other products and cannot be told in one session: it takes real connections, or the
//! gateway. Each test has the name of what went wrong; `tests/sql/regressions/README.md` lists all of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use system_tests::database::Database;
use system_tests::filters;
use system_tests::gateway::Gateway;
use system_tests::world::{
    World, assert_the_log_has_no_gap, complete, count, guess, one, reserve, unlock,
};
use tokio::sync::Barrier;

const VALID_LOGINS: usize = 200;

/// Two nodes that saw the same expired window both began to count at one: the failure of one of them was lost, and
/// an attacker who kept to the window's edge had more guesses than N.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_at_the_edge_of_the_window_lost_a_failure() {
    let world = World::new(16).await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let client = world.database.connect().await;
    for round in 0..10_i64 {
        for _ in 0..4 {
            assert_eq!(guess(&client, user, password, app, false).await, "failed");
        }
        // The window ends while all of them are on their way.
        let edge = Arc::new(Barrier::new(16));
        let outcomes = world
            .at_once(move |client, number| {
                let edge = Arc::clone(&edge);
                async move {
                    if number == 0 {
                        client
                            .execute(
                                "update authn_data.contexts c
                                 set last_failure_at = clock_timestamp() - interval '15 minutes' + $2 * interval '1 millisecond'
                                 where c.authenticator_id = $1",
                                &[&password, &(round as f64)],
                            )
                            .await
                            .expect("time passes");
                    }
                    edge.wait().await;
                    vec![guess(&client, user, password, app, false).await]
                }
            })
            .await;
        // Within the window the first is the fifth; after it there are five again.
        let failed = count(&outcomes, "failed");
        assert!(
            failed == 1 || failed == 5,
            "round {round}: {failed} answered"
        );
        assert_eq!(count(&outcomes, "refused"), 16 - failed, "round {round}");
        unlock(&world, "password").await;
    }
    assert_the_log_has_no_gap(&world).await;
}

/// Each attempt was counted as a failure until it had succeeded: logins at the same moment locked out a user
/// who knew the password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn valid_logins_at_once_locked_their_user_out() {
    let world = World::new(VALID_LOGINS).await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let outcomes = world
        .at_once(
            move |client, _| async move { vec![guess(&client, user, password, app, true).await] },
        )
        .await;
    assert_all_passed(&world, &outcomes).await;
}

/// The same by reservation, where some are told to ask again, and nobody that it is locked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn valid_logins_at_once_were_told_locked() {
    let world = World::new(VALID_LOGINS).await;
    let (user, sms, apps) = (world.user, world.sms, world.apps.clone());
    let outcomes = world
        .at_once(move |client, number| {
            let app = apps[number % apps.len()];
            async move {
                loop {
                    // Busy is answered at once and may be asked again; locked would be a broken promise.
                    match reserve(&client, user, sms, app).await {
                        Ok(attempt) => return vec![complete(&client, user, attempt, true).await],
                        Err(decision) if decision == "busy" => {}
                        Err(decision) => return vec![decision],
                    }
                }
            }
        })
        .await;
    assert_all_passed(&world, &outcomes).await;
}

async fn assert_all_passed(world: &World, outcomes: &[String]) {
    assert_eq!(count(outcomes, "succeeded"), VALID_LOGINS);
    let locks = "select count(*) from authn_data.locks";
    assert_eq!(world.number(locks).await, 0);
    assert_the_log_has_no_gap(world).await;
}

/// The failure was written in the transaction of the login, and when that was rolled back because the login had
/// failed, so was the failure: no guess was ever counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_back_the_login_rolled_back_the_failure() {
    let world = World::new(1).await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let attempts = world.database.connect().await;
    let mut login = world.database.connect().await;
    for number in 1..=5 {
        let transaction = login.transaction().await.expect("a transaction");
        transaction
            .execute("create table public.login_session (user_id uuid)", &[])
            .await
            .expect("the login service writes something of its own");
        assert_eq!(guess(&attempts, user, password, app, false).await, "failed");
        transaction.rollback().await.expect("a rollback");
        assert_eq!(
            one::<i32>(
                &attempts,
                "select failures from authn.contexts where authenticator_id = $1",
                &[&password]
            )
            .await,
            number
        );
    }
    assert_eq!(guess(&attempts, user, password, app, true).await, "refused");
}

/// A right secret, verified before the lock was set, arrived after it, cleared the counter and the lock with it, and
/// let its owner in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_at_the_same_moment_wiped_a_new_lock() {
    let world = World::new(32).await;
    let (user, password, app) = (world.user, world.password, world.apps[0]);
    let client = world.database.connect().await;
    let mut locks = 0;
    for round in 0..10 {
        for _ in 0..4 {
            assert_eq!(guess(&client, user, password, app, false).await, "failed");
        }
        world
            .at_once(move |client, number| async move {
                vec![guess(&client, user, password, app, number % 4 == 0).await]
            })
            .await;
        let seen = client
            .query_one(
                "with round as (
                     select e.kind, e.number
                     from authn_data.events e
                     where e.authenticator_id = $1
                       and e.number > (
                           select coalesce(max(u.number), 0)
                           from authn_data.events u
                           where u.authenticator_id = $1 and u.kind = 'unlocked'
                       )
                 )
                 select count(*) filter (where r.kind = 'locked') as locks,
                     count(*) filter (where r.number > l.number and r.kind <> 'locked') as later,
                     (select c.status::text from authn.contexts c where c.authenticator_id = $1) as status
                 from round r
                 left join round l on l.kind = 'locked'",
                &[&password],
            )
            .await
            .expect("the log of the round");
        if seen.get::<_, i64>("locks") > 0 {
            locks += 1;
            assert_eq!(
                seen.get::<_, i64>("later"),
                0,
                "round {round}: nothing counts after the lock"
            );
            assert_eq!(seen.get::<_, &str>("status"), "locked", "round {round}");
        }
        unlock(&world, "password").await;
    }
    assert!(locks > 0, "no round in which a lock was set");
}

/// The demo tenant behind a gateway, asked by its administrator.
struct Demo {
    database: Database,
    gateway: Gateway,
    token: String,
}

impl Demo {
    fn start() -> Demo {
        let database = Database::with_demo();
        let gateway = Gateway::over(&database);
        let tenant = database.value("select tenant_id from authn.tenants");
        let token = gateway.token(&tenant, "admin", &[]);
        Demo {
            database,
            gateway,
            token,
        }
    }

    fn data(&self, query: &str, variables: &Value) -> Value {
        self.gateway.data(&self.token, query, variables)
    }

    fn number(&self, query: &str) -> usize {
        self.database.value(query).parse().expect("a number")
    }

    /// The uuids of every page of a list, and the total that each page told.
    fn walk(&self, list: &str, filter: &Value) -> (Vec<String>, usize) {
        let query = match list {
            "users" => {
                "query Walk($search: String, $status: UserStatus, $hasAuthenticator: AuthenticatorFilter, $after: String) {
                    list: users(search: $search, status: $status, hasAuthenticator: $hasAuthenticator, first: 100, after: $after) {
                        totalCount nodes { uuid } pageInfo { hasNextPage endCursor }
                    }
                }"
            }
            _ => {
                "query Walk($filter: AuthenticatorFilter, $after: String) {
                    list: authenticators(filter: $filter, first: 100, after: $after) {
                        totalCount nodes { uuid } pageInfo { hasNextPage endCursor }
                    }
                }"
            }
        };
        let mut variables = filter.clone();
        let (mut seen, mut totals) = (Vec::new(), BTreeSet::new());
        loop {
            let page = self.data(query, &variables)["list"].clone();
            totals.insert(page["totalCount"].as_u64().expect("a total"));
            let nodes = page["nodes"].as_array().expect("nodes");
            seen.extend(nodes.iter().map(|node| node["uuid"].to_string()));
            if page["pageInfo"]["hasNextPage"] != true {
                assert_eq!(
                    totals.len(),
                    1,
                    "the total is the same on every page: {totals:?}"
                );
                let total = totals.first().copied().unwrap_or_default();
                return (seen, usize::try_from(total).expect("small"));
            }
            variables["after"] = page["pageInfo"]["endCursor"].clone();
        }
    }

    /// The names of the fields of an input, or of the arguments of a query.
    fn documented(&self, query: &str, path: &str) -> BTreeSet<String> {
        self.data(query, &json!({}))
            .pointer(path)
            .and_then(Value::as_array)
            .unwrap_or_else(|| panic!("{path}"))
            .iter()
            .map(|field| field["name"].as_str().expect("a name").to_owned())
            .collect()
    }
}

/// A filter was documented, accepted and ignored, or applied to the rows and not to their total.
#[test]
fn a_documented_filter_did_not_filter() {
    let demo = Demo::start();
    let wallet = filters::wallet(&demo.database);
    let described = filters::cases(&demo.database);
    assert_eq!(
        demo.documented(
            "{ __type(name: \"AuthenticatorFilter\") { inputFields { name } } }",
            "/__type/inputFields"
        ),
        described
            .iter()
            .map(|(name, ..)| (*name).to_owned())
            .collect(),
        "every filter has its case here"
    );

    let check = |list: &str, filter: Value, everything: &str, condition: &str| {
        let (seen, total) = demo.walk(list, &filter);
        assert_eq!(
            seen.len(),
            total,
            "{filter}: the total of {list} is the rows"
        );
        assert_eq!(
            total,
            demo.number(&format!("{everything} where {condition}")),
            "{filter}: of {list}"
        );
        assert!(
            total > 0 && total < demo.number(everything),
            "{filter}: {total} of {list} tell nothing"
        );
    };
    let all_authenticators = "select count(*) from authn.authenticators a";
    let all_users = "select count(*) from authn.users u";
    for (name, value, condition) in &described {
        check(
            "authenticators",
            json!({ "filter": { *name: value } }),
            all_authenticators,
            condition,
        );
        check(
            "users",
            json!({ "hasAuthenticator": { *name: value } }),
            all_users,
            &format!(
                "exists (select from authn.authenticators a where a.user_id = u.user_id and {condition})"
            ),
        );
    }
    check(
        "authenticators",
        json!({ "filter": { "app": wallet, "contextStatus": ["ACTIVE"], "method": ["PASSWORD"] } }),
        all_authenticators,
        &format!(
            "a.method = 'password' and {}",
            filters::in_some_app(&format!("c.app_id = '{wallet}' and c.status = 'active'"))
        ),
    );
    check(
        "users",
        json!({ "status": "SUSPENDED" }),
        all_users,
        "u.status = 'suspended'",
    );
    check(
        "users",
        json!({ "search": "mixed" }),
        all_users,
        "u.display_name ilike '%mixed%'",
    );

    let of_a_user = demo.data(
        "{ users(search: \"Mia Mixed\", first: 1) { nodes {
            pins: authenticators(first: 100, filter: { method: [PIN] }) { totalCount nodes { method } }
        } } }",
        &json!({}),
    );
    assert_eq!(
        of_a_user["users"]["nodes"][0]["pins"],
        json!({ "totalCount": 2, "nodes": [{ "method": "PIN" }, { "method": "PIN" }] })
    );
}

const UNLOCK: &str =
    "authenticatorsUnlock(input: $input) { changes { statusAfter } userErrors { code } }";

/// One request, counted as one, carried as many guesses as a list or as aliases hold.
#[test]
fn one_request_carried_many_guesses() {
    let demo = Demo::start();
    let written = "select (select count(*) from authn_data.events) + (select count(*) from authn_data.tenant_events)";
    let before = demo.number(written);
    let shop = demo
        .database
        .value("select app_id from authn.apps where name = 'Shop'");
    let mia = demo.data(
        "{ users(search: \"Mia Mixed\", first: 1) { nodes { id } } }",
        &json!({}),
    );
    let input =
        json!({ "userId": mia["users"]["nodes"][0]["id"], "method": "SMS_OTP", "appId": shop });
    let variables = json!({ "input": input });
    let bearer = format!("Bearer {}", demo.token);

    let single = json!({
        "query": format!("mutation Once($input: AuthenticatorsUnlockInput!) {{ {UNLOCK} }}"),
        "variables": variables,
    });
    let batch = demo.gateway.post(
        &[("authorization", &bearer)],
        &Value::Array(vec![single.clone(); 50]),
    );
    assert_eq!(
        (batch.status, &batch.body["errors"][0]["extensions"]["code"]),
        (400, &json!("BAD_USER_INPUT"))
    );

    let aliases: String = (0..21).map(|n| format!("a{n}: {UNLOCK} ")).collect();
    let aliased = demo.gateway.send(
        Some(&demo.token),
        &format!("mutation Often($input: AuthenticatorsUnlockInput!) {{ {aliases} }}"),
        &variables,
    );
    assert_eq!(
        aliased.body["errors"][0]["extensions"]["code"],
        "QUERY_TOO_COMPLEX"
    );
    assert_eq!(aliased.body["data"], Value::Null);

    let operations: String = (0..3)
        .map(|n| format!("mutation M{n}($input: AuthenticatorsUnlockInput!) {{ {UNLOCK} }} "))
        .collect();
    let unnamed = demo
        .gateway
        .send(Some(&demo.token), &operations, &variables);
    assert_eq!(
        unnamed.body["errors"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );

    assert_eq!(demo.number(written), before, "none of them did anything");
    let alone = demo.gateway.post(&[("authorization", &bearer)], &single);
    assert_eq!(
        alone.body["data"]["authenticatorsUnlock"]["userErrors"],
        json!([])
    );
    assert_eq!(
        demo.number(written),
        before + 1,
        "the same mutation alone does"
    );
}

/// Whoever counted requests counted fifty guesses as one: each alias verified a secret.
#[test]
fn aliases_in_one_request_were_as_many_guesses() {
    let demo = Demo::start();
    let target = demo.database.value(
        "select json_build_array(c.user_id, c.authenticator_id, c.app_id) from authn.contexts c \
         join authn.users u using (user_id) \
         where u.display_name = 'Mia Mixed' and c.method = 'password' and c.app_name = 'Shop'",
    );
    let [user, authenticator, app]: [String; 3] = serde_json::from_str(&target).expect("ids");
    let authenticator = URL_SAFE_NO_PAD.encode(format!("Authenticator:{user}:{authenticator}"));
    let variables =
        json!({ "input": { "authenticatorId": authenticator, "appId": app, "succeeded": false } });
    let service = demo.gateway.token(
        &demo.database.value("select tenant_id from authn.tenants"),
        "service",
        &[],
    );
    let written = "select (select count(*) from authn_data.events) + (select sum(failures) from authn_data.contexts)";
    let before = demo.number(written);

    let record = "attemptRecord(input: $input) { result { outcome } userErrors { code } }";
    let aliases: String = (0..20).map(|n| format!("a{n}: {record} ")).collect();
    for selection in [
        aliases.as_str(),
        &format!("{record} ... on Mutation {{ b: {record} }}"),
        &format!("{record} ...More"),
        "...More ...More",
        &format!("{record} b: attemptBegin(input: {{}}) @skip(if: true) {{ attemptId }}"),
    ] {
        let document = format!(
            "mutation Guess($input: AttemptRecordInput!) {{ {selection} }} \
             fragment More on Mutation {{ c: {record} }}"
        );
        let answer = demo.gateway.send(Some(&service), &document, &variables);
        assert_eq!(
            answer.body["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX",
            "{selection}"
        );
        assert_eq!(answer.body["data"], Value::Null, "{selection}");
    }
    assert_eq!(demo.number(written), before, "not even the first was made");

    let once = format!("mutation Guess($input: AttemptRecordInput!) {{ {record} }}");
    let outcomes: Vec<_> = (0..8)
        .map(|_| {
            let data = demo.gateway.data(&service, &once, &variables);
            data["attemptRecord"]["result"]["outcome"].clone()
        })
        .collect();
    let failed = outcomes
        .iter()
        .filter(|outcome| **outcome == "FAILED")
        .count();
    assert_eq!(failed, 5, "one by one, the policy's N: {outcomes:?}");
}

/// The address that a client wrote into a header was recorded as the one that it came from.
#[test]
fn a_forged_header_became_the_recorded_address() {
    let demo = Demo::start();
    let shop = demo
        .database
        .value("select app_id from authn.apps where name = 'Shop'");
    let mia = demo.data(
        "{ users(search: \"Mia Mixed\", first: 1) { nodes { id } } }",
        &json!({}),
    );
    let input =
        json!({ "userId": mia["users"]["nodes"][0]["id"], "method": "SMS_OTP", "appId": shop });
    let bearer = format!("Bearer {}", demo.token);
    let answer = demo.gateway.post(
        &[
            ("authorization", &bearer),
            ("x-forwarded-for", "203.0.113.7, 203.0.113.8"),
            ("forwarded", "for=203.0.113.7;proto=https"),
            ("x-real-ip", "203.0.113.7"),
            ("x-client-ip", "203.0.113.7"),
            ("true-client-ip", "203.0.113.7"),
            ("cf-connecting-ip", "203.0.113.7"),
        ],
        &json!({
            "query": format!("mutation Unlock($input: AuthenticatorsUnlockInput!) {{ {UNLOCK} }}"),
            "variables": { "input": input },
        }),
    );
    assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
    assert_eq!(
        demo.database.value("select distinct host(ip) from authn.events where kind = 'unlocked' and request_id is not null"),
        "127.0.0.1"
    );
}
