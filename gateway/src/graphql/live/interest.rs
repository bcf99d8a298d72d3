//! What subscribers want to be told: of whom, and which objects with it.

use std::collections::HashMap;

use uuid::Uuid;

use crate::graphql::selection::Selection;

/// What one subscriber wants.
#[derive(Clone, Debug)]
pub(crate) struct Interest {
    /// Of one user only.
    pub(crate) user: Option<Uuid>,
    pub(crate) selection: Selection,
}

/// What all subscribers of a follower want together.
#[derive(Default)]
pub(super) struct Interests {
    next: u64,
    of: HashMap<u64, Interest>,
}

impl Interests {
    pub(super) fn add(&mut self, interest: Interest) -> u64 {
        let id = self.next;
        self.next += 1;
        self.of.insert(id, interest);
        id
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.of.remove(&id);
    }

    /// The objects to read, and of which users; `None`: of all.
    pub(super) fn objects(&self) -> Objects {
        let mut objects = Objects {
            selection: Selection::default(),
            users: Some(Vec::new()),
        };
        for interest in self.of.values() {
            let selects = &interest.selection;
            objects.selection.add_all(selects);
            match (interest.user, &mut objects.users) {
                _ if !selects.objects => {}
                (Some(user), Some(users)) => users.push(user),
                _ => objects.users = None,
            }
        }
        objects
    }
}

/// Which objects are read with a page.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    pub(super) selection: Selection,
    pub(super) users: Option<Vec<Uuid>>,
}

impl Objects {
    pub(super) fn of(interest: &Interest) -> Self {
        Self {
            selection: interest.selection.clone(),
            users: interest.user.map(|user| vec![user]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    fn interest(user: Option<Uuid>, objects: bool, contexts: bool) -> Interest {
        let mut selection = Selection::default();
        (selection.objects, selection.contexts) = (objects, contexts);
        Interest { user, selection }
    }

    #[test]
    fn what_somebody_wants_is_read_and_what_nobody_wants_is_not() {
        let mut interests = Interests::default();
        let first = interests.add(interest(Some(ONE), true, false));
        let second = interests.add(interest(Some(TWO), true, true));
        interests.add(interest(None, false, false));
        let objects = interests.objects();
        let mut users = objects.users.clone().unwrap();
        users.sort();
        assert_eq!(users, [ONE, TWO]);
        assert!(objects.selection.objects && objects.selection.contexts);

        interests.remove(second);
        assert!(!interests.objects().selection.contexts);
        let everybody = interests.add(interest(None, true, false));
        assert_eq!(interests.objects().users, None);
        interests.remove(everybody);
        interests.remove(first);
        assert!(!interests.objects().selection.objects);
    }
}
