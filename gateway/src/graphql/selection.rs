//! What a root field selects below itself, so that its statement reads that and no more.

use async_graphql::{Context, SelectionField};
use serde_json::{Value, json};

use super::events::EventRequest;

/// The parts of users that a selection needs. Found by the names of fields, which mean one thing each in
/// this schema; a name in a fragment on another type may read too much, never too little.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Selection {
    /// The authenticators of users, not only those that the root field itself names.
    pub(crate) authenticators: bool,
    pub(crate) contexts: bool,
    pub(crate) devices: bool,
    /// `totalCount` of the root field itself.
    pub(crate) total_count: bool,
    /// A user, an authenticator or a device: in a mutation, what must be read after the act.
    pub(crate) objects: bool,
    /// The authenticators that changes and events name.
    pub(crate) authenticator: bool,
    /// The methods that apps offer.
    app_methods: bool,
    /// Why authenticators have their status.
    explanations: bool,
    /// The pages of users' events, each with whether its `totalCount` is selected.
    events: Vec<(EventRequest, bool)>,
}

impl Selection {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let field = context.field();
        let mut selection = Self {
            total_count: counts(field),
            ..Self::default()
        };
        selection.add(field);
        selection
    }

    /// Whatever either needs.
    pub(crate) fn add_all(&mut self, other: &Self) {
        self.authenticators |= other.authenticators;
        self.contexts |= other.contexts;
        self.devices |= other.devices;
        self.total_count |= other.total_count;
        self.objects |= other.objects;
        self.authenticator |= other.authenticator;
        self.app_methods |= other.app_methods;
        self.explanations |= other.explanations;
        for (request, total_count) in &other.events {
            self.add_events(request.clone(), *total_count);
        }
    }

    /// Whether some user's events are selected.
    pub(crate) fn events(&self) -> bool {
        !self.events.is_empty()
    }

    /// `$4` of `sql/user_documents.sql`.
    pub(crate) fn details(&self) -> Value {
        let events = self.events.iter().map(|(request, total)| {
            let mut page = json!(request);
            page["key"] = json!(request.name());
            page["total"] = json!(total);
            page
        });
        json!({
            "app_methods": self.app_methods,
            "explanations": self.explanations,
            "events": events.collect::<Vec<_>>(),
        })
    }

    /// Selects a page of the events of each user.
    pub(crate) fn add_events(&mut self, request: EventRequest, total_count: bool) {
        match self.events.iter_mut().find(|(known, _)| *known == request) {
            Some((_, total)) => *total |= total_count,
            None => self.events.push((request, total_count)),
        }
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
                "user" => self.objects = true,
                "authenticator" => {
                    self.objects = true;
                    self.authenticator = true;
                }
                "events" => {
                    let mut below = Self::default();
                    below.add(child);
                    // An event may name any of its user's authenticators.
                    self.authenticators |= below.authenticator;
                    let arguments = child.arguments().ok();
                    if let Some(request) = arguments.and_then(EventRequest::of_arguments) {
                        self.add_events(request, counts(child));
                    }
                }
                "explanation" => {
                    self.explanations = true;
                    // An explanation names its app.
                    self.contexts = true;
                }
                "methods" => self.app_methods = true,
                _ => {}
            }
            self.add(child);
        }
    }
}

/// Whether a connection's `totalCount` is selected.
fn counts(connection: SelectionField<'_>) -> bool {
    connection
        .selection_set()
        .any(|child| child.name() == "totalCount")
}
