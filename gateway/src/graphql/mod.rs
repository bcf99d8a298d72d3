//! The graph: what can be asked, and how each question becomes one statement.

mod anybody;
mod asked;
mod completion;
mod cursor;
mod documents;
mod error;
mod filter;
mod guard;
mod ids;
mod list;
mod live;
mod mutation;
mod objects;
mod page;
mod query;
mod response;
mod scalars;
mod schema;
mod selection;
mod session;
mod subscription;
mod types;
mod user_error;
mod validator;

pub(crate) use asked::{DocumentError, Operation, Reference};
pub use asked::{DocumentId, DocumentSettings, Documents, Executed, ManifestError};
pub(crate) use completion::RootFields;
pub(crate) use error::ApiError;
pub use error::Code;
pub use guard::{Document, DocumentLimits, Excess, GuardError, Limit};
pub(crate) use live::{Established, Live};
pub(crate) use response::{Answer, Reached};
pub use schema::{GatewaySchema, SchemaLimits, build, sdl};
pub(crate) use session::Session;
pub use validator::Validator;
