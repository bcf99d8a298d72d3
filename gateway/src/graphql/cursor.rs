//! Cursors: the sort key of an edge, opaque to clients. They come back as untrusted input.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ApiError;

/// The longest cursor: more than any sort key of ours needs.
const MAX_CURSOR: usize = 4 * 1024;

pub(crate) fn encode(key: &impl Serialize) -> Result<String, ApiError> {
    let json = serde_json::to_vec(key).map_err(|_| ApiError::internal())?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

pub(crate) fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K, ApiError> {
    let invalid = || ApiError::bad_input("a cursor is not one of this list");
    if cursor.len() > MAX_CURSOR {
        return Err(invalid());
    }
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    serde_json::from_slice(&json).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    type Key = (String, Uuid);

    #[test]
    fn what_is_no_cursor_of_the_list_is_refused() {
        let of_another_list = encode(&(1, 2, 3)).unwrap();
        for cursor in [
            "",
            "x",
            "MQ",
            "\u{1f511}",
            "bnVsbA",
            &of_another_list,
            &"A".repeat(5000),
        ] {
            assert!(decode::<Key>(cursor).is_err(), "{cursor:?}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_carries_its_key(name in ".{0,100}", id in any::<u128>()) {
            let key: Key = (name, Uuid::from_u128(id));
            prop_assert_eq!(decode::<Key>(&encode(&key).unwrap()), Ok(key));
        }

        #[test]
        fn no_text_breaks_the_decoder(text in ".{0,200}") {
            let _ = decode::<Key>(&text);
        }
    }
}
