//! Who a transaction acts for: what the extension reads from its settings.

use std::net::IpAddr;

use uuid::Uuid;

use crate::auth::{Claims, Role};

/// The verified token and the circumstances of one request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who acts, in which tenant and as what.
    pub claims: Claims,
    /// Names the request in answers, in the log and in the audit trail.
    pub request_id: Uuid,
    /// Where the request came from, as far as somebody trusted says.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}

impl Caller {
    /// The gateway itself, asking about the database's health. The tenant is none that exists.
    pub(super) fn gateway() -> Self {
        Self {
            claims: Claims {
                subject: "gateway".into(),
                tenant: Uuid::nil(),
                role: Role::Reader,
                apps: None,
            },
            request_id: Uuid::new_v4(),
            ip: None,
            user_agent: None,
        }
    }

    /// The parameters of `sql/session.sql`, in its order.
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
        let mut caller = Caller::gateway();
        caller.claims.role = Role::Support;
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
