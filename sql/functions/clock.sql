-- The two clocks, each in one place: the planner inlines them, and a test can put another one there.

create function authn._clock()
returns timestamptz
language sql
volatile
parallel safe
return pg_catalog.clock_timestamp();
comment on function authn._clock() is 'the clock of enforcement: read after the row lock, never before';
grant execute on function authn._clock() to authn_engine;

create function authn._statement_clock()
returns timestamptz
language sql
stable
parallel safe
return pg_catalog.statement_timestamp();
comment on function authn._statement_clock() is 'the clock of views: one statement, one instant';
grant execute on function authn._statement_clock() to authn_reader, authn_trusted;
