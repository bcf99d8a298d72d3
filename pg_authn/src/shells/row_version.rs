use pgrx::{pg_extern, pg_sys};

/// Whether the statement that asks saw a version of a row when it began, rather than being given a later
/// one by the lock that it waited for.
///
/// `version` is the row's `xmin`. Of one that is older than half the counter the answer may be no.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._was_seen(version xid)
returns boolean
language c
stable
strict
parallel unsafe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn was_seen(version: pg_sys::TransactionId) -> bool {
    // SAFETY: a statement that calls a function has a snapshot, and both look-ups take any transaction.
    unsafe {
        pg_sys::TransactionIdIsCurrentTransactionId(version)
            || !pg_sys::XidInMVCCSnapshot(version, pg_sys::GetActiveSnapshot())
    }
}
