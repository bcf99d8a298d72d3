-- One in twenty is right: nobody's consecutive failures come near the cap.
\set n random(1, 1000)
\set dice random(1, 20)
select (authn.record_attempt(id('bbb', :n), id('bbb', :n), id('aaa', 1), :dice = 1)).outcome;
