//! Canonical spellings.

use std::ops::RangeInclusive;

use crate::method::{Identity, Method};
use crate::problem::{Problem, ProblemKind};

/// The longest address that fits the path of an SMTP envelope (RFC 5321, 4.5.3.1.3), in bytes.
const EMAIL_MAX_BYTES: usize = 254;

/// More than any provider's subject needs (SAML: 256 characters), and short enough for an index key.
const SUBJECT_MAX_BYTES: usize = 1024;

/// Digits of an international number: E.164 sets the most; fewer than the least are short codes.
const PHONE_DIGITS: RangeInclusive<usize> = 7..=15;

/// Digits of a country code.
const COUNTRY_CODE_DIGITS: RangeInclusive<usize> = 1..=3;

/// The canonical spelling of an email address: no white space around it, lower case throughout.
///
/// The local part too is lower-cased: that two mailboxes differ by case alone is allowed on paper
/// and not in practice, while two counters for one mailbox would be two sets of guesses.
///
/// # Errors
/// On field `email`: not exactly one `@` between a local part and a domain, a domain with an empty
/// label, white space or invisible characters inside, or more than 254 bytes.
pub fn canonical_email(email: &str) -> Result<String, Problem> {
    let problem = |message: &str| {
        Err(Problem::new(
            ProblemKind::IdentityInvalid,
            "email",
            message,
            "an email address looks like name@example.com",
        ))
    };
    // Letter by letter: `str::to_lowercase` spells a final sigma differently from the others.
    let email: String = email.trim().chars().flat_map(char::to_lowercase).collect();
    let Some((local, domain)) = email.split_once('@') else {
        return problem("an email address has an @");
    };
    if domain.contains('@') {
        return problem("an email address has only one @");
    }
    if local.is_empty() {
        return problem("nothing stands before the @");
    }
    if domain.split('.').any(str::is_empty) {
        return problem("no complete domain stands after the @");
    }
    if email.chars().any(is_blank) {
        return problem("an email address has no white space or invisible characters");
    }
    if email.len() > EMAIL_MAX_BYTES {
        return problem("the email address is longer than 254 bytes");
    }
    Ok(email)
}

/// The canonical spelling of a phone number: `+` and 7 to 15 digits, country code first (E.164).
///
/// White space, dots, dashes, slashes and parentheses are dropped, a leading `00` is read as `+`, and
/// the `(0)` that some countries write after the country code, which is not dialled from abroad, goes.
///
/// # Errors
/// On field `phone`: a number without a country code (nobody can guess which), characters that do
/// not belong in a number, or too few or too many digits.
pub fn canonical_phone(phone: &str) -> Result<String, Problem> {
    let problem = |message: &str| {
        Err(Problem::new(
            ProblemKind::IdentityInvalid,
            "phone",
            message,
            "an international number is right, such as +4915112345678",
        ))
    };
    let phone = phone.trim();
    let Some(mut digits) = after_international_prefix(phone) else {
        return problem("the phone number has no country code");
    };
    if let Some((country, national)) = phone.split_once("(0)")
        && let Some(country) = after_international_prefix(country)
        && COUNTRY_CODE_DIGITS.contains(&country.len())
    {
        digits = country + &without_separators(national);
    }
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return problem("a phone number has digits only");
    }
    if digits.starts_with('0') {
        return problem("no country code starts with 0");
    }
    if !PHONE_DIGITS.contains(&digits.len()) {
        return problem("a phone number has 7 to 15 digits");
    }
    Ok(format!("+{digits}"))
}

/// The canonical spelling of the identifier that tells a user's authenticators of `method` apart: an
/// email address, a phone number, or the subject a provider knows the user by, which only loses the
/// white space around it (its case is the provider's business).
///
/// # Errors
/// On field `identifier`, whatever the kind: what [`canonical_email`] and [`canonical_phone`] refuse;
/// a subject that is empty, has control characters, or is longer than 1024 bytes; any identifier for
/// a method that has none.
pub fn canonical_identity(method: Method, identifier: &str) -> Result<String, Problem> {
    match method.identity() {
        Identity::Email => canonical_email(identifier),
        Identity::Phone => canonical_phone(identifier),
        Identity::Subject => canonical_subject(identifier),
        Identity::None => Err(Problem::new(
            ProblemKind::IdentityInvalid,
            "identifier",
            format!("an authenticator of method {method} has no identifier"),
            "leave the identifier out",
        )),
    }
    .map_err(|problem| Problem {
        field: "identifier".to_owned(),
        ..problem
    })
}

fn canonical_subject(subject: &str) -> Result<String, Problem> {
    let problem = |message: &str| {
        Err(Problem::new(
            ProblemKind::IdentityInvalid,
            "identifier",
            message,
            "use the subject exactly as the provider states it",
        ))
    };
    let subject = subject.trim();
    if subject.is_empty() {
        return problem("the subject is empty");
    }
    if subject.chars().any(char::is_control) {
        return problem("the subject has control characters");
    }
    if subject.len() > SUBJECT_MAX_BYTES {
        return problem("the subject is longer than 1024 bytes");
    }
    Ok(subject.to_owned())
}

fn after_international_prefix(phone: &str) -> Option<String> {
    let bare = without_separators(phone);
    bare.strip_prefix('+')
        .or_else(|| bare.strip_prefix("00"))
        .map(str::to_owned)
}

fn without_separators(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).collect()
}

/// What people put between the digits of a phone number, typographic dashes included.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | '-' | '/' | '(' | ')')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// White space, control characters, and what renders as nothing or reorders what surrounds it: two
/// addresses that look the same must be the same.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
}
