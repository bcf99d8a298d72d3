//! Masked forms, for readers who may tell identifiers apart but not learn them.
//!
//! The mask has the same length whatever it hides, and none of these functions fails: what does not
//! look like its kind is hidden whole.

use crate::method::{Identity, Method};

const MASK: &str = "•••";

/// Subjects up to this long are hidden whole: two characters would be too much of them.
const SHORT_SUBJECT: usize = 6;

/// An email address as `a•••@example.com`: the first character and the domain.
#[must_use]
pub fn mask_email(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}{MASK}@{domain}")
        }
        None => MASK.to_owned(),
    }
}

/// A canonical phone number as `+••• 78`: the last two digits.
///
/// Not the country: where it ends takes a table of countries, and a digit too many is a digit of a
/// person's number.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let canonical = phone
        .strip_prefix('+')
        .filter(|digits| digits.len() > 2 && digits.bytes().all(|b| b.is_ascii_digit()));
    match canonical {
        Some(digits) => format!("+{MASK} {}", &digits[digits.len() - 2..]),
        None => MASK.to_owned(),
    }
}

/// The masked form of an identifier of `method`: an email address or a phone number as above, a
/// subject as `ab•••` (all of it hidden up to six characters).
#[must_use]
pub fn mask_identifier(method: Method, identifier: &str) -> String {
    match method.identity() {
        Identity::Email => mask_email(identifier),
        Identity::Phone => mask_phone(identifier),
        Identity::Subject => mask_subject(identifier),
        Identity::None => MASK.to_owned(),
    }
}

fn mask_subject(subject: &str) -> String {
    let shown = if subject.chars().count() > SHORT_SUBJECT {
        2
    } else {
        0
    };
    subject.chars().take(shown).chain(MASK.chars()).collect()
}
