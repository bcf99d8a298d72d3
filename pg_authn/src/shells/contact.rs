use authn_rules::{canonical_email as email, canonical_phone as phone};
use pgrx::pg_extern;

use super::methods::method_named;

/// The one spelling of an address, or null for what is no address.
#[pg_extern(immutable, parallel_safe, strict)]
fn canonical_email(email_address: &str) -> Option<String> {
    email(email_address).ok()
}

/// The one spelling of a number, or null for what is no international number.
#[pg_extern(immutable, parallel_safe, strict)]
fn canonical_phone(phone_number: &str) -> Option<String> {
    phone(phone_number).ok()
}

#[pg_extern(immutable, parallel_safe, strict)]
fn mask_email(email_address: &str) -> String {
    authn_rules::mask_email(email_address)
}

#[pg_extern(immutable, parallel_safe, strict)]
fn mask_phone(phone_number: &str) -> String {
    authn_rules::mask_phone(phone_number)
}

#[pg_extern(immutable, parallel_safe, strict, name = "_mask_identifier")]
fn mask_identifier(method: &str, identifier: &str) -> String {
    authn_rules::mask_identifier(method_named(method), identifier)
}
