-- apps: the apps of the tenant that the caller sees, by name
select coalesce(
    json_agg(
        json_build_object('app_id', p.app_id, 'name', p.name, 'methods', p.methods)
        order by p.name, p.app_id
    ),
    '[]'
)
from authn.apps p
