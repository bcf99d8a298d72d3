//! Manifests of trusted documents: JSON objects of `"sha256:<hash>": "<text>"`, as code generators write
//! them.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{DocumentError, DocumentId, Operation};
use crate::graphql::{DocumentLimits, Validator};

/// What the binary brings along: where it comes from, and the manifest.
const BUILT_IN: [(&str, &str); 2] = [
    (
        "the portal's documents",
        include_str!("../../../portal/documents.json"),
    ),
    (
        "the documents of the documentation",
        include_str!("../../../documents/documentation.json"),
    ),
];

/// Why trusted documents cannot be used, for whoever starts the gateway.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A file or folder cannot be read.
    #[error("trusted documents cannot be read from {}: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file has another form.
    #[error("{origin} is no manifest, a JSON object of \"sha256:<hash>\": \"<document>\": {error}")]
    Malformed {
        /// The file.
        origin: String,
        /// Why.
        error: serde_json::Error,
    },
    /// A document cannot be trusted.
    #[error("{origin}: the document {document} {complaint}")]
    Document {
        /// The file.
        origin: String,
        /// The key, and the operation's name where that is known.
        document: String,
        /// What is wrong, and what would be right.
        complaint: String,
    },
}

/// Trusted documents by id.
#[derive(Default)]
pub(super) struct Manifest(HashMap<DocumentId, Operation>);

impl Manifest {
    pub(super) fn get(&self, id: &DocumentId) -> Option<&Operation> {
        self.0.get(id)
    }

    /// The built-in documents and those of files; of a folder, every `.json` file in it.
    pub(super) async fn load(
        paths: &[PathBuf],
        limits: &DocumentLimits,
        validator: &Validator,
    ) -> Result<Self, ManifestError> {
        let mut manifest = Self::default();
        for (origin, json) in BUILT_IN {
            manifest.add(origin, json, limits, validator).await?;
        }
        for path in paths {
            for file in files(path)? {
                let json = fs::read_to_string(&file).map_err(unreadable(&file))?;
                let origin = file.display().to_string();
                manifest.add(&origin, &json, limits, validator).await?;
            }
        }
        Ok(manifest)
    }

    pub(super) async fn add(
        &mut self,
        origin: &str,
        json: &str,
        limits: &DocumentLimits,
        validator: &Validator,
    ) -> Result<(), ManifestError> {
        let documents: BTreeMap<String, String> =
            serde_json::from_str(json).map_err(|error| ManifestError::Malformed {
                origin: origin.into(),
                error,
            })?;
        for (key, text) in documents {
            let (id, operation) = trusted(&key, &text, limits, validator).await.map_err(
                |(document, complaint)| ManifestError::Document {
                    origin: origin.into(),
                    document,
                    complaint,
                },
            )?;
            self.0.insert(id, operation);
        }
        Ok(())
    }
}

/// A document that is what its key says and would be executed, or how to call it and what is wrong.
async fn trusted(
    key: &str,
    text: &str,
    limits: &DocumentLimits,
    validator: &Validator,
) -> Result<(DocumentId, Operation), (String, String)> {
    let wrong = |complaint: String| (format!("{key:?}"), complaint);
    let Some(id) = DocumentId::parse(key) else {
        return Err(wrong(
            "has no id: its key is to be `sha256:` and 64 hexadecimal digits".into(),
        ));
    };
    if id != DocumentId::of(text) {
        return Err(wrong(format!(
            "is not the one that its key names: sha256 of its text is {}",
            DocumentId::of(text)
        )));
    }
    let mut operation = Operation::parse(text, None, limits).map_err(|error| {
        let (_, error) = DocumentError::from(error).explain();
        wrong(format!("cannot be used: {}", error.message))
    })?;
    let Some(name) = operation.name.clone() else {
        return Err(wrong(
            "has no name, by which the log and the metrics know it: begin it with `query Name`"
                .into(),
        ));
    };
    operation.trusted = true;
    validator
        .check(operation.document())
        .await
        .map_err(|errors| {
            let errors: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            let complaint = format!("does not fit the schema: {}", errors.join("; "));
            (format!("{name} ({key})"), complaint)
        })?;
    Ok((id, operation))
}

fn files(path: &Path) -> Result<Vec<PathBuf>, ManifestError> {
    if !fs::metadata(path).map_err(unreadable(path))?.is_dir() {
        return Ok(vec![path.into()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable(path))? {
        let file = entry.map_err(unreadable(path))?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> ManifestError {
    move |error| ManifestError::Unreadable {
        path: path.into(),
        error,
    }
}
