-- authenticatorsBulkUnlock: $1 tenant, $2 filter, $3 reason, $4 dry run
with changed as materialized (
    select * from authn.bulk_unlock($1::uuid, $2::jsonb, $3::text, $4::boolean)
)
