-- user, node, nodes, and what a mutation answers with: objects by their keys. $1 to $4: see
-- user_documents.sql; $5 users, $6 authenticators (null: all of those users), $7 apps
with page as (
    select coalesce(
        json_agg(json_build_object(
            'app_id', p.app_id,
            'name', p.name,
            'methods', case when ($4::jsonb ->> 'app_methods')::boolean then p.methods end
        )),
        '[]'
    ) as document
    from authn.apps p
    where p.app_id = any ($7::uuid[])
),
wanted as (
    select distinct u.user_id, $6::uuid[] as authenticator_ids
    from unnest($5::uuid[]) u (user_id)
)
