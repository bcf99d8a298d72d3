//! The scan before the parser: one pass over the bytes, no allocation, no recursion.

use super::limits::{DocumentLimits, Excess, Limit};

/// Refuses what the parser must not see. Text inside strings and comments does not count.
pub(super) fn check(text: &str, limits: &DocumentLimits) -> Result<(), Excess> {
    Limit::Bytes.check(text.len(), limits.bytes)?;
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
        Limit::Tokens.check(tokens, limits.tokens)?;
        Limit::Depth.check(depth, limits.nesting)?;
        Limit::Directives.check(directives, limits.directives)?;
        Limit::Colons.check(colons, limits.colons)?;
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
