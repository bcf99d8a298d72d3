begin;
select plan(4);

select isnt_empty($$select 1 from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind = 'p'$$, 'there are tables, partitioned ones too');
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity)$$, 'also for their owner, also on each partition'
);
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_policy p where p.polrelid = c.oid)$$, 'and each has its policy'
);
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace) and c.relkind = 'v'
      and c.relowner <> 'authn_owner'::regrole$$, 'every view looks through the owner''s eyes, whose rows are confined'
);

select * from finish();
rollback;
