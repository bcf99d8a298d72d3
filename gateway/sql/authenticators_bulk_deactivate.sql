-- authenticatorsBulkDeactivate: $1 tenant, $2 filter, $3 reason, $4 until, $5 dry run
with changed as materialized (
    select * from authn.bulk_deactivate($1::uuid, $2::jsonb, $3::text, $4::timestamptz, $5::boolean)
)
