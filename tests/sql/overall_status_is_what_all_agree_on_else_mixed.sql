begin;
select plan(6);

select is(authn.overall_status(s), null, 'nothing of no rows') from unnest('{}'::authn.status[]) s;
select bag_eq(
    $$select a, b, (select authn.overall_status(s) from unnest(array[a, b]) s) as together
      from unnest(enum_range(null::authn.status)) a, unnest(enum_range(null::authn.status)) b$$,
    $$select a, b, case when a = b then a else 'mixed' end as together
      from unnest(enum_range(null::authn.status)) a, unnest(enum_range(null::authn.status)) b$$,
    'of every pair'
);
select is(authn.overall_status(s), 'active', 'nulls are no status') from unnest('{null,active,null,active}'::authn.status[]) s;
select is(authn.overall_status(s), 'mixed', 'mixed stays mixed') from unnest('{active,locked,active}'::authn.status[]) s;
select is(authn.overall_status(s) filter (where s <> 'locked'), 'active', 'it takes a filter') from unnest('{active,locked,active}'::authn.status[]) s;
select results_eq(
    $$select g, authn.overall_status(s) from (values (1, 'active'::authn.status), (1, 'active'), (2, 'locked'), (2, 'active'), (3, null)) v (g, s) group by g order by g$$,
    $$values (1, 'active'::authn.status), (2, 'mixed'), (3, null)$$,
    'and groups'
);

select * from finish();
rollback;
