//! What a user is found by, and by what not.

use authn_rules::{Search, search, search_keys};
use proptest::prelude::*;

const ADA: (&str, &str, &str) = (
    "Countess.L@Engine.example",
    "+49 151 12345678",
    "Ada King-Noel",
);

/// Whether Ada is found, as the index and the conditions beside it decide.
fn finds(text: &str, sees_identifiers: bool) -> bool {
    let (email, phone, name) = ADA;
    finds_whom(email, phone, name, text, sees_identifiers)
}

fn finds_whom(email: &str, phone: &str, name: &str, text: &str, sees_identifiers: bool) -> bool {
    let keys = search_keys(Some(email), Some(phone), Some(name));
    let Search {
        words,
        whole,
        masks,
        email: email_begins,
        phone: phone_begins,
    } = search(text, sees_identifiers);
    let begins_a_key = |typed: &String| keys.iter().any(|key| key.starts_with(typed));
    let canonical_email = authn_rules::canonical_email(email).unwrap();
    let canonical_phone = authn_rules::canonical_phone(phone).unwrap();
    (!words.is_empty() && words.iter().all(begins_a_key))
        || whole.iter().any(begins_a_key)
        || masks.iter().any(|mask| keys.contains(mask))
        || email_begins.is_some_and(|begins| canonical_email.starts_with(&begins))
        || phone_begins.is_some_and(|begins| canonical_phone.starts_with(&begins))
}

#[test]
fn somebody_is_found_by_what_everybody_sees() {
    for text in [
        "ada",
        "  ADA ",
        "kin",
        "noel",
        "king-noel",
        "noel ada",
        "k a",
        "engine",
        "@engine.ex",
        "engine.example",
        "ada engine",
        "c•••@engine.example",
        "c•••@eng",
        "+••• 78",
        "+•••",
    ] {
        assert!(finds(text, true) && finds(text, false), "{text}");
    }
    for text in [
        "",
        " ",
        "da",
        "ing",
        "ada lovelace",
        "xyzzy",
        "!",
        "example",
    ] {
        assert!(!finds(text, true) && !finds(text, false), "{text}");
    }
}

#[test]
fn whoever_sees_addresses_finds_them_by_their_beginning() {
    for text in [
        "countess.l@",
        "COUNTESS.L@ENGINE.EXAMPLE",
        "+49151",
        "+49 (151) 123",
        "49 151 1",
        "0049 151 12345678",
    ] {
        assert!(finds(text, true), "{text}");
    }
    for text in ["countess.m@", "+49 152", "151", "12345678"] {
        assert!(!finds(text, true), "{text}");
    }
}

#[test]
fn whoever_sees_masks_finds_no_more_than_the_mask_tells() {
    // Told the whole address or number, they find whose mask is the same: the owner among them.
    for text in [
        "countess.l@engine.example",
        "carl@engine.example",
        "+49 151 12345678",
        "+1 202 5550178",
    ] {
        assert!(finds(text, false), "{text}");
    }
    for text in [
        "countess.l@",
        "countess",
        "bob@engine.example",
        "countess.l@engine.example.org",
        "+49",
        "+49151123456",
        "+49 151 12345679",
    ] {
        assert!(!finds(text, false), "{text}");
    }
}

#[test]
fn a_name_of_any_length_has_keys_that_an_index_can_hold() {
    let name = "ẞ".repeat(5000) + &" word".repeat(5000);
    let keys = search_keys(None, None, Some(&name));
    assert!(
        keys.len() <= 50 && keys.iter().all(|key| key.len() <= 400),
        "{keys:?}"
    );
    assert!(finds_whom(
        "a@b.example",
        "+4915112345678",
        &name,
        &name[..600],
        true
    ));
}

proptest! {
    /// Two people with the same name and the same masks are found by the same searches.
    #[test]
    fn a_search_does_not_tell_what_a_mask_hides(
        text in prop_oneof![".{0,40}", "[a-d.]{1,6}@(x|y)\\.example", "\\+49[0-9 ]{0,14}", "[a-d.]{1,4}"],
        one in "[b-d.]{0,5}",
        other in "[b-d.]{0,5}",
        digits in 0..1_000_000_u32,
        others in 0..1_000_000_u32,
    ) {
        let found = |local: &str, digits: u32| finds_whom(
            &format!("a{local}@x.example"), &format!("+49{digits:07}78"), "Zoe", &text, false,
        );
        prop_assert_eq!(found(&one, digits), found(&other, others));
    }

    #[test]
    fn everybody_is_found_by_the_beginning_of_each_word(name in "\\PC{1,30}", length in 1..10_usize) {
        for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let typed: String = word.chars().take(length).collect();
            prop_assert!(finds_whom("a@b.example", "+4915112345678", &name, &typed, false), "{typed}");
        }
    }
}
