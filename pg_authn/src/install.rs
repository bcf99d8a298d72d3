//! What `create extension pg_authn` runs, in this order.

use pgrx::extension_sql_file;

extension_sql_file!("../../sql/roles/schema.sql", name = "schema", bootstrap);
extension_sql_file!(
    "../../sql/roles/roles.sql",
    name = "roles",
    requires = ["schema"]
);
extension_sql_file!(
    "../../sql/roles/grants.sql",
    name = "grants",
    requires = ["roles"]
);

extension_sql_file!(
    "../../sql/types/enums.sql",
    name = "enums",
    requires = ["grants"]
);
extension_sql_file!(
    "../../sql/types/composites.sql",
    name = "composites",
    requires = ["enums"]
);

extension_sql_file!(
    "../../sql/functions/clock.sql",
    name = "clock",
    requires = ["composites"]
);
extension_sql_file!(
    "../../sql/functions/errors.sql",
    name = "errors",
    requires = ["clock"]
);
extension_sql_file!(
    "../../sql/functions/caller.sql",
    name = "caller",
    requires = [
        "errors",
        shells::caller::is_trusted_session,
        shells::caller::trusted_setting,
        shells::caller::trusted_role,
        shells::caller::trusted_tenant,
        shells::caller::trusted_apps
    ]
);
extension_sql_file!(
    "../../sql/functions/methods.sql",
    name = "methods_sql",
    requires = ["caller", shells::methods::is_global]
);
extension_sql_file!(
    "../../sql/functions/constraints.sql",
    name = "constraints_sql",
    requires = [
        "methods_sql",
        shells::constraints::broken_constraint,
        shells::constraints::is_reservation_outcome
    ]
);
extension_sql_file!(
    "../../sql/functions/contacts.sql",
    name = "contacts",
    requires = [
        "constraints_sql",
        shells::contact::canonical_email,
        shells::contact::canonical_phone,
        shells::contact::mask_email,
        shells::contact::mask_phone,
        shells::contact::mask_identifier
    ]
);
extension_sql_file!(
    "../../sql/functions/status.sql",
    name = "status_sql",
    requires = ["contacts", shells::status::overall_status_step]
);
extension_sql_file!(
    "../../sql/functions/lookup.sql",
    name = "lookup",
    requires = ["status_sql"]
);
extension_sql_file!(
    "../../sql/functions/changes.sql",
    name = "changes",
    requires = ["lookup", shells::changes::changes_status]
);
extension_sql_file!(
    "../../sql/functions/events.sql",
    name = "events",
    requires = ["changes"]
);
extension_sql_file!(
    "../../sql/functions/statuses.sql",
    name = "statuses",
    requires = ["events"]
);
extension_sql_file!(
    "../../sql/functions/tenants.sql",
    name = "tenants",
    requires = ["statuses"]
);
extension_sql_file!(
    "../../sql/functions/log_position.sql",
    name = "log_position",
    requires = ["tenants"]
);
extension_sql_file!(
    "../../sql/functions/closings.sql",
    name = "closings",
    requires = ["log_position"]
);
extension_sql_file!(
    "../../sql/functions/retention.sql",
    name = "retention",
    requires = ["closings"]
);
extension_sql_file!(
    "../../sql/functions/status_changes.sql",
    name = "status_changes",
    requires = ["retention"]
);
extension_sql_file!(
    "../../sql/functions/apps.sql",
    name = "apps",
    requires = ["status_changes"]
);
extension_sql_file!(
    "../../sql/functions/users.sql",
    name = "users",
    requires = ["apps"]
);
extension_sql_file!(
    "../../sql/functions/search.sql",
    name = "search",
    requires = [
        "users",
        shells::search::keys_of_user,
        shells::search::terms_of_search
    ]
);
extension_sql_file!(
    "../../sql/functions/registration.sql",
    name = "registration",
    requires = ["search"]
);
extension_sql_file!(
    "../../sql/functions/contact_triggers.sql",
    name = "contact_triggers",
    requires = ["registration"]
);
extension_sql_file!(
    "../../sql/functions/lockout_policies.sql",
    name = "lockout_policies",
    requires = ["contact_triggers", attempts::policy::effective_policy]
);
extension_sql_file!(
    "../../sql/functions/history/simulation.sql",
    name = "simulation",
    requires = [
        "lockout_policies",
        shells::replay::replay_step,
        shells::replay::replay_result
    ]
);
extension_sql_file!(
    "../../sql/functions/history/import.sql",
    name = "import",
    requires = ["simulation"]
);
extension_sql_file!(
    "../../sql/functions/history/status_at.sql",
    name = "status_at",
    requires = ["import"]
);
extension_sql_file!(
    "../../sql/functions/history/explain.sql",
    name = "explain",
    requires = ["status_at"]
);
extension_sql_file!(
    "../../sql/functions/attempts/refusal.sql",
    name = "attempt_refusal",
    requires = ["explain"]
);
extension_sql_file!(
    "../../sql/functions/attempts/reserve.sql",
    name = "attempt_reserve",
    requires = [
        "attempt_refusal",
        attempts::abandoned::expire_reservations,
        attempts::reserve::begin_attempt,
        attempts::reserve::complete_attempt
    ]
);
extension_sql_file!(
    "../../sql/functions/attempts/verdict.sql",
    name = "attempt_verdict",
    requires = ["attempt_reserve", attempts::verdict::record_attempt]
);
extension_sql_file!(
    "../../sql/functions/unlock.sql",
    name = "unlock",
    requires = ["attempt_verdict"]
);
extension_sql_file!(
    "../../sql/functions/deactivation.sql",
    name = "deactivation",
    requires = ["unlock"]
);
extension_sql_file!(
    "../../sql/functions/suspension.sql",
    name = "suspension",
    requires = ["deactivation"]
);
extension_sql_file!(
    "../../sql/functions/bulk/filter.sql",
    name = "bulk_filter",
    requires = ["suspension"]
);
extension_sql_file!(
    "../../sql/functions/bulk/unlock.sql",
    name = "bulk_unlock",
    requires = ["bulk_filter"]
);
extension_sql_file!(
    "../../sql/functions/bulk/deactivate.sql",
    name = "bulk_deactivate",
    requires = ["bulk_unlock"]
);
extension_sql_file!(
    "../../sql/functions/bulk/undo.sql",
    name = "bulk_undo",
    requires = ["bulk_deactivate"]
);
extension_sql_file!(
    "../../sql/functions/migrate.sql",
    name = "migrate",
    requires = ["bulk_undo"]
);
extension_sql_file!(
    "../../sql/functions/relay.sql",
    name = "relay",
    requires = [
        "migrate",
        shells::relay::take_over,
        shells::relay::is_relayed
    ]
);
extension_sql_file!(
    "../../sql/functions/distribute.sql",
    name = "distribute",
    requires = ["relay"]
);
extension_sql_file!(
    "../../sql/functions/rules.sql",
    name = "rules",
    requires = [
        "distribute",
        shells::version::version,
        shells::methods::methods,
        shells::settings::settings_problem,
        shells::lockout::policy_problem,
        storage::storage_steps
    ]
);
extension_sql_file!("../../sql/roles/finalize.sql", name = "finalize", finalize);
