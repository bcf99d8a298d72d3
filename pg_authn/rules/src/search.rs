//! Finding people: the keys under which a user is found, and what a search asks for.
//!
//! A key begins with what is typed: a word of the name, the domain of the email address, the masked address or
//! number. They are made of what every reader sees, so that a search is no way to learn the rest. Whoever sees
//! the whole address or number finds it by its own beginning.

use crate::contact::{canonical_email, canonical_phone, mask_email, mask_phone};

/// The longest word that is told from others, in characters: what an index has room for.
const LONGEST_WORD: usize = 100;

/// How many words of a name there are keys for.
const MOST_WORDS: usize = 50;

/// The longest search that is looked at, in characters: longer than any address.
const LONGEST_SEARCH: usize = 320;

/// The keys under which a user is found: words of the name, and what a mask shows of email and phone.
#[must_use]
pub fn search_keys(
    email: Option<&str>,
    phone: Option<&str>,
    display_name: Option<&str>,
) -> Vec<String> {
    let mut keys: Vec<_> = words(display_name.unwrap_or_default())
        .take(MOST_WORDS)
        .collect();
    if let Some(email) = email.and_then(|email| canonical_email(email).ok()) {
        keys.push(shortened(&mask_email(&email)));
        keys.extend(email.split_once('@').map(|(_, domain)| shortened(domain)));
    }
    if let Some(phone) = phone.and_then(|phone| canonical_phone(phone).ok()) {
        keys.push(without_blanks(&mask_phone(&phone)));
    }
    keys.sort();
    keys.dedup();
    keys
}

/// What a search asks for: a user is found whom one of these describes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Each begins one of the user's keys.
    pub words: Vec<String>,
    /// Begins a key.
    pub whole: Option<String>,
    /// Are keys.
    pub masks: Vec<String>,
    /// Begins the canonical email address.
    pub email: Option<String>,
    /// Begins the canonical phone number.
    pub phone: Option<String>,
}

/// What this text asks for, of a reader who sees whole addresses and numbers or only their masks. Whoever sees
/// masks finds the owner of an address that they were told among those whose mask is the same.
#[must_use]
pub fn search(text: &str, sees_identifiers: bool) -> Search {
    let text: String = text.trim().chars().take(LONGEST_SEARCH).collect();
    if text.is_empty() {
        return Search::default();
    }
    let email = canonical_email(&text).ok();
    let phone = canonical_phone(&text).ok();
    let lower = lower_case(&text);
    let search = Search {
        words: words(&text).collect(),
        whole: Some(shortened(without_blanks(&lower).trim_start_matches('@')))
            .filter(|whole| !whole.is_empty()),
        ..Search::default()
    };
    if sees_identifiers {
        return Search {
            email: Some(email.unwrap_or(lower)),
            phone: phone.or_else(|| beginning_of_phone(&text)),
            ..search
        };
    }
    let masked_email = email.map(|email| shortened(&mask_email(&email)));
    let masked_phone = phone.map(|phone| without_blanks(&mask_phone(&phone)));
    Search {
        masks: masked_email.into_iter().chain(masked_phone).collect(),
        ..search
    }
}

/// The first digits of a number, written like one.
fn beginning_of_phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let written = text
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-./()".contains(c));
    let digits = digits.trim_start_matches("00");
    (written && !digits.is_empty()).then(|| format!("+{digits}"))
}

/// Words in lower case: what stands between anything that is neither letter nor digit.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| shortened(&lower_case(word)))
}

/// Letter by letter, as in an address: what is typed begins what is kept.
fn lower_case(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_WORD).collect()
}
