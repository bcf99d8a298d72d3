begin;
\ir helpers/clock.psql
select set_config('test.clock', '2026-11-01 12:00Z', true) \g /dev/null
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(16);

create function pg_temp.why(authenticator text, app text default 'Shop') returns jsonb
language sql as $$ select authn.explain_status(pg_temp.id('ada'), pg_temp.id(authenticator), pg_temp.id(app)) $$;

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('password', 'Wallet'), pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('pin', 'Shop', 'laptop') \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 3, "duration": "15 minutes"}]', app_id => pg_temp.id('Shop')) \g /dev/null
select is(
    pg_temp.why('password') ->> 'sentence', 'Registered in Shop since 2026-11-01 12:00:00 UTC: it has not authenticated in this app yet.', 'a sentence says it'
);
select pg_temp.at('2026-11-01 12:01Z'), pg_temp.succeed('password', 'Shop') \g /dev/null
select pg_temp.at('2026-11-01 12:02Z'), pg_temp.fail('password', 'Shop', 2) \g /dev/null
select is(pg_temp.why('password') ->> 'rule', 'succeeded', 'active: it has succeeded');
select is(jsonb_array_length(pg_temp.why('password') -> 'attempts'), 2, 'with the failures that count');
select pg_temp.at('2026-11-01 12:03Z'), set_config('authn.ip', '192.0.2.9', true), pg_temp.fail('password', 'Shop') \g /dev/null
select is(
    pg_temp.why('password') ->> 'sentence',
    'Locked in Shop since 2026-11-01 12:03:00 UTC until 2026-11-01 12:18:00 UTC: 3 failures (tier 1 of the app''s policy, version 1).',
    'locked: by which tier of which policy, since when, until when'
);
select results_eq(
    $$select w ->> 'rule', (w ->> 'since')::timestamptz, (w ->> 'until')::timestamptz, w -> 'endless', w #> '{lock,policy_version}', w #>> '{lock,cause}', w #>> '{policy,source}' from pg_temp.why('password') w$$,
    $$values ('locked', timestamptz '2026-11-01 12:03Z', timestamptz '2026-11-01 12:18Z', jsonb 'false', jsonb '1', 'tier', 'app')$$, 'the same for a program'
);
select results_eq(
    $$select (a ->> 'at')::timestamptz, a ->> 'ip' from jsonb_array_elements(pg_temp.why('password') -> 'attempts') a$$,
    $$values (timestamptz '2026-11-01 12:02Z', null), ('2026-11-01 12:02Z', null), ('2026-11-01 12:03Z', '192.0.2.9')$$, 'and the attempts that led to it'
);
select results_eq(
    $$select c ->> 'app_name', c -> 'lock' from jsonb_array_elements(pg_temp.why('password') #> '{unlock,contexts}') c$$, $$values ('Shop', jsonb 'true')$$, 'an unlock would touch this app only'
);
select is(
    authn.explain_status(pg_temp.id('ada'), pg_temp.id('password')) - 'contexts' - 'unlock',
    '{"status": "mixed", "rule": "contexts_differ", "sentence": "Mixed: its apps differ."}', 'without an app: the roll-up'
);
select is(
    jsonb_path_query_array(authn.explain_status(pg_temp.id('ada'), pg_temp.id('password')), '$.contexts[*].status'), '["locked", "registered"]', 'over each app'
);
select pg_temp.at('2026-11-01 12:30Z') \g /dev/null
select is((pg_temp.why('password') ->> 'since')::timestamptz, '2026-11-01 12:18Z', 'active again since the lock was over');

select pg_temp.lock('pin', 'Shop'), pg_temp.fail('pin on laptop', 'Shop') \g /dev/null
select is(jsonb_array_length(pg_temp.why('pin') #> '{unlock,contexts}'), 2, 'an unlock of a pin reaches every device');
select authn.suspend_user(pg_temp.id('ada'), reason => 'left the company') \g /dev/null
select is(
    pg_temp.why('pin') ->> 'sentence', 'Deactivated in Shop since 2026-11-01 12:30:00 UTC until somebody ends it: the user is suspended: left the company.', 'what lies over it comes first'
);
select is(pg_temp.why('pin') #> '{facts,locked}', 'true', 'the facts below are told all the same');
select is(authn.explain_status(pg_temp.id('ada'), pg_temp.id('sms_otp')) ->> 'rule', 'no_context', 'what no app uses has no context to explain');
select is(pg_temp.error_of($$select pg_temp.why('pin', 'Wallet')$$), 'AU016 app_id', 'nor has what is not registered there');
select pg_temp.act_as('authn_reader') \g /dev/null
select is(pg_temp.why('pin') ->> 'rule', 'user_suspended', 'a reader may ask');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
