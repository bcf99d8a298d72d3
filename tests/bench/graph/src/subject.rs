//! Who is asked for a screen, and how.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use clap::ValueEnum;
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};

/// What went wrong, in a thread too.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

const PAGE: &str =
    "{ users(first: 100) { nodes { displayName status authenticators(first: 12) { nodes {
    method status appLabel contexts { app { name } status }
} } } } }";

const SCREEN: &str = "query OneUser";
const PORTAL: &str = include_str!("../../../../gateway/portal/documents.json");

/// Who is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The gateway, asked as the portal asks it.
    Gateway,
    /// The same SQL without GraphQL.
    Floor,
    /// PostGraphile over the same views.
    Postgraphile,
}

/// A server, and the token that it is asked with.
pub(crate) struct Subject {
    pub(crate) kind: Kind,
    url: String,
    authorization: String,
    document: Value,
}

impl Subject {
    pub(crate) fn new(kind: Kind, address: SocketAddr, token: &str) -> Self {
        let path = match kind {
            Kind::Gateway | Kind::Postgraphile => "graphql",
            Kind::Floor => "users",
        };
        Self {
            kind,
            url: format!("http://{address}/{path}"),
            authorization: format!("Bearer {token}"),
            document: match kind {
                Kind::Gateway => trusted_document(SCREEN).into(),
                Kind::Postgraphile => "one_user".into(),
                Kind::Floor => Value::Null,
            },
        }
    }

    /// A client with a connection of its own.
    pub(crate) fn agent(&self) -> Agent {
        Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into()
    }

    /// The answer about a user.
    pub(crate) fn ask(&self, agent: &Agent, user: &str) -> Result<String, Failure> {
        let mut answer = match self.kind {
            Kind::Floor => agent.get(format!("{}/{user}", self.url)).call()?,
            Kind::Gateway | Kind::Postgraphile => self.post(agent, user)?,
        };
        let text = answer.body_mut().read_to_string()?;
        match text.contains(user) && !text.contains("\"errors\"") {
            true => Ok(text),
            false => Err(format!("{:?} answers {text}", self.kind).into()),
        }
    }

    /// The id of a request about a user.
    pub(crate) fn ask_by_id(&self, user: &str) -> Result<String, Failure> {
        let answer = self.post(&self.agent(), user)?;
        let id = answer
            .headers()
            .get("x-request-id")
            .ok_or("no id of the request")?;
        Ok(id.to_str()?.into())
    }

    /// How many users and authenticators a page of a hundred users has.
    pub(crate) fn page(&self) -> Result<String, Failure> {
        let agent = self.agent();
        let mut answer = self.send(&agent, &json!({ "query": PAGE }))?;
        let answer: Value = answer.body_mut().read_json()?;
        let users = answer["data"]["users"]["nodes"]
            .as_array()
            .ok_or_else(|| format!("no users: {answer}"))?;
        let authenticators = users
            .iter()
            .filter_map(|user| user["authenticators"]["nodes"].as_array());
        Ok(format!(
            "{} {}",
            users.len(),
            authenticators.map(Vec::len).sum::<usize>()
        ))
    }

    fn post(&self, agent: &Agent, user: &str) -> Result<Response<Body>, Failure> {
        let variables = json!({ "uuid": user });
        self.send(
            agent,
            &json!({ "documentId": self.document, "variables": variables }),
        )
    }

    fn send(&self, agent: &Agent, body: &Value) -> Result<Response<Body>, Failure> {
        let request = agent
            .post(&self.url)
            .header("authorization", &self.authorization)
            .header("accept", "application/graphql-response+json");
        Ok(request.send_json(body)?)
    }
}

/// The id of the portal's document that begins so.
fn trusted_document(beginning: &str) -> String {
    let documents: Value = serde_json::from_str(PORTAL).unwrap_or_default();
    let found = documents
        .as_object()
        .into_iter()
        .flatten()
        .find(|(_, document)| {
            document
                .as_str()
                .is_some_and(|text| text.starts_with(beginning))
        });
    found.map(|(id, _)| id.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_has_the_document_that_is_measured() {
        assert!(trusted_document(SCREEN).starts_with("sha256:"));
    }
}
