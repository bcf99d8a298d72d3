-- Ten thousand contexts to ask for, of people all over the tenant, by number.
create table sample (n integer primary key, user_id uuid, authenticator_id uuid, app_id uuid, method authn.method, email text);
insert into sample
select row_number() over (), r.*
from (
    select c.user_id, c.authenticator_id, c.app_id, c.method, split_part(coalesce(u.email, 'ada.abe.1@'), '@', 1)
    from authn_data.contexts c
    join authn_data.users u using (user_id)
    where c.app_id is not null
      and c.locked_until is null
      and u.suspended_until is null
      and c.method in ('password', 'totp', 'pin', 'sms_otp')
      and not exists (
          select
          from authn_data.authenticators a
          where a.user_id = c.user_id and a.authenticator_id = c.authenticator_id and a.deactivated_until is not null
      )
    order by md5(c.context_id::text)
    limit 10000
) r;
-- Each number from 1 to 10,000 is somebody, in a small tenant too.
insert into sample
select g.n, s.user_id, s.authenticator_id, s.app_id, s.method, s.email
from generate_series((select max(n) + 1 from sample), 10000) g (n)
join sample s on s.n = 1 + g.n % (select max(n) from sample);
analyze sample;
grant select on sample to public;
