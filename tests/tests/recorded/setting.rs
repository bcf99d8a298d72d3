//! One user whose authenticator everybody works on, and the log that is left in the end.

use std::collections::HashMap;

use authn_rules::{Instant, Micros, Policy, Tier};
use system_tests::database::Database;
use tokio_postgres::Client;
use tokio_postgres::types::{FromSql, ToSql};
use uuid::Uuid;

use crate::client::Call;

/// The authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// In one app.
    Password,
    /// Through three apps.
    Sms,
}

impl Target {
    pub(crate) fn method(self) -> &'static str {
        match self {
            Target::Password => "password",
            Target::Sms => "sms_otp",
        }
    }

    /// Policies short enough to come and go many times.
    pub(crate) fn policies(self) -> Vec<Policy> {
        let policy = |tiers: &[(u32, i64)], window: Option<i64>, then_permanent| Policy {
            tiers: tiers
                .iter()
                .map(|(failures, millis)| Tier {
                    failures: *failures,
                    duration: Some(Micros(millis * 1_000)),
                })
                .collect(),
            failures_expire_after: window.map(|millis| Micros(millis * 1_000)),
            then_permanent,
            hard_cap: 100,
        };
        let mut policies = vec![
            policy(&[(3, 15)], None, false),
            policy(&[(5, 10)], Some(20), false),
            policy(&[(2, 5)], Some(2), false),
        ];
        if self == Target::Password {
            policies.push(policy(&[(2, 5), (4, 10), (5, 15)], Some(40), false));
            policies.push(policy(&[(1, 3), (3, 6)], None, true));
        }
        policies
    }
}

/// The database with one user in it.
pub(crate) struct Setting {
    pub(crate) database: Database,
    pub(crate) tenant: Uuid,
    pub(crate) user: Uuid,
    pub(crate) apps: Vec<Uuid>,
    pub(crate) authenticator: Uuid,
    pub(crate) first_calls: Vec<Call>,
}

/// An entry of the log.
pub(crate) struct Entry {
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) at: Instant,
    /// The call that wrote it.
    pub(crate) request: String,
    /// The reservation that was abandoned, in the failure that it became.
    pub(crate) abandoned: Option<Uuid>,
    /// The end of a lock.
    pub(crate) until: Option<Instant>,
}

/// The log.
pub(crate) struct Trail {
    /// Of the lock domain, by number.
    pub(crate) of_domain: Vec<Entry>,
    /// Of the user, by number.
    pub(crate) of_user: Vec<Entry>,
    /// When each call that set a policy did, by its request.
    pub(crate) policies_set_at: HashMap<String, Instant>,
}

impl Setting {
    pub(crate) async fn new(target: Target) -> Setting {
        let database = Database::empty();
        let client = database.connect().await;
        let tenant: Uuid = one(&client, "select authn.create_tenant('Acme')", &[]).await;
        let settings =
            "select authn.set_tenant_settings($1, '{\"reservation_ttl\": \"30 milliseconds\"}')";
        client
            .execute(settings, &[&tenant])
            .await
            .expect("a setting");
        let mut apps = Vec::new();
        for name in ["Shop", "Wallet", "Desk"] {
            apps.push(
                one(
                    &client,
                    "select authn.create_app($1, $2)",
                    &[&tenant, &name],
                )
                .await,
            );
        }
        let create = "select authn.create_user($1, null, '+49 151 1234567', 'Ana')";
        let user: Uuid = one(&client, create, &[&tenant]).await;
        if target == Target::Password {
            apps.truncate(1);
        }
        let register = "select authn.register_authenticator($1, $2::text::authn.method, $3)";
        let authenticator = one(&client, register, &[&user, &target.method(), &apps[0]]).await;
        let mut setting = Setting {
            database,
            tenant,
            user,
            apps,
            authenticator,
            first_calls: Vec::new(),
        };
        setting.first_calls = crate::client::first_policy(&setting, target).await;
        setting
    }

    pub(crate) async fn trail(&self) -> Trail {
        let client = self.database.connect().await;
        let of = async |owner: &str| {
            let query = format!(
                "select e.number, e.kind::text, {at}, e.request_id, (e.details ->> 'abandoned')::uuid,
                        case e.kind when 'locked' then {until} end
                 from authn_data.events e
                 left join authn_data.contexts c on c.user_id = e.user_id and c.context_id = e.domain_id
                 where e.user_id = $1 and {owner}
                 order by e.number",
                at = micros("e.at"),
                until = micros("(e.details ->> 'until')::timestamptz"),
            );
            let rows = client.query(&query, &[&self.user]).await.expect("the log");
            rows.iter()
                .map(|row| Entry {
                    number: row.get(0),
                    kind: row.get(1),
                    at: Instant(row.get(2)),
                    request: row.get::<_, Option<String>>(3).unwrap_or_default(),
                    abandoned: row.get(4),
                    until: row.get::<_, Option<i64>>(5).map(Instant),
                })
                .collect()
        };
        // The tenant-wide row of a code; the password has the one context.
        let domain = format!(
            "c.authenticator_id = '{}' and (c.app_id is null or c.method = 'password')",
            self.authenticator
        );
        let query = format!(
            "select p.reason, {} from authn_data.lockout_policies p",
            micros("p.set_at")
        );
        let policies = client.query(&query, &[]).await.expect("the policies");
        Trail {
            of_domain: of(&domain).await,
            of_user: of("e.domain_id = e.user_id").await,
            policies_set_at: policies
                .iter()
                .map(|row| (row.get(0), Instant(row.get(1))))
                .collect(),
        }
    }
}

/// An instant in SQL as microseconds since 1970.
pub(crate) fn micros(at: &str) -> String {
    format!(
        "case when {at} = 'infinity' then 9223372036854775807 else (extract(epoch from {at}) * 1000000)::bigint end"
    )
}

pub(crate) async fn one<T>(client: &Client, query: &str, parameters: &[&(dyn ToSql + Sync)]) -> T
where
    T: for<'a> FromSql<'a>,
{
    client
        .query_one(query, parameters)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error:?}"))
        .get(0)
}
