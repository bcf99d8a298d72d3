-- A new method of one-time codes was added and no counter knew of it: hundreds of wrong codes were answered in
-- seconds, and then the right one. Here every label of the enum has its lock path walked, by both protocols, or is
-- known to have none.
begin;
\ir ../helpers/world.psql
select plan(9);

create temp table every as select m as method from unnest(enum_range(null::authn.method)) m;
select bag_eq('table every', 'select method from authn.methods', 'a method that exists has been decided about');
select pg_temp.enrol(method, 'Shop') from every \g /dev/null
create view pg_temp.lockable as
select e.method, (p.tiers -> 0 ->> 'failures')::integer as threshold
from every e join authn.methods m using (method)
cross join lateral authn.effective_lockout_policy(pg_temp.id('Acme'), e.method, pg_temp.id('Shop')) p
where m.lockable;
create view pg_temp.shown as select method, status::text from authn.authenticators where user_id = pg_temp.id('ada');

select is_empty('select * from pg_temp.lockable where threshold is null', 'a default policy for every method that can lock');
select pg_temp.fail(method::text, 'Shop', threshold - 1) from pg_temp.lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status = 'locked'$$, 'one failure short of it none is locked');
select pg_temp.fail(method::text, 'Shop') from pg_temp.lockable \g /dev/null
select bag_eq($$select method from pg_temp.shown where status = 'locked'$$, 'select method from pg_temp.lockable', 'the last failure locks');
select is_empty($$select method from pg_temp.lockable where pg_temp.succeed(method::text, 'Shop') <> 'refused'$$, 'and the right secret is refused');

select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop')) from pg_temp.lockable \g /dev/null
do $$
declare
    v_method record;
    v_attempt uuid;
begin
    for v_method in select * from pg_temp.lockable loop
        for n in 1..v_method.threshold loop
            select b.attempt_id into strict v_attempt
            from authn.begin_attempt(pg_temp.id('ada'), pg_temp.id(v_method.method::text), pg_temp.id('Shop')) b;
            perform authn.complete_attempt(pg_temp.id('ada'), v_attempt, false);
        end loop;
    end loop;
end
$$;
select bag_eq($$select method from pg_temp.shown where status = 'locked'$$, 'select method from pg_temp.lockable', 'by reservation too');
select is_empty(
    $$select method, b.decision from pg_temp.lockable l, authn.begin_attempt(pg_temp.id('ada'), pg_temp.id(l.method::text), pg_temp.id('Shop')) b
      where b.decision <> 'locked'$$,
    'which admits nobody any more'
);

select pg_temp.fail(m.method::text, 'Shop', 101) from authn.methods m where not m.lockable \g /dev/null
select bag_eq(
    $$select method from pg_temp.shown where status <> 'locked'$$, 'select method from authn.methods where not lockable', 'the others never lock'
);
select is_empty(
    $$select method from authn.methods
      where not lockable
        and pg_temp.error_of(format('select authn.set_lockout_policy(pg_temp.id(''Acme''), %L, ''[{"failures": 5}]'')', method)) not like 'AU007%'$$,
    'and have no policy that says otherwise'
);

select * from finish();
rollback;
