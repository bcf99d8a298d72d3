//! Which policy applies: the app's, else the tenant's, else the built-in default.

use authn_rules::{Method, Policy, default_policy};
use pgrx::datum::{Interval, Uuid};
use pgrx::{IntoDatum, pg_extern, pg_sys};

use super::statement::{Snapshot, Value, connected, statements};
use crate::shells::composite::row_of;
use crate::shells::enum_value::with_label;
use crate::shells::lockout::{policy, stored, to_interval};
use crate::shells::methods::method_named;

statements! {
    READ_POLICY = "read_policy" [UUIDOID, TEXTOID, UUIDOID];
}

/// A policy as it is stored, and the tenant's settings beside it.
pub(super) struct Effective {
    /// `None`: nothing locks the method.
    tiers: Option<Tiers>,
    hard_cap: i32,
    /// `app`, `tenant` or `default`.
    pub(super) source: &'static str,
    /// 0 is the default's.
    pub(super) version: i32,
    pub(super) reservation_ttl: Interval,
}

struct Tiers {
    failures: Vec<i32>,
    durations: Vec<Option<Interval>>,
    failures_expire_after: Option<Interval>,
    then_permanent: bool,
}

impl Effective {
    /// The policy in force by now.
    pub(super) fn now(tenant: Uuid, method: Method, app: Value) -> Effective {
        Effective::read(&Snapshot::taken(), tenant, method, app)
    }

    fn read(snapshot: &Snapshot, tenant: Uuid, method: Method, app: Value) -> Effective {
        let method_label = method.to_string().into_datum();
        let rows = READ_POLICY.read(snapshot, [tenant.into_datum(), method_label, app]);
        let row = rows
            .first()
            .unwrap_or_else(|| pgrx::error!("there is no tenant {tenant}"));
        let set = row.get(6);
        Effective {
            tiers: match set {
                Some(_) => Some(Tiers {
                    failures: row.is(0),
                    durations: row.is(1),
                    failures_expire_after: row.get(2),
                    then_permanent: row.is(3),
                }),
                None => default_policy(method).map(Tiers::built_in),
            },
            hard_cap: row.is(4),
            source: match (set, row.is::<&str>(5)) {
                (None, _) => "default",
                (_, "app") => "app",
                _ => "tenant",
            },
            version: set.unwrap_or(0),
            reservation_ttl: row.is(7),
        }
    }

    /// As the rules take it; `None`: nothing locks the method.
    pub(super) fn policy(self) -> Option<Policy> {
        let hard_cap = self.hard_cap;
        self.tiers.map(|tiers| {
            policy(
                tiers.failures,
                tiers.durations,
                tiers.failures_expire_after,
                tiers.then_permanent,
                hard_cap,
            )
        })
    }
}

impl Tiers {
    fn built_in(policy: Policy) -> Tiers {
        Tiers {
            failures: policy
                .tiers
                .iter()
                .map(|tier| stored(tier.failures))
                .collect(),
            durations: policy
                .tiers
                .iter()
                .map(|tier| tier.duration.map(to_interval))
                .collect(),
            failures_expire_after: policy.failures_expire_after.map(to_interval),
            then_permanent: policy.then_permanent,
        }
    }
}

/// The policy in force for a method in an app.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._policy(tenant_id uuid, method authn.method, app_id uuid)
returns authn._lockout_policy
language c
stable
security definer
set search_path = pg_catalog, pg_temp
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn effective_policy(
    tenant: Uuid,
    method: pg_sys::Oid,
    app: Option<Uuid>,
    call: pg_sys::FunctionCallInfo,
) -> pgrx::composite_type!('static, "authn._lockout_policy") {
    let method = with_label(method, method_named);
    let found = connected(|| {
        let snapshot = Snapshot::of_the_statement();
        Effective::read(&snapshot, tenant, method, app.into_datum())
    });
    let (failures, durations, expire_after, then_permanent) = match found.tiers {
        Some(tiers) => (
            tiers.failures.into_datum(),
            tiers.durations.into_datum(),
            tiers.failures_expire_after.into_datum(),
            tiers.then_permanent.into_datum(),
        ),
        None => (None, None, None, None),
    };
    // The columns of authn._lockout_policy, in their order (sql/types/composites.sql).
    row_of(
        call,
        [
            failures,
            durations,
            expire_after,
            then_permanent,
            found.hard_cap.into_datum(),
            found.source.into_datum(),
            found.version.into_datum(),
            found.reservation_ttl.into_datum(),
        ],
    )
}
