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

/// What brings the indexes back that were set aside.
pub(crate) struct SetAside(Vec<String>);

/// Takes the indexes of an empty storage away, all of them or, if it fails, none; of one that holds users, none.
pub(crate) async fn set_aside(client: &Client) -> Result<SetAside, Error> {
    if client
        .query_one("select exists (select from authn_data.users)", &[])
        .await?
        .get(0)
    {
        return Ok(SetAside(Vec::new()));
    }
    let mut script = "begin".to_owned();
    let mut later = Vec::new();
    for index in client.query(SET_ASIDE, &[]).await? {
        script += "; ";
        script += index.get(0);
        later.push(index.get(1));
    }
    client.batch_execute(&(script + "; commit")).await?;
    Ok(SetAside(later))
}

/// Makes them again, two at a time; one that fails keeps no other from coming back.
pub(crate) async fn bring_back(SetAside(later): SetAside, database: &str) -> Result<(), Error> {
    let queue = Mutex::new(later.into_iter());
    let (one, other) = tokio::join!(make(database, &queue), make(database, &queue));
    one.and(other)
}

async fn make(database: &str, queue: &Mutex<IntoIter<String>>) -> Result<(), Error> {
    let client = connect(database).await?;
    client
        .batch_execute("set maintenance_work_mem = '1GB'")
        .await?;
    let mut made = Ok(());
    while let Some(create) = next(queue) {
        made = made.and(client.batch_execute(&create).await);
    }
    made
}

fn next(queue: &Mutex<IntoIter<String>>) -> Option<String> {
    queue.lock().expect("nobody panics with it").next()
}
