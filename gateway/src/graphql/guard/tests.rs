use std::fmt::Write;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Document, GuardError> {
    Document::parse(text, &DocumentLimits::default())
}

fn refused(text: &str) -> Limit {
    match parse(text).err() {
        Some(GuardError::TooMuch(excess)) => excess.limit,
        other => panic!("not refused by the guard but {other:?}"),
    }
}

/// F0 spreads F1 twice, F1 spreads F2 twice, and so on.
fn doubling(levels: usize) -> String {
    let mut text = String::from("{ ...F0 }");
    for level in 0..levels {
        write!(
            text,
            " fragment F{level} on Query {{ ...F{next} ...F{next} }}",
            next = level + 1
        )
        .unwrap();
    }
    write!(text, " fragment F{levels} on Query {{ __typename }}").unwrap();
    text
}

#[test]
fn honest_documents_pass() {
    for text in [
        "{ __typename }",
        "query Q($id: UUID!) { user(uuid: $id) { authenticators(first: 10) { nodes { status contexts { app { name } } } } } }",
        r#"{ users(search: "((((((((((((((((((((((((((((((((((((((((((") { nodes { id } } }"#,
        "# {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\n{ __typename }",
        r#"{ users(search: """ " \""" {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{ """) { totalCount } }"#,
        include_str!("introspection.graphql"),
    ] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn nested_values_do_not_reach_the_parser() {
    for (open, close) in [("{a:", "}"), ("[", "]")] {
        let text = format!(
            "{{ user(id: {}1{}) {{ id }} }}",
            open.repeat(1500),
            close.repeat(1500)
        );
        assert!(matches!(
            refused(&text),
            Limit::Depth | Limit::Tokens | Limit::Colons
        ));
        let text = format!(
            "{{ user(id: {}1{}) {{ id }} }}",
            open.repeat(40),
            close.repeat(40)
        );
        assert_eq!(refused(&text), Limit::Depth);
    }
    assert_eq!(refused(&"{a".repeat(400)), Limit::Depth);
    assert_eq!(
        refused(&format!("query Q($a: {}Int) {{ a }}", "[".repeat(400))),
        Limit::Depth
    );
}

#[test]
fn doubling_fragments_are_measured_and_not_written_out() {
    let start = Instant::now();
    for levels in [12, 16, 22, 30] {
        assert!(
            matches!(refused(&doubling(levels)), Limit::Fields | Limit::Nesting),
            "{levels}"
        );
    }
    assert!(
        start.elapsed() < Duration::from_millis(500),
        "{:?}",
        start.elapsed()
    );
    assert!(parse(&doubling(3)).is_ok());
}

#[test]
fn fragments_inside_themselves_are_refused() {
    for text in [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }",
        "{ __typename } fragment A on Query { viewer { ...A } }",
    ] {
        assert_eq!(refused(text), Limit::Nesting, "{text}");
    }
}

#[test]
fn long_chains_of_fragments_are_refused() {
    let mut text = String::from("{ ...F0 }");
    for level in 0..60 {
        write!(text, " fragment F{level} on Query {{ ...F{} }}", level + 1).unwrap();
    }
    assert_eq!(refused(&text), Limit::Nesting);
}

#[test]
fn size_tokens_aliases_directives_and_root_fields_are_bounded() {
    assert_eq!(
        refused(&format!("{{ __typename }} #{}", "x".repeat(16 * 1024))),
        Limit::Bytes
    );
    assert_eq!(
        refused(&format!("{{ {} }}", "a ".repeat(1000))),
        Limit::Tokens
    );
    assert_eq!(
        refused(&format!("{{ {} }}", "@a ".repeat(51))),
        Limit::Directives
    );
    let aliases = |count: usize| (0..count).map(|n| format!("a{n}: id ")).collect::<String>();
    assert_eq!(
        refused(&format!("{{ viewer {{ {} }} }}", aliases(31))),
        Limit::Aliases
    );
    assert!(parse(&format!("{{ viewer {{ {} }} }}", aliases(30))).is_ok());
    assert_eq!(
        refused(&format!("{{ {} }}", aliases(21))),
        Limit::RootFields
    );
    let spread = format!(
        "{{ ...A ...A ...A }} fragment A on Query {{ {} }}",
        aliases(7)
    );
    assert_eq!(refused(&spread), Limit::RootFields);
}

#[test]
fn what_is_too_much_is_a_setting() {
    let text = "{ viewer { role } }";
    for (limits, limit) in [
        (
            DocumentLimits {
                bytes: 18,
                ..DocumentLimits::default()
            },
            Limit::Bytes,
        ),
        (
            DocumentLimits {
                tokens: 5,
                ..DocumentLimits::default()
            },
            Limit::Tokens,
        ),
        (
            DocumentLimits {
                nesting: 1,
                ..DocumentLimits::default()
            },
            Limit::Depth,
        ),
        (
            DocumentLimits {
                root_fields: 0,
                ..DocumentLimits::default()
            },
            Limit::RootFields,
        ),
        (
            DocumentLimits {
                fields: 1,
                ..DocumentLimits::default()
            },
            Limit::Fields,
        ),
    ] {
        match Document::parse(text, &limits).err() {
            Some(GuardError::TooMuch(excess)) => assert_eq!(excess.limit, limit),
            other => panic!("{limit:?} is no limit: {other:?}"),
        }
    }
}

#[test]
fn nested_introspection_is_refused() {
    for text in [
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "{ __type(name: \"Node\") { possibleTypes { interfaces { possibleTypes { name } } } } }",
        "{ __schema { types { ...A } } } fragment A on __Type { fields { type { ...B } } } \
         fragment B on __Type { fields { type { ...C } } } fragment C on __Type { inputFields { name } }",
    ] {
        assert_eq!(refused(text), Limit::Introspection, "{text}");
    }
}

#[test]
fn what_is_not_graphql_is_a_syntax_error() {
    for text in [
        "",
        "{",
        "}",
        "query",
        "\u{1f511}",
        "{ a(b: \"\n) }",
        "type A { b: C }",
    ] {
        assert!(
            matches!(parse(text), Err(GuardError::Syntax(_))),
            "{text:?}"
        );
    }
}

#[test]
fn the_operation_is_the_one_that_is_named() {
    let anonymous = parse("{ __typename }").unwrap();
    assert!(anonymous.operation(None).is_ok());
    assert!(anonymous.operation(Some("A")).is_err());
    let one = parse("query A { __typename }").unwrap();
    assert!(one.operation(None).is_ok());
    assert!(one.operation(Some("A")).is_ok());
    assert!(one.operation(Some("B")).is_err());
    let two = parse("query A { __typename } mutation B { __typename }").unwrap();
    assert!(two.operation(None).is_err());
    assert!(two.operation(Some("B")).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever the guard lets through, the parser survives on a small stack and the measure is quick.
    #[test]
    fn no_text_breaks_the_guard(text in r#"([{}\[\]():@"\\#, \n$!.a1-]|""""|fragment |query |on |\.\.\.){0,300}"#) {
        std::thread::Builder::new()
            .stack_size(2 * 1024 * 1024)
            .spawn(move || drop(parse(&text)))
            .unwrap()
            .join()
            .unwrap();
    }

    #[test]
    fn nesting_of_any_mixture_is_bounded(brackets in proptest::collection::vec(0..3_usize, 0..2000)) {
        let text: String = brackets.iter().map(|&kind| ["{a:", "[", "(a:"][kind]).collect();
        let text = format!("{{ a(b: {text}");
        if brackets.len() > 31 {
            prop_assert!(matches!(parse(&text), Err(GuardError::TooMuch(_))));
        }
    }
}

#[test]
fn an_operation_has_one_mutation_of_an_attempt_however_it_is_written() {
    const RECORD: &str = "attemptRecord(input: $i) { userErrors { code } }";
    let fragment = format!("fragment F on Mutation {{ f: {RECORD} }}");
    for more in [
        "b: attemptRecord(input: $i) { userErrors { code } }",
        "attemptBegin(input: $b) { attemptId }",
        "attemptComplete(input: $c) { userErrors { code } } ",
        "... on Mutation { b: attemptBegin(input: $b) { attemptId } }",
        "... F",
        "b: attemptRecord(input: $i) @skip(if: true) { userErrors { code } }",
    ] {
        let text = format!("mutation M {{ a: {RECORD} {more} }} {fragment}");
        assert_eq!(refused(&text), Limit::Attempts, "{more}");
    }
    assert_eq!(
        refused(&format!("mutation M {{ ... F ... F }} {fragment}")),
        Limit::Attempts
    );
    assert!(parse(&format!("mutation M {{ ... F }} {fragment}")).is_ok());
    assert!(
        parse(&format!(
            "mutation M {{ {RECORD} }} mutation N {{ {RECORD} }}"
        ))
        .is_ok()
    );
}
