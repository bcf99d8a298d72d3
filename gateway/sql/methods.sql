-- methods: every method and its rules
select coalesce(
    json_agg(
        json_build_object(
            'method', m.method,
            'scope', m.scope,
            'lockable', m.lockable,
            'registration', m.registration
        )
        order by m.method
    ),
    '[]'
)
from authn.methods m
