//! The examples of the README and of docs/live.md are true: each `sql` block prints the `text` block after it, each
//! `graphql` block answers the `json` block after it. With `UPDATE_README=1` the answers are written.

use std::{env, fs};

use serde_json::{Value, json};
use system_tests::database::Database;
use system_tests::environment::checkout;
use system_tests::gateway::Gateway;

#[test]
fn every_example_answers_what_the_readme_says() {
    examples_are_true("README.md");
}

#[test]
fn so_does_the_page_about_live_changes() {
    examples_are_true("docs/live.md");
}

/// Subscriptions have a test of their own.
fn examples_are_true(document: &str) {
    let path = checkout().join(document);
    let readme = fs::read_to_string(&path).expect("there is such a document");
    let database = Database::with_demo();
    let gateway = Gateway::over(&database);
    let tenant = database.value("select tenant_id from authn.tenants");
    let token = gateway.token(&tenant, "admin", &[]);

    let answered = answer(&readme, |language, example| match language {
        "sql" => Some(("text", database.psql(example).trim_end().to_owned())),
        "graphql" if !example.starts_with("subscription") => {
            let data: Value = gateway.data(&token, example, &json!({}));
            Some(("json", format!("{:#}", json!({ "data": data }))))
        }
        _ => None,
    });

    if env::var_os("UPDATE_README").is_some() {
        fs::write(&path, answered).expect("the README can be written");
    } else {
        assert!(
            readme == answered,
            "an example answers otherwise:\n{}",
            first_difference(&readme, &answered)
        );
    }
}

#[test]
fn the_reference_names_every_public_object() {
    let readme = fs::read_to_string(checkout().join("README.md")).expect("there is a README");
    let database = Database::empty();
    let names = database.value(
        "select p.proname || '(' from pg_proc p where p.pronamespace = 'authn'::regnamespace and p.proname !~ '^_'
         union
         select 'authn.' || c.relname from pg_class c
         where c.relnamespace = 'authn'::regnamespace and c.relkind = 'v'
         union
         select 'authn.' || t.typname from pg_type t
         left join pg_class c on c.oid = t.typrelid
         where t.typnamespace = 'authn'::regnamespace and t.typname !~ '^_' and (t.typtype = 'e' or c.relkind = 'c')
         union
         select rolname from pg_roles where rolname ~ '^authn_(reader|support|admin|service|operator|trusted|owner|gateway)$'
         order by 1",
    );
    let missing: Vec<_> = names
        .lines()
        .filter(|name| !readme.contains(name))
        .collect();
    assert!(
        missing.is_empty(),
        "the README does not mention {missing:?}"
    );
}

/// The document with each block after an example replaced by what the example answers.
fn answer(document: &str, run: impl Fn(&str, &str) -> Option<(&'static str, String)>) -> String {
    let mut answered = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        push(&mut answered, line);
        let Some(language) = line
            .strip_prefix("```")
            .filter(|language| !language.is_empty())
        else {
            continue;
        };
        let mut example = String::new();
        for inner in lines.by_ref() {
            push(&mut answered, inner);
            if inner == "```" {
                break;
            }
            push(&mut example, inner);
        }
        if let Some((kind, answer)) = run(language, &example) {
            assert_eq!(
                lines.next(),
                Some(format!("```{kind}").as_str()),
                "no answer follows:\n{example}"
            );
            for old in lines.by_ref() {
                if old == "```" {
                    break;
                }
            }
            push(&mut answered, &format!("```{kind}\n{answer}\n```"));
        }
    }
    answered
}

fn push(document: &mut String, line: &str) {
    document.push_str(line);
    document.push('\n');
}

fn first_difference(left: &str, right: &str) -> String {
    left.lines()
        .zip(right.lines())
        .find(|(left, right)| left != right)
        .map(|(left, right)| format!("- {left}\n+ {right}"))
        .unwrap_or_else(|| "one ends before the other".to_owned())
}
