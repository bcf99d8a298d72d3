//! The users of `world.sql`.

/// How many there are.
pub(crate) const USERS: u64 = 200;

/// The id of the user with a number, from 0 on; past the last the first comes again.
pub(crate) fn user(number: u64) -> String {
    format!(
        "bbb00000-0000-4000-8000-{}",
        100_000_000_001 + number % USERS
    )
}
