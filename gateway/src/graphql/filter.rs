//! The filter of authenticators: in SQL where a list crosses users, here where a user's are read anyway.

use async_graphql::{ID, InputObject};
use chrono::Utc;
use uuid::Uuid;

use super::ids::GlobalId;
use super::scalars::DateTime;
use super::types::{Authenticator, AuthenticatorMethod, AuthenticatorStatus, labels};

/// Describes authenticators. What is left out does not matter; of a list, any value will do, and an empty
/// list describes none.
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuthenticatorFilter {
    /// Its status as a whole, as `Authenticator.status` says. One that is locked in some apps only is
    /// MIXED: ask for it with `contextStatus`.
    status: Option<Vec<AuthenticatorStatus>>,
    /// Its status in some app, or in `app`, as `AuthenticatorContext.status` says; of one that no app uses yet, its
    /// own.
    context_status: Option<Vec<AuthenticatorStatus>>,
    /// Its type.
    method: Option<Vec<AuthenticatorMethod>>,
    /// An app that uses it: global id or uuid.
    app: Option<ID>,
    /// The device that it is bound to: global id, or the device's uuid.
    device: Option<ID>,
    /// Locked now, in some app or in `app`, by a lock that began at this instant or later; one that no app uses yet,
    /// by its own.
    locked_since: Option<DateTime>,
    /// Has not authenticated since: its last success, or else its registration, was before this instant.
    last_used_before: Option<DateTime>,
    /// Registered first in this span.
    registered_between: Option<Period>,
    /// Part of its name, of its identifier as the caller sees it or of its user's name, in any case; or a whole
    /// uuid of it or of its user.
    search: Option<String>,
}

/// A span of time: an end that is left out is open.
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct Period {
    /// Not before this instant.
    since: Option<DateTime>,
    /// Before this instant.
    until: Option<DateTime>,
}

impl Period {
    fn holds(self, at: DateTime) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

type Instant = chrono::DateTime<Utc>;

/// [`AuthenticatorFilter`] as parameters of a statement.
pub(crate) struct FilterParameters {
    pub(crate) status: Option<Vec<String>>,
    pub(crate) context_status: Option<Vec<String>>,
    pub(crate) method: Option<Vec<String>>,
    pub(crate) app: Option<Uuid>,
    pub(crate) device: Option<Uuid>,
    /// Whose it must be: an id of a device tells.
    pub(crate) user: Option<Uuid>,
    pub(crate) locked_since: Option<Instant>,
    pub(crate) last_used_before: Option<Instant>,
    pub(crate) registered_since: Option<Instant>,
    pub(crate) registered_until: Option<Instant>,
    pub(crate) search: Option<String>,
    /// What leads to everything that it describes, where something does: `lock`, `deactivation`.
    pub(crate) marks: Option<Vec<&'static str>>,
}

/// What is in force where an authenticator has one of these statuses and no other: few have it, and it has its index.
fn marks_of(statuses: &[AuthenticatorStatus]) -> Option<Vec<&'static str>> {
    let marks = statuses.iter().map(|status| match status {
        AuthenticatorStatus::Locked => Some("lock"),
        AuthenticatorStatus::Deactivated => Some("deactivation"),
        _ => None,
    });
    marks.collect()
}

impl AuthenticatorFilter {
    /// The app; an id that names none answers like one that does not exist.
    fn app(&self) -> Option<Uuid> {
        let id = self.app.as_ref()?;
        Some(GlobalId::app(id).unwrap_or_default())
    }

    /// The device; an id that names none answers like one that does not exist.
    fn device(&self) -> Option<Uuid> {
        let id = self.device.as_ref()?;
        let of_device = GlobalId::device(id).map(|(_, device)| device);
        Some(of_device.or_else(|| GlobalId::bare(id)).unwrap_or_default())
    }

    /// What to search for; blank is nothing.
    fn search(&self) -> Option<String> {
        let text = self.search.as_deref()?.trim();
        (!text.is_empty()).then(|| text.to_lowercase())
    }

    pub(crate) fn parameters(&self) -> FilterParameters {
        FilterParameters {
            status: labels(self.status.as_deref()),
            context_status: labels(self.context_status.as_deref()),
            method: labels(self.method.as_deref()),
            app: self.app(),
            device: self.device(),
            user: self
                .device
                .as_ref()
                .and_then(GlobalId::device)
                .map(|(user, _)| user),
            locked_since: self.locked_since.map(|at| at.0),
            last_used_before: self.last_used_before.map(|at| at.0),
            registered_since: self
                .registered_between
                .and_then(|span| span.since)
                .map(|at| at.0),
            registered_until: self
                .registered_between
                .and_then(|span| span.until)
                .map(|at| at.0),
            search: self.search(),
            marks: self.marks(),
        }
    }

    fn marks(&self) -> Option<Vec<&'static str>> {
        if self.locked_since.is_some() {
            return marks_of(&[AuthenticatorStatus::Locked]);
        }
        [&self.status, &self.context_status]
            .into_iter()
            .flatten()
            .find_map(|statuses| marks_of(statuses))
    }

    /// Whether it describes an authenticator that was read with its contexts.
    pub(crate) fn describes(&self, authenticator: &Authenticator) -> bool {
        let row = authenticator.row();
        self.method
            .as_ref()
            .is_none_or(|methods| methods.contains(&row.method))
            && self
                .status
                .as_ref()
                .is_none_or(|statuses| statuses.contains(&row.status))
            && self
                .device()
                .is_none_or(|device| row.device_id == Some(device))
            && self
                .last_used_before
                .is_none_or(|instant| row.last_success_at.unwrap_or(row.registered_at) < instant)
            && self
                .registered_between
                .is_none_or(|span| span.holds(row.registered_at))
            && self
                .search()
                .is_none_or(|text| authenticator.is_found_by(&text))
            && self.describes_a_standing(authenticator)
    }

    /// Whether it describes the authenticator in some app, or one that stands for itself.
    fn describes_a_standing(&self, authenticator: &Authenticator) -> bool {
        let app = self.app();
        if app.is_none() && self.context_status.is_none() && self.locked_since.is_none() {
            return true;
        }
        authenticator.standings().any(|standing| {
            app.is_none_or(|app| standing.app == Some(app))
                && self
                    .context_status
                    .as_ref()
                    .is_none_or(|statuses| statuses.contains(&standing.status))
                && self
                    .locked_since
                    .is_none_or(|instant| standing.locked_since >= Some(instant))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AuthenticatorStatus::{Active, Deactivated, Locked, Mixed};

    fn marks(
        status: Option<&[AuthenticatorStatus]>,
        context_status: Option<&[AuthenticatorStatus]>,
        locked_since: bool,
    ) -> Option<String> {
        let filter = AuthenticatorFilter {
            status: status.map(Into::into),
            context_status: context_status.map(Into::into),
            locked_since: locked_since.then(|| DateTime(Utc::now())),
            ..AuthenticatorFilter::default()
        };
        filter.parameters().marks.map(|marks| marks.join(" "))
    }

    #[test]
    fn locks_and_deactivations_lead_to_what_is_their_work_alone() {
        for (status, context_status, locked_since, expected) in [
            (None, None, false, None),
            (Some(&[Locked][..]), None, false, Some("lock")),
            (None, Some(&[Deactivated][..]), false, Some("deactivation")),
            (
                Some(&[Deactivated, Locked]),
                None,
                false,
                Some("deactivation lock"),
            ),
            (Some(&[Locked, Active]), None, false, None),
            (Some(&[Mixed]), Some(&[Locked]), false, Some("lock")),
            (Some(&[Active]), None, true, Some("lock")),
            // Of no status: nothing is described, and nothing leads to it.
            (Some(&[]), None, false, Some("")),
        ] {
            let marks = marks(status, context_status, locked_since);
            assert_eq!(marks.as_deref(), expected, "{status:?} {context_status:?}");
        }
    }
}
