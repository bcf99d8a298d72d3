//! A tenant of any size, for benchmarks, soaks and tests: the same for the same seed, whatever the number of
//! connections that load it. The rows are what the product itself would have written, event by event.

mod dice;
mod founding;
mod indexes;
mod life;
mod loader;
mod names;
mod owned;
mod person;
mod policies;
mod rows;
mod sending;
mod tenant;
mod time;
mod visits;

pub use loader::{Error, Loaded, load};
pub use tenant::Plan;
