//! The one spelling of what identifies an authenticator, and its masked form.
//!
//! Spellings that differ only in case, white space or punctuation must not get separate counters, so
//! everything is made canonical before it is stored or looked up.

mod canonical;
mod mask;

pub use canonical::{canonical_email, canonical_identity, canonical_phone};
pub use mask::{mask_email, mask_identifier, mask_phone};
