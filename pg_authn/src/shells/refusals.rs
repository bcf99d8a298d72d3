use std::cell::RefCell;
use std::collections::HashMap;

use pgrx::datum::{TimestampWithTimeZone, Uuid};
use pgrx::pg_extern;

/// Locks that one backend tallies at a time; beyond it begins anew, for the count is approximate.
const MAX_TALLIES: usize = 1024;

thread_local! {
    /// The refusals of a lock domain since an instant that this backend has not written down.
    static TALLIES: RefCell<HashMap<([u8; 16], i64), i64>> = RefCell::default();
}

/// Adds to the refusals that this backend has yet to write down, and answers how many they are.
///
/// An attacker sends refusals faster than anybody should write them. They are counted here, and whoever
/// next writes the row of the lock, once a second at most, takes the tally along.
#[pg_extern(volatile, parallel_unsafe, strict, name = "_tally_refusals")]
fn tally_refusals(context_id: Uuid, since: TimestampWithTimeZone, add: i64) -> i64 {
    TALLIES.with_borrow_mut(|tallies| {
        let key = (*context_id.as_bytes(), since.into());
        if tallies.len() >= MAX_TALLIES && !tallies.contains_key(&key) {
            tallies.clear();
        }
        let tally = tallies.entry(key).or_default();
        *tally = (*tally).saturating_add(add).max(0);
        let left = *tally;
        if left == 0 {
            tallies.remove(&key);
        }
        left
    })
}
