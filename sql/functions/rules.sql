-- What authn_rules computes; the shells in pg_authn/src/shells only convert.

comment on function authn.version() is 'the version of the code that is loaded';
grant execute on function authn.version() to authn_reader, authn_trusted;
comment on function authn._methods() is 'every method as authn_rules decides about it';
comment on function authn._overall_status_step(authn.status, authn.status) is 'two statuses that agree, or mixed';
grant execute on function authn._overall_status_step(authn.status, authn.status) to authn_reader;
comment on function authn._settings_problem(text, boolean, jsonb) is 'what is wrong with a method''s settings; no row when nothing';
comment on function authn._default_policy(text) is 'the built-in lockout policy of a method';
grant execute on function authn._default_policy(text) to authn_engine;
comment on function authn._tally_refusals(uuid, timestamptz, bigint) is
    'adds to the refusals of a lock or deactivation that this backend has yet to write down, and answers how many they are';
grant execute on function authn._tally_refusals(uuid, timestamptz, bigint) to authn_engine;
comment on function authn._policy_problem(text, boolean, integer[], interval[], interval, boolean, integer) is
    'what is wrong with a lockout policy; no row when nothing';
comment on function authn._after_failure(
    integer[], interval[], interval, boolean, integer, integer, integer, integer, timestamptz, timestamptz, timestamptz
) is 'the facts of a lock domain after one more failure, and what locked';
grant execute on function authn._after_failure(
    integer[], interval[], interval, boolean, integer, integer, integer, integer, timestamptz, timestamptz, timestamptz
) to authn_engine;
comment on function authn._free_slots(
    integer[], interval[], interval, boolean, integer, integer, integer, integer, timestamptz, timestamptz, timestamptz,
    integer
) is 'how many more attempts may be in flight on a lock domain under a policy';
grant execute on function authn._free_slots(
    integer[], interval[], interval, boolean, integer, integer, integer, integer, timestamptz, timestamptz, timestamptz,
    integer
) to authn_engine;
comment on function authn._storage_steps(text) is 'the scripts that bring the storage from a version (null: nothing) to this one';
comment on function authn._was_seen(xid) is
    'whether the statement saw this version of a row when it began; no: the lock it waited for gave it a later one';
grant execute on function authn._was_seen(xid) to authn_engine;
