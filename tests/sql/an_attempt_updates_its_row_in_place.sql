-- No index on anything that every attempt writes: updates stay heap-only.
begin;
select plan(1);

select is_empty(
    $$select i.indexrelid::regclass, a.attname
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and (a.attnum = any (i.indkey) or pg_get_indexdef(i.indexrelid) ~ ('\m' || a.attname || '\M'))
      where i.indrelid = 'authn_data.contexts'::regclass
        and a.attname in ('failures', 'failures_since_success', 'tier', 'locked_since', 'locked_until', 'last_success_at', 'last_failure_at',
          'last_device_id', 'latest_at', 'event_number', 'in_flight')$$,
    'no index holds what an attempt writes'
);

select * from finish();
rollback;
