-- What the event of a lock tells beside.
select jsonb_build_object(
    'until', $1, 'failures', $2, 'cause', $3, 'tier', $4, 'policy_source', $5, 'policy_version', $6
)
