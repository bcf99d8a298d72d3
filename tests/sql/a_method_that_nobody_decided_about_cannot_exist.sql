begin;
select plan(2);

select throws_ok($$select 'voice_otp'::authn.method$$, '22P02', null, 'an unknown method is an error, never "not counted"');
select throws_ok($$select authn._settings_problem('voice_otp', false, '{}')$$, null, 'the rules know no method voice_otp', 'the rules do not guess about an unknown label');

select * from finish();
rollback;
