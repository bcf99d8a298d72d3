//! A second account of what pg_authn decides, for tests to compare with.
//!
//! It is naive on purpose: nothing is stored but the list of everything that happened, and every answer
//! is worked out from the first entry on. It shares with the product the names of inputs and outputs
//! ([`authn_rules::Policy`], instants, causes) and no code.

mod domain;
mod world;

pub use domain::{Action, Answer, Domain};
pub use world::{
    App, Attempt, Authenticator, Begun, Block, Cause, Change, Context, Device, Event, Method,
    Owner, Reply, RollUp, Status, Step, World,
};
