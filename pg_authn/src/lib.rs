//! pg_authn: the PostgreSQL extension. The rules live in `authn_rules`, the tables, views and actions
//! in `sql/`; this file is the ordered list of both.
//!
//! Every SQL file names the one before it in `requires`, because pgrx writes files without an order
//! in any order. What runs at `create extension` is listed in `install`; what `authn.migrate()` runs
//! to make the storage, in [`storage`].
#![allow(
    missing_docs,
    reason = "what is public here is what pgrx generates; the SQL objects carry their comments"
)]
#![allow(
    clippy::type_complexity,
    reason = "pgrx reads the columns of a returned table from the signature, and sees through no alias"
)]

mod attempts;
mod install;
mod shells;
mod storage;

pgrx::pg_module_magic!(name, version);
