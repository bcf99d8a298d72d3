//! An empty storage is loaded without the indexes that nothing else hangs on, which are made afterwards, as a
//! restore makes them: sorting once is cheaper than finding every row's place.

use tokio_postgres::{Client, Error};

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

/// What brings the indexes back that were set aside.
pub(crate) struct SetAside(Vec<String>);

/// Takes the indexes of an empty storage away; of one that holds users, none.
pub(crate) async fn set_aside(client: &Client) -> Result<SetAside, Error> {
    if client
        .query_one("select exists (select from authn_data.users)", &[])
        .await?
        .get(0)
    {
        return Ok(SetAside(Vec::new()));
    }
    let mut later = Vec::new();
    for index in client.query(SET_ASIDE, &[]).await? {
        client.batch_execute(index.get(0)).await?;
        later.push(index.get(1));
    }
    Ok(SetAside(later))
}

/// Makes them again, those of the log on one connection and the others on the other.
pub(crate) async fn bring_back(
    SetAside(later): SetAside,
    log: &Client,
    others: &Client,
) -> Result<(), Error> {
    let (of_the_log, of_others): (Vec<String>, Vec<String>) = later
        .into_iter()
        .partition(|create| create.contains("authn_data.events"));
    tokio::try_join!(run(log, &of_the_log), run(others, &of_others))?;
    Ok(())
}

async fn run(client: &Client, statements: &[String]) -> Result<(), Error> {
    client
        .batch_execute("set maintenance_work_mem = '1GB'")
        .await?;
    for statement in statements {
        client.batch_execute(statement).await?;
    }
    Ok(())
}
