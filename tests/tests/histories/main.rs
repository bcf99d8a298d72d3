//! Any history, step by step through the database's public functions and through the reference: the same
//! reply, the same contexts, the same roll-up after every step, and the same audit trail in the end.
//!
//! Time is under control and the seeds are fixed: what fails once fails always, and is printed as the
//! shortest history that does.

mod product;
mod reference;
mod strategy;

use authn_reference::{Step, World};
use authn_rules::Instant;
use product::Product;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;
use strategy::History;
use system_tests::clock;
use system_tests::database::Database;
use tokio::runtime::Runtime;

/// When everything is registered, before any history begins at 0.
const BEFORE: Instant = Instant(-1_000);

fn check(histories: u32, seed: u8, strategy: impl Strategy<Value = History>) {
    let runtime = Runtime::new().expect("a runtime");
    let database = Database::empty();
    clock::control(&database);
    let _: String = database.psql(include_str!("world.sql"));
    let product = runtime.block_on(Product::new(&database, BEFORE));
    let product = std::cell::RefCell::new(product);
    let config = Config {
        cases: histories,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let result = TestRunner::new_with_rng(config, rng).run(&strategy, |history| {
        runtime.block_on(live(&mut product.borrow_mut(), history))
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

async fn live(product: &mut Product, history: History) -> Result<(), TestCaseError> {
    product.begin().await;
    let result = follow(product, history).await;
    product.roll_back().await;
    result
}

async fn follow(product: &mut Product, history: History) -> Result<(), TestCaseError> {
    let mut world = World::new(BEFORE);
    let mut now = Instant(0);
    for (gap, step) in history {
        let mut then = Instant(now.0 + gap);
        // Which of two that run out at once is told first is nobody's promise.
        while world.ties(then, &step) {
            then.0 += 1;
        }
        if matches!(step, Step::Complete(number, _) if number >= world.begun()) {
            continue;
        }
        now = then;
        let expected = reference::step(&mut world, now, &step);
        let actual = in_order(product.step(now, &step).await, &expected);
        agree(&format!("{step:?} at {}", now.0), &expected, &actual)?;
    }
    agree(
        "the audit trail",
        &reference::trail(&world, now),
        &product.trail().await,
    )
}

/// Changes come in the order of ids, which differ in every world; what a call without an answer returns
/// is nothing.
fn in_order(mut actual: Value, expected: &Value) -> Value {
    let reply = &mut actual["reply"];
    if let Value::Array(changes) = reply {
        if expected["reply"].is_null() {
            reply.take();
        } else {
            let place = |change: &Value| {
                (
                    change["authenticator"].to_string(),
                    change["app"].to_string(),
                )
            };
            changes.sort_by_key(place);
        }
    }
    actual
}

fn agree(what: &str, expected: &Value, actual: &Value) -> Result<(), TestCaseError> {
    let mut differences = Vec::new();
    compare("", expected, actual, &mut differences);
    if differences.is_empty() {
        return Ok(());
    }
    let differences = differences.join("\n");
    Err(TestCaseError::fail(format!("{what}:\n{differences}")))
}

/// Only what differs, each with where it is.
fn compare(path: &str, expected: &Value, actual: &Value, differences: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(these), Value::Object(those))
            if these.keys().all(|key| those.contains_key(key)) =>
        {
            for (key, those) in those {
                let these = these.get(key).unwrap_or(&Value::Null);
                compare(&format!("{path}/{key}"), these, those, differences);
            }
        }
        _ if expected == actual => {}
        _ => differences.push(format!(
            "{path}: expected {expected}, the database says {actual}"
        )),
    }
}

#[test]
fn the_database_and_the_reference_agree_on_any_history() {
    check(800, 1, strategy::anything());
}

#[test]
fn the_database_and_the_reference_agree_on_any_attack_by_both_protocols() {
    check(1_000, 2, strategy::attack());
}

#[test]
fn the_database_and_the_reference_agree_on_any_supervision() {
    check(700, 3, strategy::supervision());
}
