//! What every login goes through: the verdict on an attempt, in as few statements as it takes.
//!
//! Everything is decided under the row lock of one lock domain, by the rules of `authn_rules`; the statements are
//! in `sql/statements`. What is wrong with a call is not said here: an error that comes out of Rust would lose the
//! argument at fault, so the functions answer null, and their callers in `sql/functions/attempts` raise it.
//!
//! | module | does |
//! |---|---|
//! | [`statement`] | keeps prepared statements |
//! | [`caller`] | finds who is calling |
//! | [`facts`], [`door`] | reads what decides, decides, and holds the lock domain of what is let through |
//! | [`policy`] | finds the policy that applies |
//! | [`count`] | records a success or a failure, and the lock that it brings |
//! | [`refusal`] | records and counts what was refused |
//! | [`verdict`], [`reserve`], [`abandoned`] | the two protocols, and reservations that nobody completed |
//! | [`outcome`] | the answer |

pub(crate) mod abandoned;
mod caller;
mod count;
mod door;
mod facts;
mod outcome;
pub(crate) mod policy;
mod refusal;
pub(crate) mod reserve;
mod statement;
pub(crate) mod verdict;
