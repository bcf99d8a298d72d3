//! How large a document may be: settings of `gateway serve`, and what it means to go beyond one.

use std::fmt;

use clap::Args;

/// The deepest nesting that may be allowed: parser and validator recurse over it.
const MOST_NESTING: usize = 64;

const DEFAULT: DocumentLimits = DocumentLimits {
    bytes: 16 * 1024,
    tokens: 1000,
    nesting: 32,
    directives: 50,
    colons: 200,
    aliases: 30,
    root_fields: 20,
    fields: 5000,
};

/// Bounds on a document.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Documents")]
pub struct DocumentLimits {
    /// Bytes of a document. The introspection of common tools has less than 2 KiB
    #[arg(long = "max-document-bytes", env = "MAX_DOCUMENT_BYTES", default_value_t = DEFAULT.bytes)]
    pub bytes: usize,

    /// Names, punctuators and values in a document: what it costs to parse grows with them
    #[arg(long = "max-tokens", env = "MAX_TOKENS", default_value_t = DEFAULT.tokens)]
    pub tokens: usize,

    /// Brackets inside each other, and fields and fragments inside each other. At most 64: the parser and
    /// the validator recurse over them
    #[arg(long = "max-nesting", env = "MAX_NESTING", default_value_t = DEFAULT.nesting, value_parser = nesting)]
    pub nesting: usize,

    /// Directives in a document: @skip and @include are all there are
    #[arg(long = "max-directives", env = "MAX_DIRECTIVES", default_value_t = DEFAULT.directives)]
    pub directives: usize,

    /// Aliases and arguments together, counted before anything is parsed
    #[arg(long = "max-colons", env = "MAX_COLONS", default_value_t = DEFAULT.colons)]
    pub colons: usize,

    /// Aliases, with every fragment written out: the same question many times over
    #[arg(long = "max-aliases", env = "MAX_ALIASES", default_value_t = DEFAULT.aliases)]
    pub aliases: usize,

    /// Root fields of an operation: each is a transaction
    #[arg(long = "max-root-fields", env = "MAX_ROOT_FIELDS", default_value_t = DEFAULT.root_fields)]
    pub root_fields: usize,

    /// Fields, with every fragment written out: fragments of fragments double at every level
    #[arg(long = "max-fields", env = "MAX_FIELDS", default_value_t = DEFAULT.fields)]
    pub fields: usize,
}

impl Default for DocumentLimits {
    fn default() -> Self {
        DEFAULT
    }
}

fn nesting(text: &str) -> Result<usize, String> {
    let nesting = text.parse().map_err(|_| "it is no number".to_owned())?;
    match nesting <= MOST_NESTING {
        true => Ok(nesting),
        false => Err(format!("at most {MOST_NESTING}")),
    }
}

/// What a document has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes.
    Bytes,
    /// Tokens: names, punctuators and values.
    Tokens,
    /// Brackets of whatever kind inside each other.
    Depth,
    /// Directives.
    Directives,
    /// Colons, which every alias and every argument has one of.
    Colons,
    /// Aliases.
    Aliases,
    /// Root fields: each is a transaction.
    RootFields,
    /// Fields, with every fragment written out.
    Fields,
    /// Levels of fields and fragments, with every fragment written out; or a fragment inside itself.
    Nesting,
    /// Mutations of attempts: each carries a guess, and a request carries one.
    Attempts,
    /// Levels of introspection, of which every one multiplies the answer.
    Introspection,
}

/// A limit that a document goes beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    /// Of what there is too much.
    pub limit: Limit,
    /// How much there may be.
    pub most: usize,
}

impl Limit {
    /// The limit, for the metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Tokens => "tokens",
            Self::Depth => "brackets",
            Self::Directives => "directives",
            Self::Colons => "colons",
            Self::Aliases => "aliases",
            Self::RootFields => "root_fields",
            Self::Fields => "fields",
            Self::Nesting => "nesting",
            Self::Attempts => "attempts",
            Self::Introspection => "introspection",
        }
    }

    /// Refuses more than `most` of it.
    pub(super) fn check(self, value: usize, most: usize) -> Result<(), Excess> {
        match value <= most {
            true => Ok(()),
            false => Err(Excess { limit: self, most }),
        }
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = self.most;
        match self.limit {
            Limit::Bytes => write!(formatter, "the document is longer than {most} bytes"),
            Limit::Tokens => write!(formatter, "the document has more than {most} tokens"),
            Limit::Depth => write!(
                formatter,
                "the document nests brackets more than {most} deep"
            ),
            Limit::Directives => write!(formatter, "the document has more than {most} directives"),
            Limit::Colons => {
                write!(
                    formatter,
                    "the document has more than {most} aliases and arguments"
                )
            }
            Limit::Aliases => write!(formatter, "the document has more than {most} aliases"),
            Limit::RootFields => write!(formatter, "an operation has more than {most} root fields"),
            Limit::Fields => write!(
                formatter,
                "the document has more than {most} fields when its fragments are written out"
            ),
            Limit::Nesting => write!(
                formatter,
                "the document nests fields and fragments more than {most} deep"
            ),
            Limit::Attempts => write!(
                formatter,
                "an operation has more than {most} mutation of an attempt"
            ),
            Limit::Introspection => write!(
                formatter,
                "the document nests introspection more than {most} deep"
            ),
        }
    }
}
