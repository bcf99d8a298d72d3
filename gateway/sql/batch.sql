
-- Follows a statement that ends with the common table expression
--     changed    the rows that a bulk action answered
select json_build_object(
    'batch_id', (select c.batch_id from changed c limit 1),
    'count', (select count(*) from changed),
    'changes', coalesce((
        select json_agg(json_build_object(
            'user_id', c.user_id,
            'authenticator_id', c.authenticator_id,
            'device_id', c.device_id,
            'method', c.method,
            'status_before', c.status_before,
            'status_after', c.status_after,
            'app', (
                select json_build_object('app_id', p.app_id, 'name', p.name, 'methods', p.methods)
                from authn.apps p
                where p.app_id = c.app_id
            )
        ))
        from (select * from changed limit 100) c
    ), '[]')
)
