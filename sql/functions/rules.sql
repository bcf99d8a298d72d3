-- What authn_rules computes; the shells in pg_authn/src/shells only convert.

comment on function authn.version() is 'the version of the code that is loaded';
grant execute on function authn.version() to authn_reader, authn_trusted;
comment on function authn._methods() is 'every method as authn_rules decides about it';
comment on function authn._overall_status_step(authn.status, authn.status) is 'two statuses that agree, or mixed';
grant execute on function authn._overall_status_step(authn.status, authn.status) to authn_reader;
comment on function authn._settings_problem(text, boolean, jsonb) is 'what is wrong with a method''s settings; no row when nothing';
comment on function authn._policy_problem(text, boolean, integer[], interval[], interval, boolean, integer) is
    'what is wrong with a lockout policy; no row when nothing';
comment on function authn._storage_steps(text) is 'the scripts that bring the storage from a version (null: nothing) to this one';
