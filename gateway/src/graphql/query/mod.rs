//! The root fields of queries. Each is one statement.

mod apps;
mod authenticators;
mod events;
mod lockout_policies;
mod lockout_policy_simulation;
mod methods;
mod node;
mod user;
mod users;
mod viewer;

use async_graphql::MergedObject;

/// What can be asked.
#[derive(Default, MergedObject)]
pub(crate) struct Query(
    viewer::ViewerQuery,
    node::NodeQuery,
    user::UserQuery,
    users::UsersQuery,
    authenticators::AuthenticatorsQuery,
    events::EventsQuery,
    apps::AppsQuery,
    methods::MethodsQuery,
    lockout_policies::LockoutPoliciesQuery,
    lockout_policy_simulation::LockoutPolicySimulationQuery,
);
