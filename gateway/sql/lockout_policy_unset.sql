-- lockoutPolicyUnset: $1 tenant, $2 method, $3 app (null: the tenant's), $4 reason. The snapshot of a statement
-- is from before the changes that its functions make.
with done as materialized (
    select authn.unset_lockout_policy($1::uuid, $2::text::authn.method, $3::uuid, $4::text)
)
select json_build_object(
    'verdict', case
        when p.source <> case when $3::uuid is null then 'tenant' else 'app' end then 'POLICY_NOT_SET'
    end
)
from done
cross join authn.effective_lockout_policy($1::uuid, $2::text::authn.method, $3::uuid) p
