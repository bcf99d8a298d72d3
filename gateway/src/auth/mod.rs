//! Who is asking: bearer tokens, the keys that sign them, and what they say.

mod claims;
mod jwks;
mod remote_keys;
mod role;
mod verifier;

pub use claims::{Claims, RawClaims};
pub use jwks::{JwksError, KeySet};
pub use remote_keys::{RemoteKeys, RemoteKeysSettings, RemoteUrlError};
pub use role::Role;
pub use verifier::{KeyError, Keys, TokenError, Verifier, VerifierSettings, hmac_secret};
