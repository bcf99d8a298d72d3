//! What is secret, from wherever the settings say it is.

use std::fs;
use std::path::Path;

use super::Failure;
use crate::auth::hmac_secret;
use crate::config::TokenArgs;

/// The HS256 secret, or `None` where none is configured.
pub(super) fn read(args: &TokenArgs) -> Result<Option<Vec<u8>>, Failure> {
    let text = value_or_file(args.jwt_secret.as_deref(), args.jwt_secret_file.as_deref())?;
    let Some(text) = text else {
        return Ok(None);
    };
    let secret = hmac_secret(&text).map_err(|error| Failure::new(error.to_string()))?;
    Ok(Some(secret.to_vec()))
}

/// A value that is given itself or in a file of its own.
pub(super) fn value_or_file(
    value: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<String>, Failure> {
    match (value, file) {
        (Some(value), _) => Ok(Some(value.into())),
        (None, Some(path)) => fs::read_to_string(path)
            .map(|text| Some(text.trim().to_owned()))
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display()))),
        (None, None) => Ok(None),
    }
}
