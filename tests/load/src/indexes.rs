//! An empty storage is loaded without the indexes that nothing else hangs on, which are made afterwards, as a
//! restore makes them: sorting once is cheaper than finding every row's place.

use std::sync::Mutex;
use std::vec::IntoIter;

use tokio_postgres::{Client, Error};

use crate::loader::connect;

/// Of every index and constraint to be made later: how it goes, and how it comes back. A key that a foreign
/// key refers to stays, for its return would have every reference checked anew.
const SET_ASIDE: &str = "
with loaded as (
    select c.oid
    from pg_class c
    where c.relnamespace = 'authn_data'::regnamespace
      and c.relname in ('users', 'authenticators', 'contexts', 'events', 'locks')
)
select
    format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname),
    format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
from pg_constraint k
join loaded l on l.oid = k.conrelid
where k.contype in ('p', 'u')
  and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = k.conindid)
union all
select
    format('drop index %s', i.indexrelid::regclass),
    concat_ws(
        '; ', replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '),
        format('comment on index %s is %L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class'))
    )
from pg_index i
join loaded l on l.oid = i.indrelid
where not exists (select from pg_constraint k where k.conindid = i.indexrelid)
order by 1";

/// Where it is written how each comes back, from the transaction that takes it away until the one that makes it again:
/// a load that is killed leaves it, and the next one begins with it.
const KEPT: &str = "public.indexes_set_aside";

/// Takes the indexes of an empty storage away, all of them or, if it fails, none; of one that holds users, none.
pub(crate) async fn set_aside(client: &Client) -> Result<(), Error> {
    if client
        .query_one("select exists (select from authn_data.users)", &[])
        .await?
        .get(0)
    {
        return Ok(());
    }
    let mut script = format!("begin; create table {KEPT} (statement text not null)");
    for index in client.query(SET_ASIDE, &[]).await? {
        let (away, back): (&str, &str) = (index.get(0), index.get(1));
        script += &format!("; {away}; insert into {KEPT} values ($back${back}$back$)");
    }
    client.batch_execute(&(script + "; commit")).await
}

/// Makes those again that are set aside, two at a time; one that fails keeps no other from coming back.
pub(crate) async fn bring_back(database: &str) -> Result<(), Error> {
    let client = connect(database).await?;
    let kept = client
        .query_one("select to_regclass($1) is not null", &[&KEPT])
        .await?;
    if !kept.get::<_, bool>(0) {
        return Ok(());
    }
    eprintln!("make the indexes …");
    let rows = client
        .query(&format!("select statement from {KEPT}"), &[])
        .await?;
    let statements: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let queue = Mutex::new(statements.into_iter());
    let (one, other) = tokio::join!(make(database, &queue), make(database, &queue));
    one.and(other)?;
    client.batch_execute(&format!("drop table {KEPT}")).await
}

async fn make(database: &str, queue: &Mutex<IntoIter<String>>) -> Result<(), Error> {
    let client = connect(database).await?;
    client
        .batch_execute("set maintenance_work_mem = '1GB'")
        .await?;
    let mut made = Ok(());
    while let Some(create) = next(queue) {
        let once = format!(
            "begin; {create}; delete from {KEPT} where statement = $back${create}$back$; commit"
        );
        if let Err(error) = client.batch_execute(&once).await {
            client.batch_execute("rollback").await?;
            made = made.and(Err(error));
        }
    }
    made
}

fn next(queue: &Mutex<IntoIter<String>>) -> Option<String> {
    queue.lock().expect("nobody panics with it").next()
}
