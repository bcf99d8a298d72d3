-- The rule of status, once: enforcement, views, GraphQL and history all come here. Bare expressions
-- over facts and an instant, so that the planner inlines them.

create function authn._in_force(until timestamptz, at timestamptz)
returns boolean
language sql
immutable
parallel safe
return coalesce(until > at, false);
comment on function authn._in_force(timestamptz, timestamptz) is
    'whether a lock, deactivation or suspension that ends at "until" holds at "at": half-open, over at its end; null: never began';
grant execute on function authn._in_force(timestamptz, timestamptz) to authn_reader;

create function authn.status_rule(
    at timestamptz,
    blocked_until timestamptz,
    locked_until timestamptz,
    last_success_at timestamptz
)
returns authn.status
language sql
immutable
parallel safe
return case
    when blocked_until > at then 'deactivated'::authn.status
    when locked_until > at then 'locked'::authn.status
    when last_success_at is not null then 'active'::authn.status
    else 'registered'::authn.status
end;
comment on function authn.status_rule(timestamptz, timestamptz, timestamptz, timestamptz) is
    'the status of one context at an instant; blocked_until is the latest end among suspension and deactivations, ''infinity'' for good';
grant execute on function authn.status_rule(timestamptz, timestamptz, timestamptz, timestamptz) to authn_reader;

create function authn.user_status_rule(at timestamptz, suspended_until timestamptz, activated_at timestamptz)
returns authn.user_status
language sql
immutable
parallel safe
return case
    when suspended_until > at then 'suspended'::authn.user_status
    when activated_at is not null then 'active'::authn.user_status
    else 'pending'::authn.user_status
end;
comment on function authn.user_status_rule(timestamptz, timestamptz, timestamptz) is
    'the status of a user at an instant; activated_at is the first success with any authenticator';
grant execute on function authn.user_status_rule(timestamptz, timestamptz, timestamptz) to authn_reader;

create aggregate authn.overall_status(authn.status) (
    sfunc = authn._overall_status_step,
    stype = authn.status,
    combinefunc = authn._overall_status_step,
    parallel = safe
);
comment on aggregate authn.overall_status(authn.status) is
    'the status that all agree on, else mixed; null of no rows';
grant execute on function authn.overall_status(authn.status) to authn_reader;
