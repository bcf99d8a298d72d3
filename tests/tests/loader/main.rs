//! A loaded tenant is one that the product could have written: it passes the product's own checks, and the
//! product works on it.

use authn_load::{Plan, load};
use system_tests::clock;
use system_tests::database::Database;
use system_tests::ledger::{COUNTERS_ARE_THE_LOG, NUMBERS_HAVE_NO_GAP};
use system_tests::wait::until;

/// Past every month that a loaded tenant of these tests begins in: 2026-10-01, in seconds of the Unix clock.
const END: i64 = 1_790_812_800;

fn plan(seed: u64) -> Plan {
    Plan {
        users: 6_000,
        seed,
        locked: 60,
        months: 3,
        attempts: 3,
        end: Some(END),
        name: "Loaded".to_owned(),
    }
}

async fn loaded(seed: u64, connections: u16) -> Database {
    loaded_as(&plan(seed), connections).await
}

async fn loaded_as(plan: &Plan, connections: u16) -> Database {
    let database = Database::empty();
    load(&database.superuser_url(), plan, connections)
        .await
        .unwrap_or_else(|error| panic!("the tenant is loaded: {error:?}"));
    database
}

/// Everything that was loaded, but for the transactions that happened to write it.
fn digest(database: &Database) -> String {
    database.value(
        "select md5(string_agg(t.digest, '' order by t.name))
         from (
             select 'users' as name, md5(string_agg(r::text, '' order by r.user_id)) as digest from authn_data.users r
             union all
             select 'devices', md5(string_agg(r::text, '' order by r.user_id, r.device_id)) from authn_data.devices r
             union all
             select 'authenticators', md5(string_agg(r::text, '' order by r.user_id, r.authenticator_id))
             from authn_data.authenticators r
             union all
             select 'contexts', md5(string_agg(r::text, '' order by r.user_id, r.context_id)) from authn_data.contexts r
             union all
             select 'locks', md5(string_agg(r::text, '' order by r.user_id, r.context_id, r.number)) from authn_data.locks r
             union all
             select 'events', md5(string_agg(
                 (to_jsonb(r) - 'xid')::text, '' order by r.user_id, r.domain_id, r.number
             ))
             from authn_data.events r
         ) t",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_loads_the_same_rows_by_any_number_of_connections() {
    let one = digest(&loaded(1, 1).await);
    assert_eq!(one, digest(&loaded(1, 2).await));
    assert_ne!(one, digest(&loaded(2, 2).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_product_itself_would_have_written_the_same_rows() {
    let plan = Plan {
        users: 500,
        locked: 20,
        ..plan(3)
    };
    let database = loaded_as(&plan, 2).await;
    clock::control(&database);
    let different = database.psql(&format!(
        "\\pset format unaligned\n\\pset tuples_only\n{}",
        include_str!("told_again.sql")
    ));
    assert_eq!(different.trim(), "");
}

/// Every index and constraint of the storage, but for those of the months.
fn schema(database: &Database) -> String {
    database.value(
        "select md5(string_agg(o.what, e'\\n' order by o.what))
        from (
            select concat_ws(' ', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated) as what
            from pg_constraint k
            where k.connamespace = 'authn_data'::regnamespace and k.conrelid::regclass::text !~ '_[0-9]{4}_[0-9]{2}$'
            union all
            select concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, obj_description(i.indexrelid, 'pg_class'))
            from pg_index i
            join pg_class c on c.oid = i.indrelid
            where c.relnamespace = 'authn_data'::regnamespace and c.relname !~ '_[0-9]{4}_[0-9]{2}$'
        ) o",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loading_leaves_every_index_and_constraint_as_it_was() {
    let as_it_was = schema(&Database::empty());
    assert_eq!(schema(&loaded(1, 2).await), as_it_was);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_that_fails_leaves_every_index_and_constraint_as_it_was() {
    let database = Database::empty();
    let as_it_was = schema(&database);
    let nameless = Plan {
        name: " ".to_owned(),
        ..plan(1)
    };
    let failed = load(&database.superuser_url(), &nameless, 2).await;
    let failed = failed.expect_err("a tenant has a name");
    let constraint = failed.as_db_error().and_then(|error| error.constraint());
    assert_eq!(constraint, Some("tenant_has_a_name"));
    assert_eq!(schema(&database), as_it_was);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_load_set_aside_is_there_after_the_next_one() {
    let database = Database::empty();
    let as_it_was = schema(&database);
    let url = database.superuser_url();
    // Killed as early as its indexes are away: what it had sent by then stays, without a whole tenant around it.
    let killed = tokio::spawn(async move { load(&url, &plan(1), 2).await });
    until("the indexes are away", async || {
        let away = database.value("select to_regclass('public.indexes_set_aside')");
        (!away.is_empty()).then_some(())
    })
    .await;
    killed.abort();
    let gone = killed.await.expect_err("it was killed");
    assert!(gone.is_cancelled());
    until("nobody is left of it", async || {
        let others = database.value(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        );
        (others == "0").then_some(())
    })
    .await;
    assert_ne!(schema(&database), as_it_was);

    let next = Plan {
        name: "Next".to_owned(),
        ..plan(2)
    };
    load(&database.superuser_url(), &next, 2)
        .await
        .expect("the next tenant is loaded");
    assert_eq!(schema(&database), as_it_was);
    assert_eq!(
        database.value("select to_regclass('public.indexes_set_aside')"),
        ""
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loaded_tenant_passes_every_check_of_the_product() {
    let database = loaded(1, 2).await;
    for (claim, exceptions) in [
        NUMBERS_HAVE_NO_GAP,
        COUNTERS_ARE_THE_LOG,
        (
            "the time of a domain does not run backwards",
            "select e.user_id::text, e.domain_id::text
             from (
                 select n.*, lag(n.at) over (partition by n.user_id, n.domain_id order by n.number) as before
                 from authn_data.events n
             ) e
             where e.at < e.before",
        ),
        (
            "locked is whoever has a lock that has not run out",
            "select c.user_id::text, c.context_id::text
             from authn_data.contexts c
             left join authn.locked_now l
                 on l.user_id = c.user_id
                and l.authenticator_id = c.authenticator_id
                and l.app_id is not distinct from c.app_id
             where case when c.locked_until > now() then c.locked_until end is distinct from l.locked_until",
        ),
        (
            "history tells the status that the views show",
            "select c.user_id::text, c.authenticator_id::text
             from authn.contexts c
             full join authn.statuses_at((select t.tenant_id from authn.tenants t), now()) h
                 using (user_id, authenticator_id, app_id)
             where h.app_id is not null
               and c.status is distinct from h.status",
        ),
        (
            "the log is as it was closed",
            "select v::text, '' from authn.verify_events((select t.tenant_id from authn.tenants t)) v",
        ),
    ] {
        if claim.contains("closed") {
            assert_ne!(database.value("select authn.close_events()"), "0");
        }
        let found = database.value(&format!("select * from ({exceptions}) e limit 3"));
        assert_eq!(found, "", "{claim}");
    }

    // Loaded past foreign keys; made again, the database itself checks each of them.
    let kept = database.value("select count(*) from authn_data.contexts");
    assert_ne!(kept, "0");
    let checked = database.psql(
        "do $$
         declare
             v_key record;
         begin
             for v_key in
                 select k.conrelid::regclass as child, k.conname, pg_get_constraintdef(k.oid) as definition
                 from pg_constraint k
                 where k.contype = 'f' and k.connamespace = 'authn_data'::regnamespace and k.conparentid = 0
             loop
                 execute format('alter table %s drop constraint %I', v_key.child, v_key.conname);
                 execute format('alter table %s add constraint %I %s', v_key.child, v_key.conname, v_key.definition);
             end loop;
         end
         $$;",
    );
    assert_eq!(checked, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_product_works_on_a_loaded_tenant() {
    let database = loaded(1, 2).await;
    assert_eq!(
        database.value("select count(*) from authn.locked_now"),
        "60"
    );

    // The right password, of everybody who has one that is open; then a wrong one.
    let outcomes = database.value(
        "select string_agg(distinct (r).outcome || ' ' || (r).status, ', ')
         from (
             select authn.record_attempt(c.user_id, c.authenticator_id, c.app_id, n.right) as r
             from (
                 select * from authn.contexts where method = 'password' and status in ('registered', 'active')
                 order by user_id, app_id
                 limit 200
             ) c
             cross join (values (true), (false)) n (\"right\")
         ) a",
    );
    assert_eq!(outcomes, "failed active, succeeded active");

    let freed = database.value(
        "select count(*) || ' ' || string_agg(distinct n.status_before || ' ' || n.status_after, ',')
         from authn.locked_now l
         cross join lateral authn.unlock(l.user_id, l.method, l.app_id, 'caller proved who they are') n
         where n.status_after in ('registered', 'active')",
    );
    assert!(freed.starts_with("60 locked "), "{freed}");
    assert_eq!(database.value("select count(*) from authn.locked_now"), "0");
}
