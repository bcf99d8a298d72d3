//! The hash that a trusted document is known by.

use std::fmt;

use sha2::{Digest, Sha256};

const PREFIX: &str = "sha256:";

/// SHA-256 of a document's text, written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DocumentId([u8; 32]);

impl DocumentId {
    /// The id of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Reads `sha256:` and 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_hex(text.strip_prefix(PREFIX)?)
    }

    /// Reads the digits alone, as `extensions.persistedQuery.sha256Hash` has them.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut hash = [0; 32];
        hex::decode_to_slice(digits, &mut hash).ok()?;
        Some(Self(hash))
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_it_is_read() {
        let id = DocumentId::of("{ __typename }");
        assert_eq!(DocumentId::parse(&id.to_string()), Some(id));
        assert_eq!(
            DocumentId::of("").to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for bad in ["", "sha256:", "sha256:00", "md5:00", &id.to_string()[7..]] {
            assert_eq!(DocumentId::parse(bad), None, "{bad}");
        }
    }
}
