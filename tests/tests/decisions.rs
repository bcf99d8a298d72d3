//! Every field of the graph for every caller, against one table of decisions. What somebody adds to the
//! schema is in no row of `decisions/graph.txt` until somebody has decided about it.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use system_tests::database::Database;
use system_tests::environment::checkout;
use system_tests::gateway::{Answer, Gateway};
use system_tests::graph::{self, Field, OPERATIONS, PATHS};
use system_tests::streams::{Event, Events};
use system_tests::tenants::Tenant;
use uuid::Uuid;

const CALLERS: [&str; 6] = [
    "admin", "service", "support", "confined", "reader", "stranger",
];

/// The demo tenant, another one, and whom the operations are about.
struct World {
    database: Database,
    gateway: Gateway,
    demo: String,
    wallet: String,
    other: Tenant,
    real: Value,
}

impl World {
    fn start() -> World {
        let database = Database::with_demo();
        let other = Tenant::create(&database, "other");
        let gateway = Gateway::over(&database);
        let demo = database.value("select tenant_id from authn.tenants where name = 'Demo'");
        let wallet = database.value("select app_id from authn.apps where name = 'Wallet'");
        // A PIN is bound to everything that an id can name: a user, an app and a device.
        let target = database.value(
            "select json_build_array(user_id, authenticator_id, device_id) from authn.contexts \
             join authn.users using (user_id) \
             where display_name = 'Mia Mixed' and method = 'pin' and app_name = 'Wallet' \
             order by device_name limit 1",
        );
        let [user, authenticator, device]: [String; 3] =
            serde_json::from_str(&target).expect("a PIN of the demo");
        let real = ids(&user, &authenticator, &device, &wallet);
        World {
            database,
            gateway,
            demo,
            wallet,
            other,
            real,
        }
    }

    fn token(&self, caller: &str) -> String {
        let confined = ["--apps", &self.wallet];
        match caller {
            "confined" => self.gateway.token(&self.demo, "support", &confined),
            "stranger" => self.gateway.token(&self.other.id, "admin", &[]),
            role => self.gateway.token(&self.demo, role, &[]),
        }
    }

    /// Everything that is stored, in one number.
    fn stored(&self) -> String {
        let tables = self.database.value(
            "select string_agg(format('select %L || t::text as line from %s t', c.oid::regclass, c.oid::regclass), ' union all ') \
             from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind = 'r'",
        );
        self.database.value(&format!(
            "select md5(string_agg(line, e'\\n' order by line)) from ({tables}) everything"
        ))
    }
}

fn ids(user: &str, authenticator: &str, device: &str, app: &str) -> Value {
    let global = |text: String| URL_SAFE_NO_PAD.encode(text);
    json!({
        "uuid": user,
        "user": global(format!("User:{user}")),
        "authenticator": global(format!("Authenticator:{user}:{authenticator}")),
        "device": global(format!("Device:{user}:{device}")),
        "app": global(format!("App:{app}")),
        "appUuid": app,
    })
}

/// What became of a root field, in one word.
fn outcome(answer: &Answer) -> String {
    if let Some(code) = answer.body["errors"][0]["extensions"]["code"].as_str() {
        return code.to_lowercase();
    }
    let it = &answer.body["data"]["it"];
    if let Some(code) = it["userErrors"][0]["code"].as_str() {
        return code.to_lowercase();
    }
    let found = match it {
        Value::Object(fields) => match (fields.get("changes"), fields.get("nodes")) {
            (Some(changes), _) => return done(changes).to_owned(),
            (None, Some(nodes)) => nodes.as_array().is_some_and(|nodes| !nodes.is_empty()),
            (None, None) if fields.contains_key("lockoutPolicy") => return "done".to_owned(),
            (None, None) => true,
        },
        Value::Array(items) => items.iter().any(|item| !item.is_null()),
        other => !other.is_null(),
    };
    if found { "answers" } else { "nothing" }.to_owned()
}

fn done(changes: &Value) -> &'static str {
    match changes.as_array().is_some_and(Vec::is_empty) {
        true => "no_change",
        false => "done",
    }
}

/// What a caller sees of a field, beside what the administrator sees.
fn seen(caller: &[Value], admin: &[Value]) -> &'static str {
    match caller {
        [] => "nothing",
        values if values == admin => "same",
        values if values.iter().any(|value| value.to_string().contains('•')) => "masked",
        _ => "own",
    }
}

#[test]
fn every_field_is_decided_for_every_caller() {
    let world = World::start();
    let tokens = CALLERS.map(|caller| world.token(caller));
    let fields = graph::fields(&world.gateway, &tokens[0]);
    let (told, fields): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| {
        matches!(
            field.parent.as_str(),
            "Subscription" | "AuthenticatorChange"
        )
    });
    let (roots, others): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .partition(|field| matches!(field.parent.as_str(), "Query" | "Mutation"));
    let mut rows: Vec<_> = others
        .iter()
        .map(|field| (field.to_string(), sight(&world, &tokens, field)))
        .collect();
    rows.extend(outcomes(&roots));
    rows.extend(what_is_told(&world, &tokens, &told));
    rows.sort();

    let mut table = format!("{:48}{}\n", "field", columns(&CALLERS.map(String::from)));
    for (name, words) in rows {
        table += &format!("{name:48}{}\n", columns(&words));
    }
    let decided = fs::read_to_string(checkout().join("tests/decisions/graph.txt"));
    let decided = decided.unwrap_or_default();
    let missing: Vec<_> = table
        .lines()
        .filter(|line| !decided.lines().any(|decision| decision == *line))
        .collect();
    assert!(
        missing.is_empty(),
        "not as decided:\n{}",
        missing.join("\n")
    );
    let stale: Vec<_> = decided
        .lines()
        .filter(|line| !line.starts_with('#') && !table.lines().any(|row| row == *line))
        .collect();
    assert!(
        stale.is_empty(),
        "decided, but not so:\n{}",
        stale.join("\n")
    );
}

/// What each caller sees of a field of an object.
fn sight(world: &World, tokens: &[String], field: &Field) -> Vec<String> {
    let Some((_, path)) = PATHS.iter().find(|(kind, _)| *kind == field.parent) else {
        return vec!["as its mutation".to_owned()];
    };
    let operation = graph::select(path, field);
    let variables = json!({ "uuid": world.real["uuid"] });
    let values = tokens.iter().map(|token| {
        let data = world.gateway.data(token, &operation, &variables);
        let objects = graph::objects(&data, path).into_iter();
        objects
            .map(|object| object[&field.name].clone())
            .collect::<Vec<_>>()
    });
    let values: Vec<_> = values.collect();
    assert!(!values[0].is_empty(), "no example of {field}");
    let words = values.iter().map(|caller| seen(caller, &values[0]));
    words.map(str::to_owned).collect()
}

/// What each caller is told of one change, field by field. The stranger follows with a cursor of this tenant.
fn what_is_told(world: &World, tokens: &[String], fields: &[Field]) -> Vec<(String, Vec<String>)> {
    let after = world.database.value(&format!(
        "select cursor from authn.status_changes('{}')",
        world.demo
    ));
    let (user, app) = (&world.real["uuid"], &world.wallet);
    let _ = world.database.psql(&format!(
        "select authn.deactivate_authenticator(a.user_id, a.authenticator_id, '{app}', null, 'lost')
         from authn.contexts a
         where a.user_id = '{}' and a.app_id = '{app}' and a.method = 'pin'
         order by a.device_name limit 1;",
        user.as_str().expect("an id")
    ));
    let changes = || {
        fields
            .iter()
            .filter(|field| field.parent == "AuthenticatorChange")
    };
    let selection: Vec<_> = changes()
        .map(|field| match field.composite {
            true => format!("{} {{ __typename }}", field.name),
            false => field.name.clone(),
        })
        .collect();
    let operation = format!(
        "subscription It($after: String) {{ it: authenticatorChanged(after: $after) {{ {} }} }}",
        selection.join(" ")
    );
    let answers: Vec<_> = tokens
        .iter()
        .map(|token| {
            let variables = json!({ "after": after });
            let events = Events::open(&world.gateway, token, &operation, &variables);
            match events.expect("a stream").next() {
                Event::Next(answer) => answer,
                other => panic!("{other:?}"),
            }
        })
        .collect();
    let words = answers.iter().map(|answer| {
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        code.map_or("answers".to_owned(), str::to_lowercase)
    });
    let mut rows = vec![(
        "Subscription.authenticatorChanged".to_owned(),
        words.collect(),
    )];
    rows.extend(changes().map(|field| {
        let values = answers.iter().map(|answer| {
            let told = &answer["data"]["it"];
            (!told.is_null()).then(|| told[&field.name].clone())
        });
        let values: Vec<Vec<_>> = values.map(|value| value.into_iter().collect()).collect();
        let words = values
            .iter()
            .map(|caller| seen(caller, &values[0]).to_owned());
        (field.to_string(), words.collect())
    }));
    rows
}

/// What becomes of each root field for each caller, who has a world of their own: what one does is not
/// there for the next.
fn outcomes(fields: &[Field]) -> Vec<(String, Vec<String>)> {
    let mut worlds = CALLERS.map(|caller| {
        let world = World::start();
        let (token, stored) = (world.token(caller), world.stored());
        (caller, world, token, stored)
    });
    for (name, _) in OPERATIONS {
        let known = fields.iter().any(|field| field.to_string() == *name);
        assert!(known, "{name} is no field");
    }
    for field in fields {
        let known = OPERATIONS
            .iter()
            .any(|(name, _)| *name == field.to_string());
        assert!(known, "no operation for {field}");
    }
    type Of = (&'static str, World, String, String);
    let outcome = |(caller, world, token, before): &mut Of, name, operation| {
        let answer = world.gateway.send(Some(token), operation, &world.real);
        let word = outcome(&answer);
        let after = world.stored();
        assert_eq!(
            *before != after,
            word == "done",
            "{caller} {name}: {word}, and that is what is stored"
        );
        *before = after;
        word
    };
    OPERATIONS
        .iter()
        .map(|(name, operation)| {
            let words = worlds
                .iter_mut()
                .map(|world| outcome(world, name, operation));
            ((*name).to_owned(), words.collect())
        })
        .collect()
}

fn columns(words: &[String]) -> String {
    let columns: String = words.iter().map(|word| format!("{word:13}")).collect();
    columns.trim_end().to_owned()
}

#[test]
fn a_reader_writes_nothing_by_any_mutation() {
    let world = World::start();
    let before = world.stored();
    for token in [
        world.token("reader"),
        world.gateway.token(&world.other.id, "reader", &[]),
    ] {
        for (name, operation) in OPERATIONS {
            let answer = world.gateway.send(Some(&token), operation, &world.real);
            if name.starts_with("Mutation.") {
                assert_eq!(outcome(&answer), "forbidden", "{name}");
            }
        }
    }
    assert_eq!(world.stored(), before);
}

#[test]
fn ids_of_another_tenant_answer_exactly_like_ids_that_do_not_exist() {
    let world = World::start();
    let before = world.stored();
    let id = || Uuid::new_v4().to_string();
    let made_up = ids(&id(), &id(), &id(), &id());
    for role in ["admin", "service", "support", "reader"] {
        let token = world.gateway.token(&world.other.id, role, &[]);
        for (name, operation) in OPERATIONS {
            let [real, unreal] = [&world.real, &made_up].map(|variables| {
                let answer = world.gateway.send(Some(&token), operation, variables);
                // What a client sent comes back in no answer; the request's own id differs.
                let body = answer.body.to_string();
                (
                    answer.status,
                    body.replace(&answer.request_id, "the request"),
                )
            });
            assert_eq!(real, unreal, "{role} {name}");
        }
    }
    assert_eq!(world.stored(), before);
}
