//! The types of the graph, one file per noun. Each reads the JSON of its part of a statement's answer, so that its fields
//! wait for nothing and are resolved one after another (`serial`): of those that are resolved at once the library makes
//! tasks, which cost a fourteenth of a screen of a thousand fields.

mod app;
mod authenticator;
mod authenticator_change;
mod authenticator_context;
mod authenticator_status;
mod device;
mod event;
mod event_kind;
mod label;
mod lockout_policy;
mod lockout_simulation;
mod method;
mod node;
mod status_explanation;
mod user;
mod viewer;

pub(crate) use app::App;
pub(crate) use authenticator::{Authenticator, AuthenticatorRow};
pub(crate) use authenticator_change::{AuthenticatorChange, ChangesPage};
pub(crate) use authenticator_context::{AuthenticatorContext, ContextRow};
pub(crate) use authenticator_status::{AuthenticatorAction, AuthenticatorStatus, StatusCount};
pub(crate) use device::{Device, DeviceRow};
pub(crate) use event::{Event, EventRow};
pub(crate) use event_kind::EventKind;
pub(crate) use label::{label, labels};
pub(crate) use lockout_policy::LockoutPolicy;
pub(crate) use lockout_simulation::LockoutSimulation;
pub(crate) use method::{AuthenticatorMethod, AuthenticatorScope, MethodInfo};
pub(crate) use node::Node;
pub(crate) use status_explanation::{ExplanationRow, StatusExplanation};
pub(crate) use user::{User, UserDocument, UserStatus};
pub(crate) use viewer::{Viewer, ViewerDocument};
