//! The root fields of mutations. Each is one transaction: the action, and what its payload selects.

mod attempt;
mod attempt_begin;
mod attempt_complete;
mod attempt_record;
mod authenticator_deactivate;
mod authenticator_reactivate;
mod authenticator_unlock;
mod authenticators_bulk_deactivate;
mod authenticators_bulk_undo;
mod authenticators_bulk_unlock;
mod authenticators_unlock;
mod bulk;
mod device_deactivate;
mod device_reactivate;
mod lockout_policy;
mod lockout_policy_set;
mod lockout_policy_unset;
mod outcome;
mod place;
mod unlock_cause;
mod user_reinstate;
mod user_suspend;

use async_graphql::MergedObject;

/// What can be done. A field answers `userErrors` for what a caller must expect, such as an id that does
/// not exist, and `errors` only where something is wrong with the request or with the server.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    authenticators_unlock::AuthenticatorsUnlock,
    authenticator_unlock::AuthenticatorUnlock,
    authenticator_deactivate::AuthenticatorDeactivate,
    authenticator_reactivate::AuthenticatorReactivate,
    device_deactivate::DeviceDeactivate,
    device_reactivate::DeviceReactivate,
    user_suspend::UserSuspend,
    user_reinstate::UserReinstate,
    lockout_policy_set::LockoutPolicySet,
    lockout_policy_unset::LockoutPolicyUnset,
    authenticators_bulk_unlock::AuthenticatorsBulkUnlock,
    authenticators_bulk_deactivate::AuthenticatorsBulkDeactivate,
    authenticators_bulk_undo::AuthenticatorsBulkUndo,
    attempt_record::AttemptRecord,
    attempt_begin::AttemptBegin,
    attempt_complete::AttemptComplete,
);
