-- authenticatorsBulkUndo: $1 tenant, $2 batch, $3 reason
with changed as materialized (
    select * from authn.undo_batch($1::uuid, $2::uuid, $3::text)
)
