//! The verdict protocol: verify, then ask. The outcome decides, not the verification.

use pgrx::{fcinfo, pg_extern, pg_sys};

use super::caller::{Caller, Request};
use super::count::Attempt;
use super::door::{Decision, Target, admit, has_device};
use super::outcome::Outcome;
use super::policy::Effective;
use super::refusal;
use super::reserve::free_slots;
use super::statement::{Value, connected};

/// Records one attempt; null where the call is wrong, about which `authn._refuse_attempt` has the last word.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._record_attempt(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    succeeded boolean,
    device_id uuid,
    ip inet,
    user_agent text
)
returns authn.attempt_outcome
language c
volatile
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn record_attempt(
    call: pg_sys::FunctionCallInfo,
) -> Option<pgrx::composite_type!('static, "authn.attempt_outcome")> {
    // SAFETY: each position holds what the function is declared with.
    let (target, succeeded, device, ip, user_agent) = unsafe {
        let argument = |position| fcinfo::pg_getarg_datum(call, position);
        let target = Target {
            user: argument(0),
            authenticator: argument(1),
            app: argument(2),
        };
        let succeeded: Option<bool> = fcinfo::pg_getarg(call, 3);
        (target, succeeded?, argument(4), argument(5), argument(6))
    };
    let outcome = connected(|| record(&target, succeeded, device, ip, user_agent));
    outcome.map(|outcome| outcome.row(call))
}

fn record(
    target: &Target,
    succeeded: bool,
    device: Value,
    ip: Value,
    user_agent: Value,
) -> Option<Outcome> {
    let caller = Caller::found();
    if !caller.may_attempt {
        return None;
    }
    let (facts, decision) = admit(target, &caller)?;
    if !has_device(target.user, device, &facts) {
        return None;
    }
    let request = Request::or_setting(ip, user_agent);
    if decision != Decision::Open {
        refusal::note(target, device, &facts, decision, &request, &caller);
        return Some(refusal::outcome(&facts, decision));
    }
    // Every slot may be held by an attempt that was begun: then this one would be a guess too many.
    if facts.domain.in_flight > 0
        && free_slots(
            &facts,
            Effective::now(facts.tenant, facts.method, target.app),
        ) == 0
    {
        return Some(Outcome {
            outcome: "busy",
            status: Some(facts.status),
            failures: Some(facts.domain.counted.failures),
            locked_until: None,
        });
    }
    let attempt = Attempt {
        target: *target,
        device,
        request,
        reserved: false,
        abandoned: None,
    };
    Some(if succeeded {
        attempt.succeed(&facts, &caller)
    } else {
        attempt.fail(&facts, &caller)
    })
}
