-- What the checks of tables call that every attempt writes; the shells in pg_authn/src/shells/constraints.rs decide.

comment on function authn._broken_constraint(
    uuid, authn.method, timestamptz, timestamptz, timestamptz, timestamptz, integer, integer, integer, integer,
    timestamptz, timestamptz
) is 'the constraint that a row of authn_data.contexts breaks; null: none';
grant execute on function authn._broken_constraint(
    uuid, authn.method, timestamptz, timestamptz, timestamptz, timestamptz, integer, integer, integer, integer,
    timestamptz, timestamptz
) to authn_engine;

-- Strict: of a row that breaks nothing it is not called, and a check that is null holds.
create function authn._refuse_context(broken_constraint text)
returns boolean
language plpgsql
immutable
strict
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'check_violation',
        message = format('new row for relation "contexts" violates check constraint "%s"', _refuse_context.broken_constraint),
        schema = 'authn_data',
        table = 'contexts',
        constraint = _refuse_context.broken_constraint;
end
$$;
comment on function authn._refuse_context(text) is 'refuses a row of authn_data.contexts by the name of the constraint that it breaks';
grant execute on function authn._refuse_context(text) to authn_engine;

comment on function authn._is_reservation_outcome(text) is 'whether a reservation can end like this';
grant execute on function authn._is_reservation_outcome(text) to authn_engine;
