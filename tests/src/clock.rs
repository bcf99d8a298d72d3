//! Time under control: in a database prepared here a session's setting `test.clock` is what every
//! enforcement and every view takes for the time, so that an instant can be hit to the microsecond.

use crate::database::Database;

/// Puts the clock of the tests in the place of the product's two. Sessions that set no `test.clock` keep
/// the server's.
pub fn control(database: &Database) {
    let _: String = database.psql(
        "create or replace function authn._clock() returns timestamptz
         language sql volatile parallel safe
         return coalesce(
             cast(nullif(pg_catalog.current_setting('test.clock', true), '') as timestamptz),
             pg_catalog.clock_timestamp()
         );
         create or replace function authn._statement_clock() returns timestamptz
         language sql stable parallel safe
         return coalesce(
             cast(nullif(pg_catalog.current_setting('test.clock', true), '') as timestamptz),
             pg_catalog.statement_timestamp()
         );",
    );
}
