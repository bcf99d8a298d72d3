//! What the gateway sends to the server for a screen.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::subject::Failure;

/// The statements of one transaction, in order, and the user that they were about.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) user: String,
    pub(crate) statements: Vec<Statement>,
}

/// A statement with its parameters, as text; without any where it is sent as text alone.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) parameters: Option<Vec<Option<String>>>,
}

impl Sent {
    /// What `authn_bench record` wrote.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        Ok(serde_json::from_reader(BufReader::new(File::open(file)?))?)
    }
}
