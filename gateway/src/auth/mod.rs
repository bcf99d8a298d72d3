//! Who is asking: bearer tokens, the keys that sign them, and what they say.

mod claims;
mod jwks;
mod role;
mod verifier;

pub use claims::{Claims, RawClaims};
pub use jwks::{JwksError, KeySet};
pub use role::Role;
pub use verifier::{KeyError, TokenError, Verifier, VerifierSettings, hmac_secret};
