//! Thin shells that show `authn_rules` to SQL: they convert values and decide nothing.

pub(crate) mod caller;
pub(crate) mod contact;
mod enum_value;
pub(crate) mod lockout;
pub(crate) mod methods;
mod problem;
pub(crate) mod refusals;
pub(crate) mod replay;
pub(crate) mod row_version;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod version;
