use serde_json::json;

use super::*;
use crate::graphql::SchemaLimits;

fn validator() -> Validator {
    Validator::new(&SchemaLimits {
        depth: 20,
        complexity: 50_000,
    })
}

async fn complaint(manifest: &str) -> Option<String> {
    let mut documents = Manifest::default();
    let added = documents
        .add(
            "team.json",
            manifest,
            &DocumentLimits::default(),
            &validator(),
        )
        .await;
    added.err().map(|error| error.to_string())
}

async fn complaint_about(text: &str) -> Option<String> {
    complaint(&json!({ DocumentId::of(text).to_string(): text }).to_string()).await
}

#[tokio::test]
async fn what_is_built_in_can_be_used() {
    let (settings, limits) = (DocumentSettings::default(), DocumentLimits::default());
    let loaded = Documents::load(&settings, limits, &validator()).await;
    assert!(loaded.is_ok());
}

#[tokio::test]
async fn a_document_of_variables_can_be_trusted_whatever_their_values() {
    for text in [
        "query A { viewer { role } }",
        "query A($first: Int) { users(first: $first) { nodes { uuid } } }",
        "query A($first: Int!, $search: String) { users(first: $first, search: $search) { nodes { uuid } } }",
        "query A($id: ID!) { node(id: $id) { ...F } } fragment F on User { uuid }",
    ] {
        assert_eq!(complaint_about(text).await, None, "{text}");
    }
}

#[tokio::test]
async fn a_document_that_cannot_be_executed_is_named() {
    for (text, words) in [
        (
            "query A { nonsense }",
            "team.json: the document A (sha256:|does not fit the schema: Unknown field",
        ),
        ("query A { viewer { role }", "cannot be used:"),
        ("{ viewer { role } }", "has no name"),
        (
            "query A { viewer { role } } query B { viewer { role } }",
            "names one of the document's operations",
        ),
        (
            "query A { users(nonsense: 1) { nodes { uuid } } }",
            "does not fit the schema",
        ),
    ] {
        let said = complaint_about(text).await.expect(text);
        for words in words.split('|') {
            assert!(said.contains(words), "{said}");
        }
    }
}

#[tokio::test]
async fn a_key_is_the_hash_of_its_document() {
    let text = "query A { viewer { role } }";
    let wrong = json!({ DocumentId::of("").to_string(): text }).to_string();
    let said = complaint(&wrong).await.unwrap();
    assert!(said.contains(&DocumentId::of(text).to_string()), "{said}");
    let said = complaint(&json!({ "A": text }).to_string()).await.unwrap();
    assert!(said.contains("64 hexadecimal digits"), "{said}");
    for malformed in ["", "[]", "{\"a\": 1}"] {
        let said = complaint(malformed).await.unwrap();
        assert!(said.contains("is no manifest"), "{said}");
    }
}

#[tokio::test]
async fn a_folder_that_is_missing_is_named() {
    let settings = DocumentSettings {
        manifests: vec!["/nowhere/documents".into()],
        ..DocumentSettings::default()
    };
    let loaded = Documents::load(&settings, DocumentLimits::default(), &validator()).await;
    let said = loaded.err().unwrap().to_string();
    assert!(said.contains("/nowhere/documents"), "{said}");
}
