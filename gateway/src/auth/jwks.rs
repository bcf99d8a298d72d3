//! Public keys from a JSON Web Key Set: each key carries the one algorithm it is good for.

use std::collections::HashMap;

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};

/// A modulus of 2048 bits, in base64url.
const MIN_RSA_MODULUS: usize = 2048 / 8 * 4 / 3;

/// Why a key set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JwksError {
    /// Not JSON, or not a key set.
    #[error("it is not a JSON Web Key Set: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Nothing in it verifies a signature of a supported algorithm.
    #[error("it holds no RS256, ES256 or EdDSA key with a `kid`")]
    NoUsableKey,
    /// Two keys under one name: which one signs would be a matter of luck.
    #[error("the `kid` {0:?} is there twice")]
    DuplicateKeyId(String),
    /// A key shorter than 2048 bits.
    #[error("the RSA key {0:?} is shorter than 2048 bits")]
    WeakKey(String),
    /// The numbers of a key do not decode.
    #[error("the key {0:?} does not decode")]
    BrokenKey(String),
}

/// Verification keys by their `kid`.
#[derive(Clone, Default)]
pub struct KeySet(HashMap<String, (Algorithm, DecodingKey)>);

impl KeySet {
    /// Reads a key set. Keys for encryption, symmetric keys and other algorithms are passed over, as
    /// the standard asks; a set without any usable key is an error.
    pub fn parse(json: &[u8]) -> Result<Self, JwksError> {
        let set: JwkSet = serde_json::from_slice(json)?;
        let mut keys = HashMap::new();
        for jwk in &set.keys {
            let (Some(kid), Some(algorithm)) = (jwk.common.key_id.clone(), pinned_algorithm(jwk))
            else {
                continue;
            };
            if let AlgorithmParameters::RSA(rsa) = &jwk.algorithm
                && rsa.n.len() < MIN_RSA_MODULUS
            {
                return Err(JwksError::WeakKey(kid));
            }
            let key = DecodingKey::from_jwk(jwk).map_err(|_| JwksError::BrokenKey(kid.clone()))?;
            if keys.insert(kid.clone(), (algorithm, key)).is_some() {
                return Err(JwksError::DuplicateKeyId(kid));
            }
        }
        if keys.is_empty() {
            return Err(JwksError::NoUsableKey);
        }
        Ok(Self(keys))
    }

    /// The key of this name, with its algorithm.
    pub(super) fn find(&self, kid: &str) -> Option<(Algorithm, DecodingKey)> {
        self.0.get(kid).cloned()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The only algorithm that a key may verify: its type decides, and its `alg` may not contradict.
fn pinned_algorithm(jwk: &Jwk) -> Option<Algorithm> {
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return None;
    }
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    match jwk.common.key_algorithm {
        None => Some(algorithm),
        Some(stated) if stated == name => Some(algorithm),
        Some(_) => None,
    }
}
