//! The labels, each with a bounded number of values.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

/// The value of a label where nothing is known: a request without a token, or without a document.
const UNKNOWN: &str = "unknown";

/// One answered request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct RequestLabels {
    /// The name of a trusted document, `ad_hoc` or `unknown`: never a name that a client made up.
    operation: Arc<str>,
    /// The role of the token.
    role: &'static str,
    /// `OK`, or the code of the first error.
    code: Cow<'static, str>,
}

impl RequestLabels {
    /// `trusted`: whether its document is; `None` where it came to none.
    pub(crate) fn new(
        operation: Option<&Arc<str>>,
        trusted: Option<bool>,
        role: Option<&'static str>,
        code: Option<&str>,
    ) -> Self {
        Self {
            operation: operation_label(operation, trusted),
            role: role.unwrap_or(UNKNOWN),
            code: code.map_or(Cow::Borrowed("OK"), |code| Cow::Owned(code.to_owned())),
        }
    }
}

fn operation_label(operation: Option<&Arc<str>>, trusted: Option<bool>) -> Arc<str> {
    match (operation, trusted) {
        (Some(name), Some(true)) => Arc::clone(name),
        (_, Some(_)) => "ad_hoc".into(),
        (_, None) => UNKNOWN.into(),
    }
}

/// One request that was turned away.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct RefusalLabels {
    pub(crate) reason: Refusal,
}

/// Why a request was turned away before it was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Refusal {
    /// It accepts no form of answer that there is.
    Accept,
    /// Its method is none that GraphQL uses, or cannot do what it asks for.
    Method,
    /// Its token is missing or not valid.
    Token,
    /// It opens a WebSocket from a page of an origin that may not.
    Origin,
    /// Its body is too large, of another type or no request.
    Body,
    /// Its body did not arrive in time.
    SlowBody,
    /// Too many others were at work.
    Busy,
    /// Its document is not known, or may not be sent by this role.
    Untrusted,
    /// Its document does not parse, or names no operation.
    Document,
    /// Its document goes beyond the named limit.
    Limit(&'static str),
}

impl Refusal {
    const fn label(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Method => "method",
            Self::Token => "token",
            Self::Origin => "origin",
            Self::Body => "body",
            Self::SlowBody => "slow_body",
            Self::Busy => "busy",
            Self::Untrusted => "untrusted",
            Self::Document => "document",
            Self::Limit(limit) => limit,
        }
    }
}

impl EncodeLabelValue for Refusal {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.label().encode(encoder)
    }
}

/// One operation over a stream or a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct StreamLabels {
    /// `sse` or `websocket`.
    transport: &'static str,
    /// As in [`RequestLabels`].
    operation: Arc<str>,
    /// The role of the token.
    role: &'static str,
}

impl StreamLabels {
    pub(crate) fn new(
        transport: &'static str,
        operation: Option<&Arc<str>>,
        trusted: Option<bool>,
        role: &'static str,
    ) -> Self {
        Self {
            transport,
            operation: operation_label(operation, trusted),
            role,
        }
    }
}

/// The end of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct StreamEndLabels {
    pub(crate) transport: &'static str,
    /// Why it ended: one of a few.
    pub(crate) reason: &'static str,
}

/// One transaction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct TransactionLabels {
    /// The name of the file with the statement.
    pub(crate) statement: &'static str,
    /// `ok`, or what went wrong.
    pub(crate) outcome: &'static str,
}
