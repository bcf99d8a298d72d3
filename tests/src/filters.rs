//! The filters of authenticators in the graph, each with a value and what it means in SQL.

use serde_json::{Value, json};

use crate::database::Database;

/// A filter by its field, a value of it that tells some of the demo's authenticators from others, and the same as a
/// condition on `authn.authenticators a`.
pub type Case = (&'static str, Value, String);

/// Every field of `AuthenticatorFilter`, over the demo.
#[must_use]
pub fn cases(database: &Database) -> Vec<Case> {
    let value = |query: &str| database.value(query);
    let wallet = wallet(database);
    let device =
        value("select device_id from authn.authenticators where method = 'pin' order by 1 limit 1");
    let [since, early, first, later] = [
        "select to_json(percentile_disc(0.5) within group (order by locked_since))#>>'{}' from authn.contexts where locked_since is not null",
        "select to_json(percentile_disc(0.02) within group (order by coalesce(last_success_at, registered_at)))#>>'{}' from authn.authenticators",
        "select to_json(min(registered_at))#>>'{}' from authn.authenticators",
        "select to_json(percentile_disc(0.03) within group (order by registered_at))#>>'{}' from authn.authenticators",
    ]
    .map(value);
    vec![
        (
            "status",
            json!(["LOCKED", "MIXED"]),
            "a.status in ('locked', 'mixed')".to_owned(),
        ),
        (
            "contextStatus",
            json!(["LOCKED"]),
            format!(
                "({} or a.app_count = 0 and a.status = 'locked')",
                in_some_app("c.status = 'locked'")
            ),
        ),
        (
            "method",
            json!(["PIN", "TOTP"]),
            "a.method in ('pin', 'totp')".to_owned(),
        ),
        (
            "app",
            json!(wallet),
            in_some_app(&format!("c.app_id = '{wallet}'")),
        ),
        ("device", json!(device), format!("a.device_id = '{device}'")),
        (
            "lockedSince",
            json!(since),
            format!(
                "({} or a.app_count = 0 and exists (select from authn.locks l where l.in_force and l.user_id = a.user_id \
                 and l.authenticator_id = a.authenticator_id and l.locked_since >= '{since}'))",
                in_some_app(&format!("c.locked_since >= '{since}'"))
            ),
        ),
        (
            "lastUsedBefore",
            json!(early),
            format!("coalesce(a.last_success_at, a.registered_at) < '{early}'"),
        ),
        (
            "registeredBetween",
            json!({ "since": first, "until": later }),
            format!("a.registered_at >= '{first}' and a.registered_at < '{later}'"),
        ),
        (
            "search",
            json!("sue susp"),
            "exists (select from authn.users s where s.user_id = a.user_id and s.display_name = 'Sue Suspended')".to_owned(),
        ),
    ]
}

/// The app "Wallet" of the demo.
#[must_use]
pub fn wallet(database: &Database) -> String {
    database.value("select app_id from authn.apps where name = 'Wallet'")
}

/// In some app this holds of its context `c`.
#[must_use]
pub fn in_some_app(condition: &str) -> String {
    format!(
        "exists (select from authn.contexts c where c.user_id = a.user_id and c.authenticator_id = a.authenticator_id and {condition})"
    )
}
