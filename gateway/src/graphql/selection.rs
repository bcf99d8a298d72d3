//! What a root field selects below itself, so that its statement reads that and no more.

use async_graphql::{Context, SelectionField};

/// The parts of users that a selection needs. Found by the names of fields, which mean one thing each in
/// this schema; a name in a fragment on another type may read too much, never too little.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The authenticators of users, not only those that the root field itself names.
    pub(crate) authenticators: bool,
    pub(crate) contexts: bool,
    pub(crate) devices: bool,
    /// The methods that apps offer.
    pub(crate) app_methods: bool,
    /// `totalCount` of the root field itself.
    pub(crate) total_count: bool,
    /// A user, an authenticator or a device: in a mutation, what must be read after the act.
    pub(crate) objects: bool,
}

impl Selection {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let field = context.field();
        let mut selection = Self {
            total_count: field
                .selection_set()
                .any(|child| child.name() == "totalCount"),
            ..Self::default()
        };
        selection.add(field);
        selection
    }

    /// Whatever either needs.
    pub(crate) fn add_all(&mut self, other: Self) {
        self.authenticators |= other.authenticators;
        self.contexts |= other.contexts;
        self.devices |= other.devices;
        self.app_methods |= other.app_methods;
        self.total_count |= other.total_count;
        self.objects |= other.objects;
    }

    fn add(&mut self, field: SelectionField<'_>) {
        for child in field.selection_set() {
            match child.name() {
                "authenticators" => {
                    self.authenticators = true;
                    // A filter may look at contexts.
                    self.contexts |= child
                        .arguments()
                        .is_ok_and(|arguments| arguments.iter().any(|(name, _)| name == "filter"));
                }
                "contexts" | "apps" => self.contexts = true,
                "devices" => self.devices = true,
                "device" | "lastDevice" => {
                    self.devices = true;
                    self.objects = true;
                }
                "user" | "authenticator" => self.objects = true,
                "methods" => self.app_methods = true,
                _ => {}
            }
            self.add(child);
        }
    }
}
