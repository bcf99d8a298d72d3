//! Whether all answer the same, each in its own form.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::people::user;
use crate::subject::{Failure, Kind, Subject};

/// How many users are compared.
const USERS: u64 = 20;

/// What a screen says, whoever says it: the status, the app label and the actions of each authenticator, by its
/// id, and status, failures, reason and actions in each app, by the app's id.
#[derive(Debug, PartialEq, Eq)]
struct Screen {
    name: String,
    devices: usize,
    authenticators: BTreeMap<String, Authenticator>,
}

#[derive(Debug, PartialEq, Eq)]
struct Authenticator {
    facts: Vec<String>,
    contexts: BTreeMap<String, Vec<String>>,
}

/// Compares and says what was compared.
pub(crate) fn compare(subjects: &[Subject]) -> Result<String, Failure> {
    let (mut authenticators, mut contexts) = (0, 0);
    for number in 0..USERS {
        let user = user(number);
        let mut known: Option<Screen> = None;
        for subject in subjects {
            let answer: Value = serde_json::from_str(&subject.ask(&subject.agent(), &user)?)?;
            let screen = Screen::of(subject.kind, &answer).ok_or_else(|| {
                Failure::from(format!(
                    "{:?} answers in another form: {answer:#}",
                    subject.kind
                ))
            })?;
            match &known {
                Some(known) if *known != screen => {
                    let kind = subject.kind;
                    return Err(format!(
                        "{kind:?} differs about {user}: {screen:#?}, not {known:#?}"
                    )
                    .into());
                }
                Some(_) => {}
                None => {
                    authenticators += screen.authenticators.len();
                    let of_each = screen.authenticators.values();
                    contexts += of_each.map(|one| one.contexts.len()).sum::<usize>();
                    known = Some(screen);
                }
            }
        }
    }
    Ok(format!(
        "the same about {USERS} users, {authenticators} authenticators and {contexts} contexts"
    ))
}

impl Screen {
    fn of(kind: Kind, answer: &Value) -> Option<Self> {
        let (user, name, devices) = match kind {
            Kind::Gateway => (&answer["data"]["user"], "displayName", "/devices"),
            Kind::Floor => (&answer["users"][0], "display_name", "/devices"),
            Kind::Postgraphile => (&answer["data"]["user"], "displayName", "/devices/nodes"),
        };
        Some(Self {
            name: user[name].as_str()?.into(),
            devices: user.pointer(devices)?.as_array()?.len(),
            authenticators: match kind {
                Kind::Floor => of_floor(user)?,
                Kind::Gateway => nested(user, "uuid", "/contexts", "/app/uuid")?,
                Kind::Postgraphile => nested(user, "authenticatorId", "/contexts/nodes", "/appId")?,
            },
        })
    }
}

/// Authenticators with their contexts in them.
fn nested(
    user: &Value,
    id: &str,
    contexts: &str,
    app: &str,
) -> Option<BTreeMap<String, Authenticator>> {
    let nodes = user["authenticators"]["nodes"].as_array()?;
    let authenticators = nodes.iter().map(|node| {
        let contexts = node.pointer(contexts)?.as_array()?.iter().map(|context| {
            let app = context.pointer(app)?.as_str()?;
            Some((
                app.to_owned(),
                facts(
                    context,
                    &["status", "failures", "reason", "availableActions"],
                ),
            ))
        });
        let facts = facts(node, &["method", "status", "appLabel", "availableActions"]);
        let contexts = contexts.collect::<Option<_>>()?;
        Some((
            node[id].as_str()?.to_owned(),
            Authenticator { facts, contexts },
        ))
    });
    authenticators.collect()
}

/// The floor's are side by side.
fn of_floor(user: &Value) -> Option<BTreeMap<String, Authenticator>> {
    let mut authenticators = BTreeMap::new();
    for node in user["authenticators"].as_array()? {
        let facts = facts(
            node,
            &["method", "status", "app_label", "available_actions"],
        );
        let contexts = BTreeMap::new();
        authenticators.insert(
            node["authenticator_id"].as_str()?.to_owned(),
            Authenticator { facts, contexts },
        );
    }
    for context in user["contexts"].as_array()? {
        let authenticator = authenticators.get_mut(context["authenticator_id"].as_str()?)?;
        let facts = facts(
            context,
            &["status", "failures", "reason", "available_actions"],
        );
        let app = context["app"]["app_id"].as_str()?;
        authenticator.contexts.insert(app.to_owned(), facts);
    }
    Some(authenticators)
}

/// The values of fields, where an enum's is the same in capitals.
fn facts(node: &Value, fields: &[&str]) -> Vec<String> {
    fields
        .iter()
        .map(|field| node[*field].to_string().to_lowercase())
        .collect()
}
