//! Verifies bearer tokens: the key decides the algorithm, never the token.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use super::{Claims, KeySet, RawClaims, RemoteKeys};

/// The longest token that is looked at.
const MAX_TOKEN: usize = 8 * 1024;

/// The shortest HS256 secret: as long as the hash, as the standard asks.
const MIN_SECRET: usize = 32;

/// Why a token is refused. Callers learn none of it; the log does.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than 8 KiB.
    #[error("too large")]
    TooLarge,
    /// Not a token at all, or its claims are not the expected ones.
    #[error("malformed")]
    Malformed,
    /// No key for its algorithm and `kid`.
    #[error("unknown key")]
    UnknownKey,
    /// The signature is not that of the key.
    #[error("bad signature")]
    BadSignature,
    /// Past its `exp`.
    #[error("expired")]
    Expired,
    /// Before its `nbf`.
    #[error("not valid yet")]
    NotYetValid,
    /// Of another issuer.
    #[error("wrong issuer")]
    WrongIssuer,
    /// For another audience.
    #[error("wrong audience")]
    WrongAudience,
    /// A claim that must be there is not.
    #[error("a claim is missing")]
    MissingClaim,
    /// Well formed and signed, but says what it may not say.
    #[error("{0}")]
    Claims(&'static str),
}

/// Why there is no key to verify with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Shorter than the hash: it could be guessed offline from any token.
    #[error("a JWT secret has at least {MIN_SECRET} bytes")]
    ShortSecret,
}

/// An HS256 secret of sufficient length. Surrounding white space is not part of it, so that a file
/// may end in a newline.
pub fn hmac_secret(secret: &str) -> Result<&[u8], KeyError> {
    let secret = secret.trim().as_bytes();
    if secret.len() < MIN_SECRET {
        return Err(KeyError::ShortSecret);
    }
    Ok(secret)
}

/// What a token must say to be believed.
#[derive(Clone, Debug)]
pub struct VerifierSettings {
    /// The `iss` that is required.
    pub issuer: String,
    /// The `aud` that is required.
    pub audience: String,
    /// How many seconds `exp` and `nbf` may be off, for clocks that differ.
    pub leeway: u64,
}

/// Where public keys come from.
pub enum Keys {
    /// They are what they were at the start: a file, or none.
    Fixed(KeySet),
    /// The issuer publishes them and changes them when it likes.
    Remote(RemoteKeys),
}

impl Keys {
    async fn find(&self, kid: &str) -> Option<(Algorithm, DecodingKey)> {
        match self {
            Self::Fixed(keys) => keys.find(kid),
            Self::Remote(keys) => keys.find(kid).await,
        }
    }
}

/// The keys and the rules by which a token is believed.
pub struct Verifier {
    settings: VerifierSettings,
    secret: Option<DecodingKey>,
    keys: Keys,
}

impl Verifier {
    /// A verifier for HS256 tokens signed with `secret` (when there is one) and for tokens signed
    /// with a key of `keys`.
    pub fn new(settings: VerifierSettings, secret: Option<&[u8]>, keys: Keys) -> Self {
        Self {
            settings,
            secret: secret.map(DecodingKey::from_secret),
            keys,
        }
    }

    /// The claims of a token that is signed by a known key, in force, and meant for this gateway.
    pub async fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::TooLarge);
        }
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        // "Critical" extensions must be understood, and none is.
        if header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let (algorithm, key) = match (header.alg, header.kid.as_deref()) {
            (Algorithm::HS256, _) => self.secret.clone().map(|key| (Algorithm::HS256, key)),
            // Not worth a question to the issuer: no key of ours is of another algorithm.
            (Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA, Some(kid)) => {
                self.keys.find(kid).await
            }
            _ => None,
        }
        .ok_or(TokenError::UnknownKey)?;
        let claims = decode::<RawClaims>(token, &key, &self.validation(algorithm))
            .map_err(|error| refusal(error.kind()))?
            .claims;
        let mut claims = Claims::try_from(claims).map_err(TokenError::Claims)?;
        claims.good_until = claims.good_until.saturating_add(self.settings.leeway);
        Ok(claims)
    }

    /// Whether there is a key, so that a token can be believed at all.
    pub fn has_keys(&self) -> bool {
        self.secret.is_some()
            || match &self.keys {
                Keys::Fixed(_) => true,
                Keys::Remote(keys) => keys.are_there(),
            }
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = self.settings.leeway;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation
    }
}

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::BadSignature,
        ErrorKind::InvalidAlgorithm => TokenError::UnknownKey,
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::ImmatureSignature => TokenError::NotYetValid,
        ErrorKind::InvalidIssuer => TokenError::WrongIssuer,
        ErrorKind::InvalidAudience => TokenError::WrongAudience,
        ErrorKind::MissingRequiredClaim(_) => TokenError::MissingClaim,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
mod tests;
