//! The tenant, its apps and its policy for passwords, and a partition of the log for each month.

use authn_rules::Instant;
use tokio_postgres::{Client, Error};

use crate::policies::PASSWORD_FAILURES;
use crate::tenant::{ADMIN, APPS, Tenant};
use crate::time::{DAY, EPOCH, SECOND};

pub(crate) async fn found(client: &Client, tenant: &Tenant) -> Result<(), Error> {
    let id = tenant.id;
    let begin = instant(Instant(tenant.begin.0 - DAY));
    let end = instant(tenant.end);
    let name = tenant.plan.name.replace('\'', "''");
    let mut script = format!(
        "begin;
         select authn._make_month_of_events(m)
         from generate_series(date_trunc('month', {begin}), {end}, interval '1 month') m;
         insert into authn_data.tenants (tenant_id, name, created_at, event_number)
         values ('{id}', '{name}', {begin}, 1);
         insert into authn_data.lockout_policies (
             tenant_id, method, version, tier_failures, tier_durations, then_permanent, set_at, set_by
         )
         values ('{id}', 'password', 1, array[{PASSWORD_FAILURES}], array[null::interval], false, {begin}, '{ADMIN}');
         insert into authn_data.tenant_events (tenant_id, number, at, kind, method, actor, role, details)
         values (
             '{id}', 1, {begin}, 'policy_changed', 'password', '{ADMIN}', 'authn_admin',
             jsonb_build_object(
                 'tiers', jsonb_build_array(jsonb_build_object('failures', {PASSWORD_FAILURES})),
                 'version', 1, 'then_permanent', false, 'failures_expire_after', null
             )
         );"
    );
    for (name, app) in APPS.iter().zip(&tenant.apps) {
        script += &format!(
            "insert into authn_data.apps (app_id, tenant_id, name, created_at) values ('{app}', '{id}', '{name}', {begin});
             insert into authn_data.app_methods (app_id, method, tenant_id) select '{app}', m.method, '{id}' from authn.methods m;"
        );
    }
    client.batch_execute(&(script + "commit")).await
}

fn instant(at: Instant) -> String {
    format!("to_timestamp({})", at.0 / SECOND + EPOCH)
}
