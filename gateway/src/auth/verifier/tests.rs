use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::auth::Role;

const SECRET: &[u8] = b"an hmac secret of more than 32 bytes";

// Made for these tests with `openssl genpkey`; they sign nothing else.
const ED25519_PRIVATE: &[u8] = include_bytes!("../../../tests/keys/ed25519.der");
const ED25519_PUBLIC: &str = include_str!("../../../tests/keys/ed25519.x");
const P256_PRIVATE: &[u8] = include_bytes!("../../../tests/keys/p256.der");
const P256_PUBLIC: &str = include_str!("../../../tests/keys/p256.xy");
const RSA_PRIVATE: &[u8] = include_bytes!("../../../tests/keys/rsa.der");
const RSA_PUBLIC: &str = include_str!("../../../tests/keys/rsa.n");

fn settings() -> VerifierSettings {
    VerifierSettings {
        issuer: "pg_authn".into(),
        audience: "pg_authn".into(),
        leeway: 30,
    }
}

fn key_set() -> Value {
    let (x, y) = P256_PUBLIC.trim().split_once(' ').unwrap();
    json!({ "keys": [
        { "kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": RSA_PUBLIC.trim(), "e": "AQAB" },
        { "kty": "EC", "kid": "ec", "crv": "P-256", "x": x, "y": y },
        { "kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": ED25519_PUBLIC.trim() },
        { "kty": "oct", "kid": "shared", "k": "c2VjcmV0" },
        { "kty": "OKP", "kid": "for encryption", "use": "enc", "crv": "Ed25519", "x": ED25519_PUBLIC.trim() },
    ] })
}

fn keys() -> Keys {
    Keys::Fixed(KeySet::parse(key_set().to_string().as_bytes()).unwrap())
}

fn verifier() -> Verifier {
    Verifier::new(settings(), Some(SECRET), keys())
}

fn verify(verifier: &Verifier, token: &str) -> Result<Claims, TokenError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(verifier.verify(token))
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

fn claims() -> Value {
    json!({
        "iss": "pg_authn", "aud": "pg_authn", "sub": "ada", "exp": now() + 600,
        "tenant": "00000000-0000-0000-0000-000000000001", "role": "support",
    })
}

fn with(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn signed(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    encode(header, claims, key).unwrap()
}

fn hs256(claims: &Value) -> String {
    signed(
        &Header::new(Algorithm::HS256),
        claims,
        &EncodingKey::from_secret(SECRET),
    )
}

fn header(algorithm: Algorithm, kid: &str) -> Header {
    Header {
        kid: Some(kid.into()),
        ..Header::new(algorithm)
    }
}

fn unsigned(header: Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&header), part(claims))
}

#[test]
fn a_token_signed_with_the_secret_is_believed() {
    let claims = verify(&verifier(), &hs256(&claims())).unwrap();
    assert_eq!(claims.subject, "ada");
    assert_eq!(claims.role, Role::Support);
}

#[test]
fn a_token_signed_with_each_kind_of_public_key_is_believed() {
    let verifier = verifier();
    let rsa = EncodingKey::from_rsa_der(RSA_PRIVATE);
    let ec = EncodingKey::from_ec_der(P256_PRIVATE);
    let ed = EncodingKey::from_ed_der(ED25519_PRIVATE);
    for (algorithm, kid, key) in [
        (Algorithm::RS256, "rsa", rsa),
        (Algorithm::ES256, "ec", ec),
        (Algorithm::EdDSA, "ed", ed),
    ] {
        let token = signed(&header(algorithm, kid), &claims(), &key);
        assert!(verify(&verifier, &token).is_ok(), "{kid}");
    }
}

#[test]
fn an_unsigned_token_is_refused() {
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let token = unsigned(json!({ "alg": algorithm, "typ": "JWT" }), &claims());
        assert_eq!(
            verify(&verifier(), &token),
            Err(TokenError::Malformed),
            "{algorithm:?}"
        );
    }
}

#[test]
fn the_algorithm_is_the_keys_and_not_the_tokens() {
    let verifier = verifier();
    let rsa = EncodingKey::from_rsa_der(RSA_PRIVATE);
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        let token = signed(&header(algorithm, "rsa"), &claims(), &rsa);
        assert!(verify(&verifier, &token).is_err(), "{algorithm:?}");
    }
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed(
            &header(algorithm, "rsa"),
            &claims(),
            &EncodingKey::from_secret(SECRET),
        );
        assert!(verify(&verifier, &token).is_err(), "{algorithm:?}");
    }
}

#[test]
fn a_public_key_is_never_a_secret() {
    let token = signed(
        &header(Algorithm::HS256, "rsa"),
        &claims(),
        &EncodingKey::from_secret(RSA_PUBLIC.trim().as_bytes()),
    );
    assert_eq!(verify(&verifier(), &token), Err(TokenError::BadSignature));
    let without_secret = Verifier::new(settings(), None, keys());
    assert_eq!(verify(&without_secret, &token), Err(TokenError::UnknownKey));
    assert_eq!(
        verify(&without_secret, &hs256(&claims())),
        Err(TokenError::UnknownKey)
    );
}

#[test]
fn keys_are_found_by_name_and_only_signing_keys() {
    let verifier = verifier();
    let ed = EncodingKey::from_ed_der(ED25519_PRIVATE);
    for kid in ["unknown", "for encryption", "shared", "ec", ""] {
        let token = signed(&header(Algorithm::EdDSA, kid), &claims(), &ed);
        assert_eq!(
            verify(&verifier, &token),
            Err(TokenError::UnknownKey),
            "{kid:?}"
        );
    }
    let nameless = signed(&Header::new(Algorithm::EdDSA), &claims(), &ed);
    assert_eq!(verify(&verifier, &nameless), Err(TokenError::UnknownKey));
}

#[test]
fn another_secret_is_refused() {
    let key = EncodingKey::from_secret(b"another secret, just as long as that");
    let token = signed(&Header::new(Algorithm::HS256), &claims(), &key);
    assert_eq!(verify(&verifier(), &token), Err(TokenError::BadSignature));
}

#[test]
fn a_token_is_in_force_between_its_beginning_and_its_end() {
    for (changes, expected) in [
        (json!({ "exp": now() - 31 }), Err(TokenError::Expired)),
        (json!({ "exp": now() - 5 }), Ok(())),
        (json!({ "nbf": now() + 60 }), Err(TokenError::NotYetValid)),
        (json!({ "nbf": now() + 5 }), Ok(())),
        (json!({ "exp": null }), Err(TokenError::Malformed)),
        (json!({ "exp": "tomorrow" }), Err(TokenError::Malformed)),
        (json!({ "exp": -1 }), Err(TokenError::Malformed)),
    ] {
        let verdict = verify(&verifier(), &hs256(&with(changes.clone()))).map(|_| ());
        assert_eq!(verdict, expected, "{changes}");
    }
}

#[test]
fn issuer_and_audience_are_enforced() {
    for (changes, expected) in [
        (json!({ "iss": "somebody" }), Err(TokenError::WrongIssuer)),
        (json!({ "iss": null }), Err(TokenError::MissingClaim)),
        (json!({ "aud": "somebody" }), Err(TokenError::WrongAudience)),
        (json!({ "aud": null }), Err(TokenError::MissingClaim)),
        (json!({ "aud": ["other", "pg_authn"] }), Ok(())),
        (json!({ "aud": [] }), Err(TokenError::WrongAudience)),
    ] {
        let verdict = verify(&verifier(), &hs256(&with(changes.clone()))).map(|_| ());
        assert_eq!(verdict, expected, "{changes}");
    }
}

#[test]
fn claims_of_the_wrong_shape_are_refused() {
    for changes in [
        json!({ "sub": null }),
        json!({ "sub": 7 }),
        json!({ "tenant": null }),
        json!({ "tenant": "acme" }),
        json!({ "role": null }),
        json!({ "role": ["admin"] }),
        json!({ "role": "postgres" }),
        json!({ "apps": "all" }),
        json!({ "apps": [] }),
        json!({ "apps": ["*"] }),
    ] {
        assert!(
            verify(&verifier(), &hs256(&with(changes.clone()))).is_err(),
            "{changes}"
        );
    }
}

#[test]
fn garbage_is_refused() {
    let good = hs256(&claims());
    let (head, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    for token in [
        String::new(),
        "x".into(),
        ".".into(),
        "..".into(),
        "...".into(),
        "\u{1f511}.\u{1f511}.\u{1f511}".into(),
        format!("{head}.{body}"),
        format!("{head}.{body}."),
        format!("{head}..{signature}"),
        format!("{head}.{body}.{signature}x"),
        format!("{head}.{body}x.{signature}"),
        format!("{good}.{good}"),
        good.replace('.', " "),
    ] {
        assert!(verify(&verifier(), &token).is_err(), "{token:?}");
    }
}

#[test]
fn an_oversized_token_is_refused_unread() {
    let token = hs256(&with(json!({ "padding": "x".repeat(8 * 1024) })));
    assert_eq!(verify(&verifier(), &token), Err(TokenError::TooLarge));
}

#[test]
fn a_header_with_critical_extensions_is_refused() {
    let header = Header {
        crit: Some(vec!["exp".into()]),
        ..Header::new(Algorithm::HS256)
    };
    let token = signed(&header, &claims(), &EncodingKey::from_secret(SECRET));
    assert_eq!(verify(&verifier(), &token), Err(TokenError::Malformed));
}

#[test]
fn a_short_secret_is_no_secret() {
    assert!(hmac_secret("short").is_err());
    assert!(hmac_secret(&" ".repeat(40)).is_err());
    assert_eq!(
        hmac_secret(&format!("{}\n", "a".repeat(32))).unwrap(),
        "a".repeat(32).as_bytes()
    );
}

#[test]
fn a_key_set_that_cannot_be_relied_on_is_refused() {
    let ed = json!({ "kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": ED25519_PUBLIC.trim() });
    let weak = json!({ "kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB" });
    let secret = json!({ "kty": "oct", "kid": "shared", "k": "c2VjcmV0" });
    let other_algorithm =
        json!({ "kty": "OKP", "kid": "ed", "alg": "RS256", "crv": "Ed25519", "x": "AA" });
    for (keys, reason) in [
        (json!([]), "holds no"),
        (json!([secret]), "holds no"),
        (json!([other_algorithm]), "holds no"),
        (json!([weak]), "shorter"),
        (json!([ed, ed]), "twice"),
    ] {
        let error = KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
            .err()
            .unwrap();
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(KeySet::parse(b"{}").is_err());
    assert!(KeySet::parse(b"not json").is_err());
}
