begin;
select plan(6);

create view pg_temp.members as
select d.classid, d.objid from pg_depend d join pg_extension e on e.oid = d.refobjid and e.extname = 'pg_authn'
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e';

select is_empty(
    $$select m.objid::regclass from pg_temp.members m join pg_class c on c.oid = m.objid
      where m.classid = 'pg_class'::regclass and c.relkind not in ('v', 'c')$$, 'no table, no sequence'
);
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace = 'authn_data'::regnamespace
      and exists (select from pg_temp.members m where m.classid = 'pg_class'::regclass and m.objid = c.oid)$$, 'nothing of the storage'
);
select is_empty($$select c.oid::regclass from pg_class c where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace) and c.relkind = 'S'$$, 'there are no sequences at all');
select throws_ok('drop extension pg_authn', '2BP01', null, 'while there is storage the extension cannot be dropped by mistake');
select results_eq(
    $$select n.nspname::text collate "C", extrelocatable from pg_extension e join pg_namespace n on n.oid = e.extnamespace where extname = 'pg_authn' and extversion = authn.version()$$,
    $$select 'authn' collate "C", false$$, 'it lives in schema authn, at the version of the code'
);
select results_eq(
    $$select superuser, trusted, relocatable, schema::text collate "C" from pg_available_extension_versions where name = 'pg_authn' and version = authn.version()$$,
    $$values (true, false, false, 'authn' collate "C")$$, 'an administrator installs it'
);

select * from finish();
rollback;
