-- One SMS code, through every app at once, every other attempt wrong.
\set app random(1, 3)
\set dice random(1, 2)
select (authn.record_attempt(id('ccc', 1), :hot, id('aaa', :app), :dice = 1)).outcome;
