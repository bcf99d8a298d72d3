//! How far an import has come, in a file beside the one that is imported.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Everything up to a line is in, or reported as rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The last line that was dealt with.
    pub line: u64,
    /// Attempts that came in.
    pub imported: u64,
    /// Attempts that were known.
    pub repeated: u64,
    /// Attempts and lines that were rejected.
    pub rejected: u64,
}

/// The file that remembers a [`Progress`].
pub struct Cursor(PathBuf);

impl Cursor {
    /// The cursor in this file.
    #[must_use]
    pub fn at(path: PathBuf) -> Cursor {
        Cursor(path)
    }

    /// How far an earlier run came.
    ///
    /// # Errors
    /// If the file is there and holds no progress.
    pub fn read(&self) -> io::Result<Progress> {
        match fs::read(&self.0) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Progress::default()),
            Err(error) => Err(error),
        }
    }

    /// Replaces the file in one step, so that a crash leaves the old progress or the new one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, progress: &Progress) -> io::Result<()> {
        let new = self.0.with_added_extension("new");
        fs::write(&new, serde_json::to_vec(progress)?)?;
        fs::rename(&new, &self.0)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}
