-- Adds to the refusals after the first ($4, by $5), unless somebody else is at it or was since $6.
update authn_data.refusals r
set further = r.further + $4,
    counted_at = $5
where r.user_id = $1
  and r.context_id = $2
  and r.since = $3
  and r.counted_at = $6
  and exists (
      select
      from authn_data.refusals f
      where f.user_id = $1
        and f.context_id = $2
        and f.since = $3
      for no key update skip locked
  )
