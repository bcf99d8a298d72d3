select u.tenant_id, u.activated_at is not null, u.suspended_since, u.suspended_until
from authn_data.users u
where u.user_id = $1
