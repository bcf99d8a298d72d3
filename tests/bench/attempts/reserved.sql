\set n random(1, 1000)
select attempt_id as attempt from authn.begin_attempt(id('bbb', :n), id('bbb', :n), id('aaa', 1)) \gset
select (authn.complete_attempt(id('bbb', :n), :attempt, true)).outcome;
