//! The trusted documents of the documentation are those that it shows. With `UPDATE_DOCUMENTS=1` they are
//! written anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use gateway::graphql::DocumentId;

#[test]
fn the_operations_that_the_documentation_shows_are_trusted() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checkout = package.join("..");
    let mut pages = vec![checkout.join("README.md")];
    for entry in fs::read_dir(checkout.join("docs")).expect("there are documents") {
        let page = entry.expect("a document").path();
        if page.extension().is_some_and(|extension| extension == "md") {
            pages.push(page);
        }
    }
    let pages: Vec<_> = pages
        .iter()
        .map(|page| fs::read_to_string(page).expect("a page of text"))
        .collect();
    let shown: BTreeMap<String, String> = pages
        .iter()
        .flat_map(|page| examples(page))
        .map(|text| (DocumentId::of(&text).to_string(), text))
        .collect();

    let manifest = package.join("documents/documentation.json");
    let written = serde_json::to_string_pretty(&shown).expect("texts are JSON") + "\n";
    if env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(&manifest, &written).expect("the manifest can be written");
    }
    assert_eq!(
        fs::read_to_string(&manifest).expect("there is a manifest"),
        written,
        "write it anew with `UPDATE_DOCUMENTS=1 cargo test -p gateway --test documentation`"
    );
    for id in pages.iter().flat_map(|page| ids(page)) {
        assert!(
            shown.contains_key(&id),
            "{id} is no document's that is shown"
        );
    }
}

/// The blocks of GraphQL in a page.
fn examples(page: &str) -> Vec<String> {
    between(page, "```graphql\n", "\n```")
}

/// The ids that a page sends.
fn ids(page: &str) -> Vec<String> {
    between(page, "\"documentId\": \"", "\"")
}

fn between(page: &str, begin: &str, end: &str) -> Vec<String> {
    page.split(begin)
        .skip(1)
        .filter_map(|rest| rest.split_once(end))
        .map(|(text, _)| text.to_owned())
        .collect()
}
