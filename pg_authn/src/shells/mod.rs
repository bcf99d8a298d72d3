//! Thin shells that show `authn_rules` to SQL: they convert values and decide nothing.

pub(crate) mod caller;
pub(crate) mod changes;
pub(crate) mod composite;
pub(crate) mod constraints;
pub(crate) mod contact;
pub(crate) mod enum_value;
pub(crate) mod lockout;
pub(crate) mod methods;
mod problem;
pub(crate) mod relay;
pub(crate) mod replay;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod version;
