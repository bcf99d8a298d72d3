\set n random(1, 1000)
select (authn.record_attempt(id('bbb', :n), id('bbb', :n), id('aaa', 1), true)).outcome;
