//! What a request asks for: a trusted document by its id, or a document of its own.

mod error;
mod id;
mod manifest;
mod operation;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DocumentLimits, Validator};
use crate::auth::Role;

pub(crate) use error::DocumentError;
pub use id::DocumentId;
use manifest::Manifest;
pub use manifest::ManifestError;
pub(crate) use operation::Operation;

/// Which documents are executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Executed {
    /// Trusted ones, and those that a role may send ad hoc.
    Trusted,
    /// Whatever is within the limits.
    #[default]
    Any,
}

/// Which documents are executed, and for whom.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Documents")]
pub struct DocumentSettings {
    /// Which documents are executed: any within the limits, or the trusted ones only, for production. Any
    /// until your clients' documents are listed, for without them a client would get no answer at all
    #[arg(long = "documents", env = "DOCUMENTS", default_value = "any")]
    pub executed: Executed,

    /// Roles that may send documents that are not trusted, separated by commas, such as `admin`
    #[arg(
        long = "ad-hoc-roles",
        env = "AD_HOC_ROLES",
        value_name = "ROLES",
        value_delimiter = ','
    )]
    pub ad_hoc_roles: Vec<Role>,

    /// Trusted documents beside those of the portal and the documentation: manifests, or folders of them,
    /// separated by commas. A manifest is a JSON object of `"sha256:<hash>": "<document>"`
    #[arg(
        long = "trusted-documents",
        env = "TRUSTED_DOCUMENTS",
        value_name = "PATHS",
        value_delimiter = ','
    )]
    pub manifests: Vec<PathBuf>,
}

/// How a request names its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// By its text.
    Text(String),
    /// By its id, with or without the text.
    Id(DocumentId, Option<String>),
}

/// Where operations come from: the one place that every transport asks.
pub struct Documents {
    manifest: Manifest,
    limits: DocumentLimits,
    executed: Executed,
    ad_hoc_roles: Vec<Role>,
}

impl Documents {
    /// Loads the trusted documents: each is parsed and checked against the schema, once.
    pub async fn load(
        settings: &DocumentSettings,
        limits: DocumentLimits,
        validator: &Validator,
    ) -> Result<Self, ManifestError> {
        Ok(Self {
            manifest: Manifest::load(&settings.manifests, &limits, validator).await?,
            limits,
            executed: settings.executed,
            ad_hoc_roles: settings.ad_hoc_roles.clone(),
        })
    }

    /// The operation that a request asks for, if it may be executed for this role; `None`: for somebody
    /// without a token.
    pub(crate) fn find(
        &self,
        reference: &Reference,
        name: Option<&str>,
        role: Option<Role>,
    ) -> Result<Operation, DocumentError> {
        let Some(role) = role else {
            return self.for_anybody(reference, name);
        };
        let (id, text) = match reference {
            Reference::Text(text) => (DocumentId::of(text), Some(text)),
            Reference::Id(id, None) => (*id, None),
            Reference::Id(id, Some(text)) if *id == DocumentId::of(text) => (*id, Some(text)),
            Reference::Id(..) => return Err(DocumentError::NotItsId),
        };
        if let Some(operation) = self.manifest.get(&id) {
            return Ok(operation.named(name)?);
        }
        let operation = Operation::parse(text.ok_or(DocumentError::NotFound)?, name, &self.limits)?;
        let allowed = self.executed == Executed::Any
            || self.ad_hoc_roles.contains(&role)
            || operation.for_anybody;
        match allowed {
            true => Ok(operation),
            false => Err(DocumentError::NotAllowed),
        }
    }

    /// Which trusted documents there are is nobody's business without a token.
    fn for_anybody(
        &self,
        reference: &Reference,
        name: Option<&str>,
    ) -> Result<Operation, DocumentError> {
        let Reference::Text(text) = reference else {
            return Err(DocumentError::Unauthenticated);
        };
        let operation = Operation::parse(text, name, &self.limits)?;
        match operation.for_anybody {
            true => Ok(operation),
            false => Err(DocumentError::Unauthenticated),
        }
    }
}

#[cfg(test)]
mod tests;
