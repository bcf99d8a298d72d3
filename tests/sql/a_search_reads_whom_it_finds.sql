-- A page of what is searched for reads whom it shows, whatever the number of users and of those who are found: the
-- gateway's statement, as it is.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
\set found `cat gateway/sql/marked.sql gateway/sql/found_users.sql gateway/sql/users.sql gateway/sql/without_user_events.sql gateway/sql/user_documents.sql`
select plan(5);

-- Nobody registers their addresses, which are only searched for.
set local session_replication_role = replica;
\ir helpers/crowd.psql
-- No two alike, but for the surname of half of them, and three hundred who come last by name, as the planner cannot know.
update authn_data.users u
set display_name = case
        when n.n > 9700 then 'zzara zzimm'
        else n.word || case when n.n % 2 = 0 then ' Smith' else ' Other' || n.n end
    end,
    email = n.word || '@' || n.word || '.example',
    phone = '+49151' || lpad(n.n::text, 7, '0')
from (
    select x.user_id, x.n, translate(left(md5(x.n::text), 8), '0123456789', 'ghijklmnop') as word
    from (select c.user_id, row_number() over (order by c.user_id) as n from authn_data.users c where c.display_name like 'crowd %') x
) n
where n.user_id = u.user_id;
set local session_replication_role = origin;
analyze authn_data.users;

-- What a definer's statements read is in no plan of who calls it, but in the statistics of its tables.
prepare found as :found;
create temp table answers (search text, answer jsonb, users bigint);
create temp table watched as select 'authn_data.users'::regclass::oid;
grant all on answers, watched to public;
create function pg_temp.users_read() returns bigint
language sql volatile as $$
    select pg_stat_get_xact_tuples_fetched(w.oid) + pg_stat_get_xact_tuples_returned(w.oid) from watched w
$$;
create function pg_temp.run(search text) returns void
language plpgsql as $$
declare
    v_before bigint := pg_temp.users_read();
    v_answer jsonb;
begin
    execute format(
        'execute found(false, false, false, ''{"app_methods": false}'', %L, %L, null, false, null, null, null, null, null, null, null, null, null, false, 20, false, null, null, null, null, null, null, true)',
        pg_temp.id('Acme'), search
    ) into v_answer;
    insert into answers values (search, v_answer, pg_temp.users_read() - v_before);
end
$$;
create temp table searches as
select s.search
from authn_data.users u
cross join lateral unnest(array['smith', 'zzara zzimm', split_part(u.display_name, ' ', 1), split_part(u.email, '@', 2), u.email, u.phone]) as s (search)
where u.phone = '+491510000007';
grant all on searches to public;
select pg_temp.act_as('authn_admin') \g /dev/null
select pg_temp.run(s.search) from searches s \g /dev/null
select pg_temp.act_as_administrator() \g /dev/null

select is((select jsonb_array_length(answer #> '{page,keys}') from answers where search = 'smith'), 20, 'of many a page');
select is((select jsonb_array_length(answer #> '{page,keys}') from answers where search = 'zzara zzimm'), 20, 'of many who are all called so');
select is_empty($$select search from answers where search not in ('smith', 'zzara zzimm') and jsonb_array_length(answer #> '{page,keys}') <> 1$$, 'of one that one');
select is_empty($$select search, users from answers where users > 300 and search <> 'zzara zzimm'$$, 'and few users are read for it');
select is_empty($$select search, users from answers where users > 900 and search = 'zzara zzimm'$$, 'none of them before those who are called so');

select * from finish();
rollback;
