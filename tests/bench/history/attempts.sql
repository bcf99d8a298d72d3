-- The file of an import of make bench: attempts of everybody in turns, every third with the right password.
\pset format unaligned
\pset tuples_only on
with everybody as materialized (select array_agg(u.user_id) as ids from authn_data.users u)
select json_build_object(
    'external_id', 'login-' || n,
    'at', statement_timestamp() - (:attempts - n + 1) * interval '7 seconds',
    'user_id', e.ids[1 + n::bigint * 7919 % cardinality(e.ids)],
    'method', 'password',
    'app_id', p.app_id,
    'ip', '203.0.113.' || n % 250,
    'user_agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'succeeded', n % 3 = 0
)
from everybody e, authn_data.apps p, generate_series(1, :attempts) n;
