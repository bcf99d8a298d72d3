-- Each change comes once, ends of locks and blocks in their place in time, wherever a follower stopped.
begin;
\ir helpers/world.psql
\ir helpers/clock.psql
\ir helpers/horizon.psql
select plan(9);

select pg_temp.at('2030-05-01 08:00Z') \g /dev/null
select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('totp', 'Shop') \g /dev/null
select pg_temp.at('2030-05-01 09:00Z') \g /dev/null
select c.cursor as start from authn.status_changes(pg_temp.id('Acme')) c \gset

select pg_temp.at('2030-05-01 10:00Z') \g /dev/null
select pg_temp.lock('password', 'Shop') \g /dev/null
select pg_temp.at('2030-05-01 10:05Z') \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('totp'), pg_temp.id('Shop'), '2030-05-01 10:20Z') \g /dev/null
select pg_temp.at('2030-05-01 10:20Z') \g /dev/null
select pg_temp.succeed('pin', 'Shop'), pg_temp.succeed('pin', 'Shop'), pg_temp.fail('pin', 'Shop') \g /dev/null
select pg_temp.at('2030-05-01 10:30Z') \g /dev/null
select pg_temp.lock('pin', 'Shop') \g /dev/null
select pg_temp.at('2030-05-01 10:40Z') \g /dev/null
select authn.suspend_user(pg_temp.id('ada'), '2030-05-01 11:00Z') \g /dev/null
select pg_temp.at('2030-05-01 12:00Z') \g /dev/null
select pg_temp.lock('sms_otp', 'Shop') \g /dev/null
select pg_temp.at('2030-05-01 12:01Z') \g /dev/null
select authn.unlock(pg_temp.id('ada'), 'sms_otp', pg_temp.id('Shop')) \g /dev/null
select pg_temp.at('2030-05-01 13:00Z') \g /dev/null

create temp table heard as select * from pg_temp.follow('Acme', :'start');
select results_eq(
    'select line from heard order by n',
    $$values
        ('10:00 locked password Shop registered locked'),
        ('10:05 deactivated totp Shop registered deactivated'),
        ('10:15 lock_expired password Shop locked registered'),
        ('10:20 deactivation_expired totp Shop deactivated registered'),
        ('10:20 attempt_succeeded pin Shop registered active'),
        ('10:30 locked pin Shop active locked'),
        ('10:40 user_suspended mixed deactivated'),
        ('10:45 lock_expired pin Shop locked deactivated'),
        ('11:00 deactivation_expired deactivated mixed'),
        ('12:00 locked sms_otp registered locked'),
        ('12:01 unlocked sms_otp locked registered')$$,
    'what changed a status, and no attempt that did not; what ran out in its place, and what was unlocked did not run out'
);
select is_empty(
    $$select * from authn.status_changes(pg_temp.id('Acme'), (select cursor from heard order by n desc limit 1)) where changes <> '{}' or more or pending$$,
    'nothing follows the last'
);

-- The rest behind each cursor, in pages of each size.
select is_empty(
    format(
        'select h.line from heard h
         where array(select f.line from pg_temp.follow(''Acme'', h.cursor, %s) f order by f.n)
             <> array(select r.line from heard r where r.n > h.n order by r.n)',
        size
    ),
    'pages of ' || size || ' miss and double nothing'
)
from unnest('{1,2,3,1000}'::integer[]) as s (size);

-- A lock that was committed after it had run out: its end is told behind it, though later ones were told before.
select pg_temp.commit_later('locked', '2030-05-01 10:30Z', 100) \g /dev/null
select pg_temp.horizon_at(50) \g /dev/null
create temp table early as select * from pg_temp.follow('Acme', :'start');
select is_empty(
    $$select line from early where line like '10:30%' or line like '10:45%'$$,
    'what is not decided yet is not told, nor its end'
);
select ok(pending, 'a follower is told to come back soon')
from authn.status_changes(pg_temp.id('Acme'), (select cursor from early order by n desc limit 1));
select pg_temp.horizon_at(150) \g /dev/null
select results_eq(
    $$select f.line from (select cursor from early order by n desc limit 1) e, pg_temp.follow('Acme', e.cursor, 1) f order by f.n$$,
    $$values ('10:30 locked pin Shop active locked'), ('10:45 lock_expired pin Shop locked deactivated')$$,
    'then both are'
);

select * from finish();
rollback;
