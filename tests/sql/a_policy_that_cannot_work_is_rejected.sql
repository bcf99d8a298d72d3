-- Reject at configuration time; the message names the field.
begin;
\ir helpers/world.psql
select plan(4);

create function pg_temp.rejected(method authn.method, tiers text, rest text default '') returns text
language plpgsql as $$
declare
    v_message text;
    v_column text;
begin
    execute format('select authn.set_lockout_policy(pg_temp.id(''Acme''), %L, %L %s)', method, tiers, rest);
    return 'no error';
exception
    when others then
        get stacked diagnostics v_message = message_text, v_column = column_name;
        return concat_ws(' ', sqlstate, v_column, substring(v_message from '^[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)?'));
end
$$;

create temp table wrong (why text, tiers text, rest text, named text);
insert into wrong values
    ('no tiers', '[]', '', 'tiers'),
    ('not a list', '{"failures": 5}', '', 'tiers'),
    ('not a list', 'null', '', 'tiers'),
    ('not an object', '[5]', '', 'tiers[0]'),
    ('an unknown field', '[{"failures": 5, "minutes": 15}]', '', 'tiers[0]'),
    ('no failures', '[{"duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('null failures', '[{"failures": null, "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('zero failures', '[{"failures": 0, "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('negative failures', '[{"failures": -1, "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('half a failure', '[{"failures": 2.5, "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('more failures than an integer holds', '[{"failures": 99999999999, "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('more failures than the hard cap', '[{"failures": 101, "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('words for failures', '[{"failures": "five", "duration": "15 minutes"}]', '', 'tiers[0].failures'),
    ('zero duration', '[{"failures": 5, "duration": "0"}]', '', 'tiers[0].duration'),
    ('negative duration', '[{"failures": 5, "duration": "-1 minute"}]', '', 'tiers[0].duration'),
    ('no interval', '[{"failures": 5, "duration": "a while"}]', '', 'tiers[0].duration'),
    ('a duration without a unit', '[{"failures": 5, "duration": 15}]', '', 'tiers[0].duration'),
    ('the same threshold', '[{"failures": 5, "duration": "1 minute"}, {"failures": 5, "duration": "2 minutes"}]', '', 'tiers[1].failures'),
    ('a lower threshold', '[{"failures": 5, "duration": "1 minute"}, {"failures": 4, "duration": "2 minutes"}]', '', 'tiers[1].failures'),
    ('an endless tier that is not the last', '[{"failures": 3}, {"failures": 5, "duration": "1 hour"}]', '', 'tiers[0].duration'),
    ('eleven tiers', (select jsonb_agg(jsonb_build_object('failures', n, 'duration', '1 minute'))::text from generate_series(1, 11) n), '', 'tiers'),
    ('a zero window', '[{"failures": 5, "duration": "15 minutes"}]', ', ''0''', 'failures_expire_after'),
    ('a negative window', '[{"failures": 5, "duration": "15 minutes"}]', ', ''-1 hour''', 'failures_expire_after'),
    ('a window as long as the longest tier', '[{"failures": 3, "duration": "1 hour"}, {"failures": 5, "duration": "1 minute"}]', ', ''1 hour''', 'failures_expire_after');

select bag_eq(
    $$select why, pg_temp.rejected('password', tiers, rest) from wrong$$,
    $$select why, concat_ws(' ', 'AU008', named, named) from wrong$$,
    'each is AU008, with the path to what is wrong as its column and in its message'
);
select bag_eq(
    $$select m, w, pg_temp.rejected(m, t, r) from unnest('{sms_otp,email_otp}'::authn.method[]) m, (values
        ('tiers', '[{"failures": 3, "duration": "1 minute"}, {"failures": 5, "duration": "2 minutes"}]', ''),
        ('then_permanent', '[{"failures": 3, "duration": "1 minute"}]', ', then_permanent => true')) v (w, t, r)$$,
    $$select m, w, 'AU008 ' || w || ' ' || w from unnest('{sms_otp,email_otp}'::authn.method[]) m, unnest('{tiers,then_permanent}'::text[]) w$$,
    'one-time codes are simple only'
);
select bag_eq(
    $$select method, left(pg_temp.rejected(method, '[{"failures": 3, "duration": "1 minute"}]', ', app_id => pg_temp.id(''Shop'')'), 12)
      from authn.methods where scope = 'global_user'$$,
    $$select method, case when lockable then 'AU009 app_id' else 'AU007 method' end from authn.methods where scope = 'global_user'$$,
    'and tenant-wide only'
);
select bag_eq(
    $$select method, left(pg_temp.rejected(method, '[{"failures": 3, "duration": "1 minute"}]'), 12) from authn.methods where not lockable$$,
    $$select method, 'AU007 method' from authn.methods where not lockable$$,
    'no policy for what cannot lock'
);

select * from finish();
rollback;
