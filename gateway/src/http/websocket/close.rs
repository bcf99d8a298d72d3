//! Why a connection is closed, as the protocol numbers it.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message, close_code};

/// The end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// What came is no message of the protocol.
    BadRequest(&'static str),
    /// An operation came before the connection was acknowledged.
    Unauthorized,
    /// The token is refused, or has ended: with another one the client may come back.
    Forbidden(&'static str),
    /// The client does not speak the protocol.
    SubprotocolNotAcceptable,
    /// No `connection_init` came in time.
    InitialisationTimeout,
    /// An operation with this id runs.
    SubscriberAlreadyExists(String),
    /// A second `connection_init` came.
    TooManyInitialisationRequests,
    /// The gateway stops: the client may connect to another one.
    GoingAway,
}

impl Close {
    pub(super) fn message(self) -> Message {
        let (code, reason): (u16, Cow<'static, str>) = match self {
            Self::BadRequest(reason) => (4400, reason.into()),
            Self::Unauthorized => (4401, "Unauthorized".into()),
            Self::Forbidden(reason) => (4403, reason.into()),
            Self::SubprotocolNotAcceptable => (4406, "Subprotocol not acceptable".into()),
            Self::InitialisationTimeout => (4408, "Connection initialisation timeout".into()),
            Self::SubscriberAlreadyExists(id) => {
                (4409, format!("Subscriber for {id} already exists").into())
            }
            Self::TooManyInitialisationRequests => {
                (4429, "Too many initialisation requests".into())
            }
            Self::GoingAway => (close_code::AWAY, "the gateway stops".into()),
        };
        Message::Close(Some(CloseFrame {
            code,
            reason: shortened(&reason).into(),
        }))
    }
}

/// A control frame has room for 123 bytes.
fn shortened(reason: &str) -> &str {
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_its_frame() {
        let close = Close::SubscriberAlreadyExists("ü".repeat(500));
        let Message::Close(Some(frame)) = close.message() else {
            panic!("a close frame");
        };
        assert_eq!(frame.code, 4409);
        assert!(frame.reason.len() <= 123 && frame.reason.starts_with("Subscriber for ü"));
    }
}
