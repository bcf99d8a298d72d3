//! Requests that were made to hurt: each is small, and costs whoever takes it at its word.

use serde_json::{Value, json};

/// A request of somebody who means harm.
#[derive(Clone, Debug)]
pub struct Attack {
    /// What it tries.
    pub name: &'static str,
    /// What it says its body is.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

impl Attack {
    fn raw(name: &'static str, body: impl Into<Vec<u8>>) -> Attack {
        Attack {
            name,
            content_type: "application/json",
            body: body.into(),
        }
    }

    fn document(name: &'static str, document: &str) -> Attack {
        Attack::with_variables(name, document, &json!({}))
    }

    fn with_variables(name: &'static str, document: &str, variables: &Value) -> Attack {
        let body = json!({ "query": document, "variables": variables });
        Attack::raw(name, body.to_string())
    }
}

fn repeated(text: &str, times: usize) -> String {
    (0..times)
        .map(|n| text.replace('#', &n.to_string()))
        .collect()
}

fn doubling(levels: usize) -> String {
    let fragments: String = (0..levels)
        .map(|n| format!(" fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1))
        .collect();
    format!("{{ ...F0 }}{fragments} fragment F{levels} on Query {{ __typename }}")
}

/// One of each kind.
#[must_use]
pub fn corpus() -> Vec<Attack> {
    let nested = |open: &str, close: &str, depth: usize| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        format!("{{ node(id: {open}1{close}) {{ id }} }}")
    };
    let pages = "{ users(first: 100) { nodes { authenticators(first: 100) { nodes { user { authenticators(first: 100) { nodes { id } } } } } } } }";
    let ids = "query Ids($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let search = "query Search($text: String) { users(search: $text) { totalCount } }";
    let guesses = repeated(
        "a#: authenticatorsUnlock(input: { userId: \"x\", method: PIN }) { userErrors { code } } ",
        200,
    );
    vec![
        Attack::document("objects inside objects", &nested("{a:", "}", 1500)),
        Attack::document("lists inside lists", &nested("[", "]", 2000)),
        Attack::document("selections inside selections", &"{ a ".repeat(2000)),
        Attack::document("fragments that double", &doubling(22)),
        Attack::document(
            "a fragment inside itself",
            "{ ...A } fragment A on Query { ...A }",
        ),
        Attack::document(
            "aliases",
            &format!("{{ {} }}", repeated("a#: __typename ", 1000)),
        ),
        Attack::document("mutations by alias", &format!("mutation {{ {guesses} }}")),
        Attack::document("fields", &format!("{{ {} }}", "__typename ".repeat(1400))),
        Attack::document(
            "directives",
            &format!("{{ __typename {} }}", "@skip(if: false) ".repeat(900)),
        ),
        Attack::document(
            "variables",
            &format!("query Q({}) {{ __typename }}", repeated("$v#: Int ", 900)),
        ),
        Attack::document("pages of pages", pages),
        Attack::document(
            "introspection of introspection",
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        ),
        Attack::document(
            "a long document",
            &format!("{{ __typename }} #{}", "x".repeat(60_000)),
        ),
        Attack::document(
            "an endless string",
            &format!("{{ node(id: \"{}", "\\\"".repeat(3000)),
        ),
        Attack::with_variables("many ids", ids, &json!({ "ids": vec!["x"; 10_000] })),
        Attack::with_variables("deep variables", "{ __typename }", &nested_value(100)),
        Attack::with_variables(
            "text that cannot be stored",
            search,
            &json!({ "text": "\0" }),
        ),
        Attack::with_variables(
            "a long search",
            search,
            &json!({ "text": "%_\\".repeat(10_000) }),
        ),
        Attack::raw("deep JSON", "[".repeat(60_000)),
        Attack::raw("a body that is too long", vec![b' '; 100_000]),
        Attack::raw("bytes that are no text", vec![0xff; 5000]),
        Attack::raw(
            "a batch",
            format!(
                "[{}]",
                vec![r#"{"query":"{ __typename }"}"#; 1000].join(",")
            ),
        ),
        Attack {
            name: "a form",
            content_type: "text/plain",
            body: b"{\"query\":\"mutation { userSuspend(input: {}) { userErrors { code } } }\"}"
                .to_vec(),
        },
    ]
}

fn nested_value(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }))
}
