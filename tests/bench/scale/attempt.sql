\set n random(1, 10000)
select s.user_id as user, s.authenticator_id as authenticator, s.app_id as app from sample s where s.n = :n \gset
select r.outcome from authn.record_attempt(:user::uuid, :authenticator::uuid, :app::uuid, true) r;
