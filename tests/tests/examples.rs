//! The queries of `sql/examples/` run as written, by a reader of the demo tenant.

use std::fs;

use system_tests::database::Database;
use system_tests::environment::checkout;

#[test]
fn every_example_query_runs_for_a_reader() {
    let database = Database::with_demo();
    let tenant = database.value("select tenant_id from authn.tenants");
    let mut examples: Vec<_> = fs::read_dir(checkout().join("sql/examples"))
        .expect("there are examples")
        .map(|entry| entry.expect("an example").path())
        .collect();
    examples.sort();
    assert!(examples.len() >= 4, "{examples:?}");
    for example in examples {
        let query = fs::read_to_string(&example).expect("a query");
        assert!(
            query.starts_with("-- "),
            "{} says what it asks",
            example.display()
        );
        let answer = database.psql(&format!(
            "set authn.tenant = '{tenant}';\nset session authorization authn_gateway;\nset role authn_reader;\n{query}"
        ));
        assert!(answer.contains("row"), "{}: {answer}", example.display());
    }
}

#[test]
fn the_demo_has_users_who_were_locked_and_users_with_one_method() {
    let database = Database::with_demo();
    let rows = |example: &str| {
        let query =
            fs::read_to_string(checkout().join("sql/examples").join(example)).expect("a query");
        let answer = database.psql(&query);
        !answer.contains("(0 rows)")
    };
    assert!(rows("who_was_locked_most.sql"));
    assert!(rows("which_apps_policy_hurts_legitimate_users.sql"));
    assert!(rows("users_left_with_one_usable_method.sql"));
}
