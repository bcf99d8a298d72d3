-- By all before the @, as the gateway asks for the first twenty of them.
\set n random(1, 10000)
select s.email as begins from sample s where s.n = :n \gset
select u.user_id, u.email from authn.search_users(authn.current_tenant(), :begins::text, at_most => 21) s join authn.users u on u.user_id = s.user_id;
