,
-- Nobody asks for events of users.
events_of_users as (
    select null::uuid as user_id, null::json as document
    where false
)
