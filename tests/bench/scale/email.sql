-- By the twelve first letters, twenty of them.
\set n random(1, 10000)
select s.email as begins from sample s where s.n = :n \gset
select u.user_id, u.email from authn.users u where u.email ^@ :begins order by u.email limit 20;
