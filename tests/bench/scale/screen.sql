-- What the portal's page of a user asks for.
\set n random(1, 10000)
select s.user_id as user from sample s where s.n = :n \gset
select a.authenticator_id, a.method, a.status, a.app_label, a.statuses, a.registered_at, a.last_success_at from authn.authenticators a where a.user_id = :user::uuid;
select c.authenticator_id, c.app_id, c.status, c.registered_at, c.last_success_at, c.failures, c.locked_until from authn.contexts c where c.user_id = :user::uuid;
