//! The HS256 secret, from wherever the settings say it is.

use std::fs;

use super::Failure;
use crate::auth::hmac_secret;
use crate::config::TokenArgs;

/// The secret, or `None` where none is configured.
pub(super) fn read(args: &TokenArgs) -> Result<Option<Vec<u8>>, Failure> {
    let text = match (&args.jwt_secret, &args.jwt_secret_file) {
        (Some(secret), _) => secret.clone(),
        (None, Some(path)) => fs::read_to_string(path).map_err(|error| {
            Failure::new(format!(
                "cannot read the JWT secret {}: {error}",
                path.display()
            ))
        })?,
        (None, None) => return Ok(None),
    };
    let secret = hmac_secret(&text).map_err(|error| Failure::new(error.to_string()))?;
    Ok(Some(secret.to_vec()))
}
