\set n random(1001, 1100)
select (authn.record_attempt(id('bbb', :n), id('bbb', :n), id('aaa', 1), true)).outcome;
