begin;
select plan(3);

create temp table instants as
select at, until from (values
    (timestamptz '2026-01-01 11:59:59.999999', timestamptz '2026-01-01 12:00'),
    ('2026-01-01 12:00', '2026-01-01 12:00'),
    ('2026-01-01 12:00:00.000001', '2026-01-01 12:00'),
    ('2026-01-01 12:00', 'infinity'),
    ('2026-01-01 12:00', null)
) as i (at, until);

select results_eq(
    $$select authn.status_rule(at, until, null, null)::text from instants$$,
    $$values ('deactivated'), ('registered'), ('registered'), ('deactivated'), ('registered')$$,
    'a deactivation ends at its end; infinity never; null never began'
);
select results_eq(
    $$select authn.status_rule(at, null, until, '2025-01-01')::text from instants$$,
    $$values ('locked'), ('active'), ('active'), ('locked'), ('active')$$,
    'a lock likewise'
);
select results_eq(
    $$select authn.user_status_rule(at, until, null)::text from instants$$,
    $$values ('suspended'), ('pending'), ('pending'), ('suspended'), ('pending')$$,
    'a suspension likewise'
);

select * from finish();
rollback;
