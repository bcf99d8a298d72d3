//! Who is calling, found once in a call.

use pgrx::IntoDatum;
use pgrx::datum::Uuid;

use super::statement::{Row, Value, statements};
use crate::shells::caller;

statements! {
    READ_CALLER = "read_caller" [];
}

/// Whose rows a caller may touch, and what is written down about them.
pub(super) struct Caller {
    tenant: Option<Uuid>,
    sees_every_tenant: bool,
    apps: Option<Vec<Uuid>>,
    pub(super) may_attempt: bool,
    pub(super) actor: Value,
    pub(super) role: Value,
}

impl Caller {
    /// Reads settings where they are believed, and else asks the functions that know the map.
    pub(super) fn found() -> Caller {
        if caller::is_trusted_session() {
            Caller::trusted()
        } else {
            let row = READ_CALLER.run([]).first();
            Caller::mapped(&row.expect("a select without a table answers a row"))
        }
    }

    /// As `authn.current_tenant()` and the rest of `sql/functions/caller.sql` say of a session that is trusted.
    fn trusted() -> Caller {
        let tenant = caller::trusted_tenant();
        Caller {
            tenant,
            sees_every_tenant: tenant.is_none() && caller::trusted_role_is("authn_operator"),
            apps: caller::trusted_apps(),
            may_attempt: caller::trusted_role_is("authn_service")
                || caller::trusted_role_is("authn_operator"),
            actor: caller::trusted_setting("actor")
                .unwrap_or_else(caller::session_user)
                .into_datum(),
            role: caller::trusted_role().into_datum(),
        }
    }

    fn mapped(row: &Row) -> Caller {
        Caller {
            tenant: row.get(0),
            sees_every_tenant: row.is(1),
            apps: row.get(2),
            actor: row.value(3),
            role: row.value(4),
            may_attempt: row.is(5),
        }
    }

    /// Whether a tenant and an app of it are the caller's to see.
    pub(super) fn sees(&self, tenant: Uuid, app: Uuid) -> bool {
        (self.sees_every_tenant || self.tenant == Some(tenant))
            && self.apps.as_ref().is_none_or(|apps| apps.contains(&app))
    }

    pub(super) fn sees_tenant(&self, tenant: Uuid) -> bool {
        self.sees_every_tenant || self.tenant == Some(tenant)
    }
}

/// What a login service says about the request, where an attempt says nothing itself.
pub(super) struct Request {
    pub(super) ip: Value,
    pub(super) user_agent: Value,
}

impl Request {
    pub(super) fn or_setting(ip: Value, user_agent: Value) -> Request {
        Request {
            ip: ip.or_else(|| caller::trusted_setting("ip").map(|ip| caller::inet(&ip))),
            user_agent: user_agent
                .or_else(|| caller::trusted_setting("user_agent").and_then(IntoDatum::into_datum)),
        }
    }
}

pub(super) fn request_id() -> Value {
    caller::trusted_setting("request_id").and_then(IntoDatum::into_datum)
}
