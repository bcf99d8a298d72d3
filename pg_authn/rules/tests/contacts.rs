//! One spelling for each email, phone number and subject, and what of it a reader may see.

use authn_rules::{
    Method, ProblemKind, canonical_email, canonical_identity, canonical_phone, mask_email,
    mask_identifier, mask_phone,
};
use proptest::prelude::*;

#[test]
fn spellings_of_one_email_become_the_same() {
    for spelling in [
        "ada@example.com",
        "  Ada@Example.COM\n",
        "ADA@EXAMPLE.COM",
        "\u{a0}ada@example.com",
    ] {
        assert_eq!(canonical_email(spelling).as_deref(), Ok("ada@example.com"));
    }
    assert_eq!(
        canonical_email("ΑΔΑΣ@Ünï.example").as_deref(),
        Ok("αδασ@ünï.example")
    );
    assert_eq!(canonical_email("a@localhost").as_deref(), Ok("a@localhost"));
}

#[test]
fn what_is_no_email_is_refused() {
    let long = format!("{}@example.com", "a".repeat(243));
    for wrong in [
        "",
        " ",
        "ada",
        "@",
        "ada@",
        "@example.com",
        "a@b@example.com",
        "ada@.com",
        "ada@example.",
        "ada@exam..ple",
        "ada lovelace@example.com",
        "ada@exam ple.com",
        "ada\u{0}@example.com",
        "ada\u{200b}@example.com",
        "ada\u{202e}@example.com",
        long.as_str(),
    ] {
        let problem = canonical_email(wrong).unwrap_err();
        assert_eq!(
            (problem.kind, problem.field.as_str()),
            (ProblemKind::IdentityInvalid, "email"),
            "{wrong:?}"
        );
        assert!(problem.hint.contains("name@example.com"));
    }
    assert_eq!(canonical_email(&long[1..]).unwrap().len(), 254);
}

#[test]
fn spellings_of_one_phone_number_become_the_same() {
    for spelling in [
        "+4915112345678",
        "004915112345678",
        " +49 151 1234-5678 ",
        "+49 (151) 123.456/78",
        "+49 (0)151 12345678",
        "0049(0) 151-12345678",
        "+49\u{a0}151\u{2011}12345678",
        "(+49) 151 12345678",
    ] {
        assert_eq!(
            canonical_phone(spelling).as_deref(),
            Ok("+4915112345678"),
            "{spelling}"
        );
    }
    assert_eq!(canonical_phone("+1234567").as_deref(), Ok("+1234567"));
    assert_eq!(
        canonical_phone("+123456789012345").as_deref(),
        Ok("+123456789012345")
    );
}

#[test]
fn what_is_no_international_number_is_refused() {
    for (wrong, message) in [
        ("", "the phone number has no country code"),
        ("015112345678", "the phone number has no country code"),
        ("4915112345678", "the phone number has no country code"),
        ("(0)15112345678", "the phone number has no country code"),
        ("+49151CALLME", "a phone number has digits only"),
        ("+49 151 12345 ext 6", "a phone number has digits only"),
        ("++4915112345678", "a phone number has digits only"),
        (
            "+４９１５１１２３４５６７",
            "a phone number has digits only",
        ),
        ("+0015112345678", "no country code starts with 0"),
        ("+015112345678", "no country code starts with 0"),
        ("+", "a phone number has 7 to 15 digits"),
        ("+123456", "a phone number has 7 to 15 digits"),
        ("+1234567890123456", "a phone number has 7 to 15 digits"),
    ] {
        let problem = canonical_phone(wrong).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::IdentityInvalid);
        assert_eq!(
            (problem.field.as_str(), problem.message.as_str()),
            ("phone", message),
            "{wrong}"
        );
        assert!(problem.hint.contains("+4915112345678"));
    }
}

#[test]
fn only_the_zero_after_a_country_code_is_dropped() {
    assert_eq!(
        canonical_phone("+4915112 (0) 45678").as_deref(),
        Ok("+4915112045678")
    );
}

#[test]
fn an_identifier_is_spelled_as_its_method_says() {
    for (method, identifier, canonical) in [
        (Method::EmailOtp, " Ada@Example.com", "ada@example.com"),
        (
            Method::EmailMagicLink,
            "ADA@example.com ",
            "ada@example.com",
        ),
        (Method::SmsOtp, "00 49 151 12345678", "+4915112345678"),
        (Method::Social, " Subject-1 ", "Subject-1"),
        (Method::Oidc, "auth0|AbC", "auth0|AbC"),
        (Method::Saml, "Ada Lovelace", "Ada Lovelace"),
    ] {
        assert_eq!(
            canonical_identity(method, identifier).as_deref(),
            Ok(canonical),
            "{method}"
        );
    }
}

#[test]
fn a_wrong_identifier_is_refused_in_the_name_of_the_identifier() {
    let long = "s".repeat(1025);
    for (method, identifier) in [
        (Method::EmailOtp, "+4915112345678"),
        (Method::EmailMagicLink, ""),
        (Method::SmsOtp, "ada@example.com"),
        (Method::Social, " "),
        (Method::Oidc, "a\u{7}b"),
        (Method::Saml, long.as_str()),
        (Method::Password, "x"),
        (Method::Totp, "x"),
        (Method::Pin, ""),
        (Method::Passkey, "x"),
        (Method::MobileBiometric, "x"),
    ] {
        let problem = canonical_identity(method, identifier).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::IdentityInvalid, "{method}");
        assert_eq!(problem.field, "identifier", "{method}");
    }
    assert!(canonical_identity(Method::Saml, &long[1..]).is_ok());
}

#[test]
fn masks_show_enough_to_recognise_and_not_to_learn() {
    assert_eq!(mask_email("ada@example.com"), "a•••@example.com");
    assert_eq!(mask_email("a@example.com"), "a•••@example.com");
    assert_eq!(mask_email("éva@example.com"), "é•••@example.com");
    assert_eq!(mask_phone("+4915112345678"), "+••• 78");
    assert_eq!(
        mask_identifier(Method::EmailOtp, "ada@example.com"),
        "a•••@example.com"
    );
    assert_eq!(mask_identifier(Method::SmsOtp, "+4915112345678"), "+••• 78");
    assert_eq!(mask_identifier(Method::Oidc, "auth0|12345"), "au•••");
    assert_eq!(mask_identifier(Method::Social, "1234567"), "12•••");
    assert_eq!(mask_identifier(Method::Saml, "123456"), "•••");
    assert_eq!(mask_identifier(Method::Saml, "日本語日本語日本"), "日本•••");
    assert_eq!(mask_identifier(Method::Password, "anything"), "•••");
}

#[test]
fn what_does_not_look_like_its_kind_is_hidden_whole() {
    for odd in ["", "ada", "日本語"] {
        assert_eq!(mask_email(odd), "•••");
    }
    for odd in ["", "+", "+1", "+12", "015112345678", "+49 151", "+日本語"] {
        assert_eq!(mask_phone(odd), "•••", "{odd}");
    }
}

/// Text near the formats, where mistakes are, besides text of any kind.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ +0-9()/.-]{0,24}",
        "\\PC{0,8}@\\PC{0,12}",
        "\\+\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_makes_anything_panic_and_a_canonical_spelling_is_its_own(text in text()) {
        if let Ok(email) = canonical_email(&text) {
            prop_assert_eq!(canonical_email(&email), Ok(email));
        }
        if let Ok(phone) = canonical_phone(&text) {
            prop_assert_eq!(canonical_phone(&phone), Ok(phone));
        }
        for method in Method::ALL.iter().copied() {
            prop_assert!(mask_identifier(method, &text).contains("•••"));
            if let Ok(identity) = canonical_identity(method, &text) {
                prop_assert_eq!(canonical_identity(method, &identity), Ok(identity));
            }
        }
    }
}
