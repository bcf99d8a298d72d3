//! How another system calls users and apps.

use std::collections::HashMap;
use std::path::Path;

use uuid::Uuid;

/// Names and the ids that they stand for.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, Uuid>);

impl Names {
    /// Reads a CSV file of two columns, name and id, without a header.
    ///
    /// # Errors
    /// If the file cannot be read or a line is not a name and a uuid.
    pub fn read(path: &Path) -> Result<Names, String> {
        let complaint = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_path(path)
            .map_err(|error| complaint(&error))?;
        let mut names = HashMap::new();
        for row in reader.deserialize() {
            let (name, id): (String, Uuid) = row.map_err(|error| complaint(&error))?;
            names.insert(name, id);
        }
        Ok(Names(names))
    }

    /// The id of a name; a name that is an id stands for itself.
    pub(super) fn id_of(&self, name: &str) -> Option<Uuid> {
        self.0.get(name).copied().or_else(|| name.parse().ok())
    }
}
