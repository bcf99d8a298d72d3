//! What the reference says, in the words of the database.

use std::collections::BTreeMap;

use authn_reference::{App, Authenticator, Event, Owner, Reply, Status, Step, World};
use authn_rules::Instant;
use serde_json::{Map, Value, json};

/// Does one thing; answers the reply and what a reader sees after it.
pub(crate) fn step(world: &mut World, at: Instant, step: &Step) -> Value {
    let reply = world.apply(at, step);
    let mut contexts = Map::new();
    for context in world.contexts(at) {
        let key = format!("{} in {}", context.authenticator.name(), context.app.name());
        let value = json!({
            "available": context.available,
            "status": context.status.name(),
            "failures": context.failures,
            "locked_until": tick(context.locked_until),
            "deactivated_until": tick(context.deactivated_until),
            "last_success_at": tick(context.last_success_at),
            "last_failure_at": tick(context.last_failure_at),
        });
        contexts.insert(key, value);
    }
    let mut authenticators = Map::new();
    for authenticator in world.authenticators(at) {
        let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
        for status in authenticator.statuses {
            *statuses.entry(status.name()).or_default() += 1;
        }
        let value = json!({
            "status": authenticator.status,
            "app_label": authenticator.app_label,
            "statuses": statuses,
            "locked_until": tick(authenticator.locked_until),
            "deactivated_until": tick(authenticator.deactivated_until),
        });
        authenticators.insert(authenticator.authenticator.name().to_owned(), value);
    }
    json!({ "reply": said(reply), "contexts": contexts, "authenticators": authenticators })
}

fn said(reply: Reply) -> Value {
    match reply {
        Reply::Error(sqlstate) => json!(sqlstate),
        Reply::Attempt(attempt) => json!([{
            "outcome": attempt.outcome,
            "status": attempt.status.map(Status::name),
            "failures": attempt.failures,
            "locked_until": tick(attempt.locked_until),
        }]),
        Reply::Begun(begun) => json!([{
            "decision": begun.decision,
            "retry_at": tick(begun.retry_at),
        }]),
        Reply::Changes(mut changes) => {
            changes.sort_by_key(|change| (change.authenticator.name(), change.app.map(App::name)));
            let said = changes.into_iter().map(|change| {
                json!({
                    "authenticator": change.authenticator.name(),
                    "app": change.app.map(App::name),
                    "before": change.before.map(Status::name),
                    "after": change.after.map(Status::name),
                })
            });
            said.collect()
        }
        Reply::Done => Value::Null,
    }
}

/// The audit trail at an instant: what was written, by whose number it carries, and what is derived.
pub(crate) fn trail(world: &World, at: Instant) -> Value {
    let mut written: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for Event {
        owner,
        kind,
        at,
        app,
    } in world.events().iter().copied()
    {
        let events = written.entry(name_of(owner)).or_default();
        let number = events.len() + 1;
        events.push(json!([number, kind, at.0, app.map(App::name)]));
    }
    let mut derived: Vec<(&str, i64, Option<&str>)> = world
        .expiries(at)
        .into_iter()
        .map(|event| (event.kind, event.at.0, event.app.map(App::name)))
        .collect();
    derived.sort_unstable();
    json!({ "written": written, "derived": derived })
}

fn name_of(owner: Owner) -> String {
    let name = Authenticator::name;
    match owner {
        Owner::User => "the user".to_owned(),
        Owner::Row(authenticator, None) => name(authenticator).to_owned(),
        Owner::Row(authenticator, Some(app)) => {
            format!("{} in {}", name(authenticator), app.name())
        }
    }
}

fn tick(at: Option<Instant>) -> Option<i64> {
    at.map(|at| at.0)
}
