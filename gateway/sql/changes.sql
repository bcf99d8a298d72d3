
-- Follows a statement that ends with the common table expressions
--     changed    the rows that an action answered
--     verdict    why it changed nothing, where the state before tells (`code`, a user error); no row or
--                one. The snapshot of a statement is from before the changes that its functions make.
select json_build_object(
    'changes', coalesce((
        select json_agg(json_build_object(
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
        from changed c
    ), '[]'),
    'verdict', (select v.code from verdict v)
)
