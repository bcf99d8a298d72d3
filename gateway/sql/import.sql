-- Those that the database is to read, or to reject, as they stand.
select imported, repeated, rejected
from authn.import_attempts($1, $2)
