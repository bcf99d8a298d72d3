-- lockoutPolicySet: $1 tenant, $2 method, $3 tiers, $4 window in seconds (null: none), $5 then permanent,
-- $6 app (null: the tenant's), $7 reason
with done as materialized (
    select authn.set_lockout_policy(
        $1::uuid, $2::text::authn.method, $3::jsonb, make_interval(secs => $4::integer), $5::boolean, $6::uuid, $7::text
    )
)
select json_build_object('verdict', null)
from done
