//! What this gateway changed lately, and up to where a replica must be to show it.

use std::collections::HashMap;

use uuid::Uuid;

use super::position::Position;

/// How many tenants and users are told apart; beyond, all of them count as changed.
const MOST: usize = 10_000;

/// Whom a statement is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum About {
    /// Anybody of the tenant.
    #[default]
    Tenant,
    /// These users.
    Users(Vec<Uuid>),
}

/// The last change of each tenant and user. What every replica has shown is forgotten.
#[derive(Default)]
pub(super) struct Changes {
    /// Of anybody, where too many were changed to remember whom.
    everybody: Position,
    tenants: HashMap<Uuid, OfTenant>,
    users: HashMap<Uuid, Position>,
}

#[derive(Clone, Copy, Default)]
struct OfTenant {
    /// Of something that every user of the tenant may show.
    whole: Position,
    /// Of anything in it.
    any: Position,
}

impl Changes {
    /// Remembers a change that was committed before `at`.
    pub(super) fn note(&mut self, tenant: Uuid, about: &About, at: Position) {
        let of_tenant = self.tenants.entry(tenant).or_default();
        of_tenant.any = of_tenant.any.max(at);
        match about {
            About::Tenant => of_tenant.whole = of_tenant.whole.max(at),
            About::Users(users) => {
                for user in users {
                    let last = self.users.entry(*user).or_default();
                    *last = (*last).max(at);
                }
            }
        }
        if self.tenants.len() + self.users.len() > MOST {
            self.everybody = self.everybody.max(at);
            self.tenants.clear();
            self.users.clear();
        }
    }

    /// Where a replica must be for a statement to see what was changed.
    pub(super) fn needed(&self, tenant: Uuid, about: &About) -> Position {
        let of_tenant = self.tenants.get(&tenant).copied().unwrap_or_default();
        let changed = match about {
            About::Tenant => of_tenant.any,
            About::Users(users) => users
                .iter()
                .filter_map(|user| self.users.get(user).copied())
                .fold(of_tenant.whole, Position::max),
        };
        changed.max(self.everybody)
    }

    /// Forgets what the replica shows by now.
    pub(super) fn forget(&mut self, replayed: Position) {
        self.tenants.retain(|_, of_tenant| of_tenant.any > replayed);
        self.users.retain(|_, at| *at > replayed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn user(number: u128) -> About {
        About::Users(vec![Uuid::from_u128(number)])
    }

    #[test]
    fn a_change_of_a_user_is_one_of_lists_and_of_nobody_else() {
        let mut changes = Changes::default();
        changes.note(TENANT, &user(7), Position(100));
        assert_eq!(changes.needed(TENANT, &user(7)), Position(100));
        assert_eq!(changes.needed(TENANT, &About::Tenant), Position(100));
        assert_eq!(changes.needed(TENANT, &user(8)), Position(0));
        assert_eq!(changes.needed(OTHER, &About::Tenant), Position(0));
    }

    #[test]
    fn a_change_of_a_tenant_is_one_of_all_its_users() {
        let mut changes = Changes::default();
        changes.note(TENANT, &About::Tenant, Position(100));
        assert_eq!(changes.needed(TENANT, &user(8)), Position(100));
        assert_eq!(changes.needed(OTHER, &user(8)), Position(0));
    }

    #[test]
    fn what_a_replica_shows_is_forgotten() {
        let mut changes = Changes::default();
        changes.note(TENANT, &user(7), Position(100));
        changes.note(TENANT, &user(8), Position(200));
        changes.forget(Position(100));
        assert_eq!(changes.needed(TENANT, &user(7)), Position(0));
        assert_eq!(changes.needed(TENANT, &user(8)), Position(200));
        changes.forget(Position(200));
        assert!(changes.users.is_empty() && changes.tenants.is_empty());
    }

    #[test]
    fn memory_is_bounded_and_nothing_is_missed_for_it() {
        let mut changes = Changes::default();
        let last = u64::try_from(2 * MOST).unwrap();
        for number in 0..=last {
            changes.note(TENANT, &user(number.into()), Position(1 + number));
        }
        assert!(changes.users.len() + changes.tenants.len() <= MOST);
        for number in 0..=last {
            assert!(changes.needed(TENANT, &user(number.into())) > Position(number));
        }
    }
}
