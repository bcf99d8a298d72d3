//! Pages of events: the filter, the place in the list, and the part of it that is asked for of each user.

use async_graphql::{ID, InputObject, InputType, Name, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ApiError;
use super::ids::GlobalId;
use super::list::List;
use super::page::Page;
use super::scalars::DateTime;
use super::types::{AuthenticatorMethod, Event, EventKind, EventRow};

/// Where an event stands in the list: its instant, its number there, its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EventKey(pub(crate) DateTime, pub(crate) i64, pub(crate) Uuid);

/// Describes events. What is left out does not matter; of a list, any value will do, and an empty list
/// describes none.
#[derive(Debug, Default, InputObject)]
pub(crate) struct EventFilter {
    /// Whom they concern: global id or uuid.
    user: Option<ID>,
    /// The authenticator: global id, or its uuid.
    authenticator: Option<ID>,
    /// The app: global id or uuid.
    app: Option<ID>,
    /// The device: global id, or its uuid.
    device: Option<ID>,
    /// The type of the authenticator.
    method: Option<Vec<AuthenticatorMethod>>,
    /// What happened.
    kind: Option<Vec<EventKind>>,
    /// Who did it, exactly as `Event.actor` says.
    actor: Option<String>,
    /// Not before this instant.
    since: Option<DateTime>,
    /// Before this instant.
    until: Option<DateTime>,
}

/// A page of events as statements take it: an element of `events` in `sql/user_events.sql`. Two that ask
/// for the same are the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct EventRequest {
    pub(crate) user: Option<Uuid>,
    pub(crate) authenticator: Option<Uuid>,
    pub(crate) app: Option<Uuid>,
    pub(crate) device: Option<Uuid>,
    pub(crate) method: Option<Vec<AuthenticatorMethod>>,
    pub(crate) kind: Option<Vec<EventKind>>,
    pub(crate) actor: Option<String>,
    pub(crate) since: Option<DateTime>,
    pub(crate) until: Option<DateTime>,
    pub(crate) after_at: Option<DateTime>,
    pub(crate) after_number: Option<i64>,
    pub(crate) after_id: Option<Uuid>,
    pub(crate) limit: i64,
}

/// The answer to an [`EventRequest`].
#[derive(Debug, Deserialize)]
pub(crate) struct EventPage {
    pub(crate) rows: Vec<EventRow>,
    /// Whether the list goes on.
    pub(crate) more: bool,
    pub(crate) total: Option<i64>,
}

impl EventRequest {
    /// An id that names nothing of its kind answers like one that does not exist.
    pub(crate) fn new(
        filter: Option<EventFilter>,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<Self, ApiError> {
        let page = Page::<EventKey>::new(first, after, None, None)?;
        let filter = filter.unwrap_or_default();
        let authenticator = filter.authenticator.as_ref();
        let device = filter.device.as_ref();
        // An id that carries its user leads to them, as naming them does.
        let owner = authenticator
            .and_then(GlobalId::authenticator)
            .or_else(|| device.and_then(GlobalId::device))
            .map(|(user, _)| user);
        let user = filter
            .user
            .as_ref()
            .map(|id| GlobalId::user(id).unwrap_or_default());
        let of_owner = |parse: fn(&ID) -> Option<(Uuid, Uuid)>, id: &ID| {
            let owned = parse(id).map(|(_, object)| object);
            owned.or_else(|| GlobalId::bare(id)).unwrap_or_default()
        };
        let (after_at, after_number, after_id) = match page.after {
            Some(EventKey(at, number, id)) => (Some(at), Some(number), Some(id)),
            None => (None, None, None),
        };
        Ok(Self {
            user: user.or(owner),
            authenticator: authenticator.map(|id| of_owner(GlobalId::authenticator, id)),
            app: filter
                .app
                .as_ref()
                .map(|id| GlobalId::app(id).unwrap_or_default()),
            device: device.map(|id| of_owner(GlobalId::device, id)),
            method: filter.method,
            kind: filter.kind,
            actor: filter.actor,
            since: filter.since,
            until: filter.until,
            after_at,
            after_number,
            after_id,
            limit: page.limit,
        })
    }

    /// What a selection asks for with these arguments; `None` where its resolver will refuse them.
    pub(super) fn of_arguments(mut arguments: Vec<(Name, Value)>) -> Option<Self> {
        let mut take = |name: &str| {
            let place = arguments.iter().position(|(known, _)| known == name)?;
            Some(arguments.swap_remove(place).1)
        };
        let filter = Option::<EventFilter>::parse(take("filter")).ok()?;
        let first = Option::<i32>::parse(take("first")).ok()?;
        let after = Option::<String>::parse(take("after")).ok()?;
        Self::new(filter, first, after.as_deref()).ok()
    }

    fn page(&self) -> Page<EventKey> {
        let after = self.after_at.zip(self.after_number).zip(self.after_id);
        Page {
            limit: self.limit,
            backward: false,
            after: after.map(|((at, number), id)| EventKey(at, number, id)),
            before: None,
        }
    }

    /// The name under which a statement answers it.
    pub(crate) fn name(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl EventPage {
    /// Of a user whom the caller does not see.
    pub(crate) fn none() -> Self {
        Self {
            rows: Vec::new(),
            more: false,
            total: Some(0),
        }
    }

    /// The connection that was asked for, each event with what `with_user` makes of its row.
    pub(crate) fn connection(
        &self,
        request: &EventRequest,
        with_user: impl Fn(EventRow) -> Event,
    ) -> Result<List<Event>, ApiError> {
        let rows = self.rows.iter();
        request.page().connection(
            rows.map(|row| (row.key(), with_user(row.clone()))),
            self.more,
            self.total,
        )
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn what_is_selected_is_what_the_resolver_asks_for() {
        let user = GlobalId::User(Uuid::from_u128(1)).encode();
        let arguments = vec![
            (Name::new("first"), value!(5)),
            (
                Name::new("filter"),
                value!({ "kind": ["LOCKED"], "user": (user.as_str()), "since": "2026-01-31T12:00:00Z" }),
            ),
        ];
        let selected = EventRequest::of_arguments(arguments).unwrap();
        let filter = EventFilter {
            kind: Some(vec![EventKind::Locked]),
            user: Some(user),
            since: Some(DateTime("2026-01-31T12:00:00Z".parse().unwrap())),
            ..EventFilter::default()
        };
        let resolved = EventRequest::new(Some(filter), Some(5), None).unwrap();
        assert_eq!(selected.name(), resolved.name());
        assert_eq!(resolved.user, Some(Uuid::from_u128(1)));
    }

    #[test]
    fn an_id_that_carries_its_user_leads_to_them() {
        let id = GlobalId::Authenticator {
            user: Uuid::from_u128(1),
            authenticator: Uuid::from_u128(2),
        };
        let filter = EventFilter {
            authenticator: Some(id.encode()),
            ..EventFilter::default()
        };
        let request = EventRequest::new(Some(filter), None, None).unwrap();
        assert_eq!(request.user, Some(Uuid::from_u128(1)));
        assert_eq!(request.authenticator, Some(Uuid::from_u128(2)));
    }

    #[test]
    fn arguments_that_the_resolver_refuses_ask_for_nothing() {
        for (name, value) in [
            ("first", value!(0)),
            ("after", value!("x")),
            ("filter", value!({ "kind": ["UNHEARD_OF"] })),
        ] {
            assert_eq!(
                EventRequest::of_arguments(vec![(Name::new(name), value)]),
                None,
                "{name}"
            );
        }
    }
}
