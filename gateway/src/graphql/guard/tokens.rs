//! The scan before the parser: one pass over the bytes, no allocation, no recursion.

use std::fmt;

const MAX_BYTES: usize = 16 * 1024;
const MAX_TOKENS: usize = 1000;
const MAX_DEPTH: usize = 32;
const MAX_COLONS_IN_SELECTIONS: usize = 200;
const MAX_DIRECTIVES: usize = 50;

/// What a document has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes.
    Bytes,
    /// Tokens: names, punctuators and values.
    Tokens,
    /// Brackets of whatever kind inside each other.
    Depth,
    /// Directives.
    Directives,
    /// Colons, which every alias and every argument has one of.
    Colons,
    /// Aliases.
    Aliases,
    /// Root fields: each is a transaction.
    RootFields,
    /// Fields, with every fragment written out.
    Fields,
    /// Levels of fields and fragments, with every fragment written out; or a fragment inside itself.
    Nesting,
    /// Levels of introspection, of which every one multiplies the answer.
    Introspection,
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bytes => "the document is longer than 16 KiB",
            Self::Tokens => "the document has more than 1000 tokens",
            Self::Depth => "the document nests brackets more than 32 deep",
            Self::Directives => "the document has more than 50 directives",
            Self::Colons => "the document has more than 200 aliases and arguments",
            Self::Aliases => "the document has more than 30 aliases",
            Self::RootFields => "an operation has more than 20 root fields",
            Self::Fields => {
                "the document has more than 5000 fields when its fragments are written out"
            }
            Self::Nesting => "the document nests fields and fragments more than 32 deep",
            Self::Introspection => "the document nests introspection more than 2 deep",
        })
    }
}

/// Refuses what the parser must not see. Text inside strings and comments does not count.
pub(super) fn check(text: &str) -> Result<(), Limit> {
    if text.len() > MAX_BYTES {
        return Err(Limit::Bytes);
    }
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut depth, mut directives, mut colons) = (0, 0, 0_usize, 0, 0);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of_comment(bytes, at);
                continue;
            }
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' | b'(' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b'@' => {
                directives += 1;
                at += 1;
            }
            b':' => {
                colons += 1;
                at += 1;
            }
            byte if is_word(byte) => {
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        debug_assert!(at > start, "every token takes the scan further");
        tokens += 1;
        if tokens > MAX_TOKENS {
            return Err(Limit::Tokens);
        }
        if depth > MAX_DEPTH {
            return Err(Limit::Depth);
        }
        if directives > MAX_DIRECTIVES {
            return Err(Limit::Directives);
        }
        if colons > MAX_COLONS_IN_SELECTIONS {
            return Err(Limit::Colons);
        }
    }
    Ok(())
}

/// A byte of a name or a number. Bytes beyond ASCII are no GraphQL outside strings; they count as one
/// word, and the parser refuses them.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+') || !byte.is_ascii()
}

fn end_of_comment(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start..];
    start
        + rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .unwrap_or(rest.len())
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    if bytes[start..].starts_with(b"\"\"\"") {
        return end_of_block_string(bytes, start + 3);
    }
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            // Unterminated: the parser stops here, so what follows must be counted like anything else.
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_block_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\\\"\"\"") {
            at += 4;
        } else if bytes[at..].starts_with(b"\"\"\"") {
            return at + 3;
        } else {
            at += 1;
        }
    }
    bytes.len()
}
