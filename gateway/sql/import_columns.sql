-- One batch of attempts whose fields are of their types; the function decides what fits.
select imported, repeated, rejected
from authn.import_attempt_columns(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
)
