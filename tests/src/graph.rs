//! The schema as introspection tells it, and one operation for everything in it.

use std::fmt;

use serde_json::{Value, json};

use crate::gateway::Gateway;

/// A field of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    /// The type that has it.
    pub parent: String,
    /// Its name.
    pub name: String,
    /// Whether something has to be selected below it.
    pub composite: bool,
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.parent, self.name)
    }
}

const SCHEMA: &str = "{ __schema { types { kind name fields { name type { ...T } } } } }
    fragment T on __Type { kind ofType { kind ofType { kind ofType { kind } } } }";

/// Every field of every object type that is the product's own.
///
/// # Panics
/// If the gateway does not answer as the specification says.
#[must_use]
pub fn fields(gateway: &Gateway, token: &str) -> Vec<Field> {
    let schema = gateway.data(token, SCHEMA, &json!({}));
    let types = schema["__schema"]["types"].as_array().expect("types");
    let mut fields = Vec::new();
    for described in types.iter().filter(|kind| kind["kind"] == "OBJECT") {
        let parent = described["name"].as_str().expect("a name");
        if parent.starts_with("__") {
            continue;
        }
        for field in described["fields"].as_array().expect("fields") {
            fields.push(Field {
                parent: parent.to_owned(),
                name: field["name"].as_str().expect("a name").to_owned(),
                composite: matches!(kind(&field["type"]), "OBJECT" | "INTERFACE" | "UNION"),
            });
        }
    }
    fields.sort_by(|one, other| (&one.parent, &one.name).cmp(&(&other.parent, &other.name)));
    fields
}

/// The kind of a type behind its lists and its `!`.
fn kind(described: &Value) -> &str {
    match described["ofType"].is_null() {
        true => described["kind"].as_str().expect("a kind"),
        false => kind(&described["ofType"]),
    }
}

/// The operation that reaches each root field. A root field without one cannot be decided about.
pub const OPERATIONS: &[(&str, &str)] = &[
    ("Query.apps", "{ it: apps { id } }"),
    (
        "Query.authenticators",
        "query It($app: ID!, $device: ID!) { it: authenticators(filter: { app: $app, device: $device }) { nodes { id } } }",
    ),
    (
        "Query.lockoutPolicies",
        "query It($appUuid: UUID!) { it: lockoutPolicies(app: $appUuid) { source } }",
    ),
    (
        "Query.lockoutPolicySimulation",
        "query It($app: ID!) { it: lockoutPolicySimulation(input: { method: PIN, appId: $app, tiers: [{ failures: 2, durationSeconds: 60 }] }) { summary { locks } userErrors { code field } } }",
    ),
    (
        "Query.events",
        "query It($user: ID!, $authenticator: ID!) { it: events(filter: { user: $user, authenticator: $authenticator }) { nodes { id } } }",
    ),
    ("Query.methods", "{ it: methods { method } }"),
    (
        "Query.node",
        "query It($authenticator: ID!) { it: node(id: $authenticator) { id } }",
    ),
    (
        "Query.nodes",
        "query It($user: ID!, $app: ID!) { it: nodes(ids: [$user, $app]) { id } }",
    ),
    (
        "Query.user",
        "query It($uuid: UUID!) { it: user(uuid: $uuid) { id } }",
    ),
    (
        "Query.users",
        "query It($app: ID!) { it: users(hasAuthenticator: { app: $app }) { nodes { id } } }",
    ),
    ("Query.viewer", "{ it: viewer { role } }"),
    (
        "Mutation.authenticatorsUnlock",
        "mutation It($user: ID!, $app: ID!) { it: authenticatorsUnlock(input: { userId: $user, method: SMS_OTP, appId: $app }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.authenticatorUnlock",
        "mutation It($authenticator: ID!, $app: ID!) { it: authenticatorUnlock(input: { authenticatorId: $authenticator, appId: $app }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.authenticatorDeactivate",
        "mutation It($authenticator: ID!, $app: ID!) { it: authenticatorDeactivate(input: { authenticatorId: $authenticator, appId: $app }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.authenticatorReactivate",
        "mutation It($authenticator: ID!, $app: ID!) { it: authenticatorReactivate(input: { authenticatorId: $authenticator, appId: $app }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.deviceDeactivate",
        "mutation It($device: ID!) { it: deviceDeactivate(input: { deviceId: $device }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.deviceReactivate",
        "mutation It($device: ID!) { it: deviceReactivate(input: { deviceId: $device }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.userSuspend",
        "mutation It($user: ID!) { it: userSuspend(input: { userId: $user }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.userReinstate",
        "mutation It($user: ID!) { it: userReinstate(input: { userId: $user }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.authenticatorsBulkUnlock",
        "mutation It($app: ID!) { it: authenticatorsBulkUnlock(input: { filter: { app: $app, status: [LOCKED] }, reason: \"a drill\", dryRun: false }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.authenticatorsBulkDeactivate",
        "mutation It($app: ID!) { it: authenticatorsBulkDeactivate(input: { filter: { app: $app }, reason: \"a drill\", dryRun: false }) { changes { statusAfter } userErrors { code field } } }",
    ),
    (
        "Mutation.authenticatorsBulkUndo",
        "mutation It($uuid: UUID!) { it: authenticatorsBulkUndo(input: { batchId: $uuid, reason: \"a drill\" }) { changes { statusAfter } userErrors { code field } } }",
    ),
    // In an app that there is not: what an attempt writes depends on the clock.
    (
        "Mutation.attemptBegin",
        "mutation It($authenticator: ID!, $uuid: ID!) { it: attemptBegin(input: { authenticatorId: $authenticator, appId: $uuid }) { decision attemptId userErrors { code field } } }",
    ),
    (
        "Mutation.attemptRecord",
        "mutation It($authenticator: ID!, $uuid: ID!) { it: attemptRecord(input: { authenticatorId: $authenticator, appId: $uuid, succeeded: false }) { result { outcome } userErrors { code field } } }",
    ),
    (
        "Mutation.attemptComplete",
        "mutation It($user: ID!, $uuid: UUID!) { it: attemptComplete(input: { userId: $user, attemptId: $uuid, succeeded: false }) { result { outcome } userErrors { code field } } }",
    ),
    (
        "Mutation.lockoutPolicySet",
        "mutation It($app: ID!) { it: lockoutPolicySet(input: { method: PIN, appId: $app, tiers: [{ failures: 4 }] }) { lockoutPolicy { source } userErrors { code field } } }",
    ),
    (
        "Mutation.lockoutPolicyUnset",
        "mutation It($app: ID!) { it: lockoutPolicyUnset(input: { method: PIN, appId: $app }) { lockoutPolicy { source } userErrors { code field } } }",
    ),
];

/// A what-if that has rows, and no lock that is still running: how long that lasted depends on when one asks.
const SIMULATION: &str = "lockoutPolicySimulation(input: { method: SMS_OTP, tiers: [{ failures: 1, durationSeconds: 1 }] })";

/// The way to the objects of each type: names with their arguments from the root on. A type without one
/// is reached by mutations alone.
pub const PATHS: &[(&str, &[&str])] = &[
    ("App", &["apps"]),
    (
        "Authenticator",
        &["user(uuid: $uuid)", "authenticators(first: 100)", "nodes"],
    ),
    (
        "AuthenticatorConnection",
        &["user(uuid: $uuid)", "authenticators(first: 100)"],
    ),
    (
        "AuthenticatorContext",
        &[
            "user(uuid: $uuid)",
            "authenticators(first: 100)",
            "nodes",
            "contexts",
        ],
    ),
    (
        "AuthenticatorEdge",
        &["user(uuid: $uuid)", "authenticators(first: 100)", "edges"],
    ),
    ("Device", &["user(uuid: $uuid)", "devices"]),
    ("LockoutPolicy", &["lockoutPolicies"]),
    ("LockoutSimulation", &[SIMULATION]),
    ("LockoutSimulationSummary", &[SIMULATION, "summary"]),
    ("LockoutTier", &["lockoutPolicies", "tiers"]),
    (
        "Event",
        &["user(uuid: $uuid)", "events(first: 100)", "nodes"],
    ),
    (
        "EventConnection",
        &["user(uuid: $uuid)", "events(first: 100)"],
    ),
    (
        "EventEdge",
        &["user(uuid: $uuid)", "events(first: 100)", "edges"],
    ),
    ("MethodInfo", &["methods"]),
    (
        "PageInfo",
        &[
            "user(uuid: $uuid)",
            "authenticators(first: 100)",
            "pageInfo",
        ],
    ),
    ("SimulatedLockout", &[SIMULATION, "rows"]),
    (
        "StatusCount",
        &[
            "user(uuid: $uuid)",
            "authenticators(first: 100)",
            "nodes",
            "statusCounts",
        ],
    ),
    (
        "StatusExplanation",
        &[
            "user(uuid: $uuid)",
            "authenticators(first: 100)",
            "nodes",
            "explanation",
            "contexts",
        ],
    ),
    ("Tenant", &["viewer", "tenant"]),
    ("User", &["user(uuid: $uuid)"]),
    ("UserConnection", &["users(search: $uuid)"]),
    ("UserEdge", &["users(search: $uuid)", "edges"]),
    ("Viewer", &["viewer"]),
];

/// The operation that selects one field of the objects that a path leads to.
#[must_use]
pub fn select(path: &[&str], field: &Field) -> String {
    let below = if field.composite {
        " { __typename }"
    } else {
        ""
    };
    let mut selection = format!("{}{below}", field.name);
    for step in path.iter().rev() {
        selection = format!("{step} {{ {selection} }}");
    }
    match selection.contains("search: $uuid") {
        true => format!("query It($uuid: String!) {{ {selection} }}"),
        false if selection.contains("$uuid") => {
            format!("query It($uuid: UUID!) {{ {selection} }}")
        }
        false => format!("{{ {selection} }}"),
    }
}

/// The objects that a path leads to in an answer, through lists and past nulls.
#[must_use]
pub fn objects<'data>(data: &'data Value, path: &[&str]) -> Vec<&'data Value> {
    match (data, path.split_first()) {
        (Value::Null, _) => Vec::new(),
        (Value::Array(items), _) => items.iter().flat_map(|item| objects(item, path)).collect(),
        (object, None) => vec![object],
        (object, Some((step, rest))) => {
            let name = step.split('(').next().unwrap_or(step);
            objects(&object[name], rest)
        }
    }
}
