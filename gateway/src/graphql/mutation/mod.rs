//! The root fields of mutations. Each is one transaction: the action, and what its payload selects.

mod authenticator_deactivate;
mod authenticator_reactivate;
mod authenticator_unlock;
mod authenticators_unlock;
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
);
