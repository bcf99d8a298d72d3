//! A tenant of any size, for benchmarks, soaks and tests: the same for the same seed, whatever the number of
//! connections that load it. The rows are what the product itself would have written, event by event.

mod dice;
mod indexes;
mod life;
mod loader;
mod method;
mod names;
mod person;
mod rows;
mod tenant;
mod time;

pub use loader::{Loaded, load};
pub use tenant::Plan;
