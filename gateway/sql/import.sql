-- One batch of attempts; the function decides what fits.
select imported, repeated, rejected
from authn.import_attempts($1, $2)
