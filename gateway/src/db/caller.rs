//! Who a transaction acts for: what the extension reads from its settings.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use crate::auth::{Claims, Role};

/// The verified token and the circumstances of one request.
#[derive(Debug)]
pub struct Caller {
    /// Who acts, in which tenant and as what.
    pub claims: Claims,
    /// Names the request in answers, in the log and in the audit trail.
    pub request_id: Uuid,
    /// Where the request came from, as far as somebody trusted says.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// What the request has cost the database so far.
    pub spent: Spent,
}

/// What a request costs the database, for its line in the log.
#[derive(Debug, Default)]
pub struct Spent {
    microseconds: AtomicU64,
    transactions: AtomicU64,
}

impl Spent {
    pub(super) fn add(&self, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
        self.transactions.fetch_add(1, Ordering::Relaxed);
    }

    /// The time of all transactions, those at the same time counted one by one.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed))
    }

    /// How many transactions there were.
    pub fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }
}

impl Caller {
    /// The gateway itself, asking about the database's health. The tenant is none that exists.
    pub(super) fn gateway(role: Role) -> Self {
        Self::follower(Uuid::nil(), role, None)
    }

    /// The gateway itself, reading on behalf of all who see the same.
    pub(crate) fn follower(tenant: Uuid, role: Role, apps: Option<Vec<Uuid>>) -> Self {
        Self {
            claims: Claims {
                subject: "gateway".into(),
                tenant,
                role,
                apps,
                good_until: u64::MAX,
            },
            request_id: Uuid::new_v4(),
            ip: None,
            user_agent: None,
            spent: Spent::default(),
        }
    }

    /// The first parameters of `sql/session.sql`, in its order.
    pub(super) fn settings(&self) -> [String; 7] {
        let apps = self.claims.apps.as_deref().unwrap_or_default();
        [
            self.claims.tenant.to_string(),
            self.claims.subject.clone(),
            apps.iter()
                .map(Uuid::to_string)
                .collect::<Vec<_>>()
                .join(","),
            self.request_id.to_string(),
            self.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            self.user_agent.clone().unwrap_or_default(),
            self.claims.role.database_role().into(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_carry_the_token_and_never_a_raw_role() {
        let mut caller = Caller::gateway(Role::Support);
        caller.claims.apps = Some(vec![Uuid::from_u128(1), Uuid::from_u128(2)]);
        let settings = caller.settings();
        assert_eq!(settings[0], Uuid::nil().to_string());
        assert_eq!(
            settings[2],
            "00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002"
        );
        assert_eq!(settings[4], "");
        assert_eq!(settings[6], "authn_support");
    }
}
