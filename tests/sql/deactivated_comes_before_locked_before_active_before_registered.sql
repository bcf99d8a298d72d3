-- Semantics, Status: the first that holds. Every combination of facts, through the rule itself.
begin;
select plan(2);

create temp table facts as
select blocked, locked, succeeded,
    authn.status_rule(
        '2026-01-01',
        case when blocked then timestamptz '2026-01-02' end,
        case when locked then timestamptz '2026-01-02' end,
        case when succeeded then timestamptz '2025-12-31' end
    ) as status
from unnest('{true,false}'::boolean[]) blocked, unnest('{true,false}'::boolean[]) locked, unnest('{true,false}'::boolean[]) succeeded;

select bag_eq(
    'table facts',
    $$values
        (true, true, true, 'deactivated'::authn.status),
        (true, true, false, 'deactivated'),
        (true, false, true, 'deactivated'),
        (true, false, false, 'deactivated'),
        (false, true, true, 'locked'),
        (false, true, false, 'locked'),
        (false, false, true, 'active'),
        (false, false, false, 'registered')$$,
    'deactivated, locked, active, registered'
);
select is_empty(
    $$select * from authn.contexts where status = 'mixed'$$, 'a single context is never mixed'
);

select * from finish();
rollback;
