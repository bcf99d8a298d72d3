//! The aggregate `authn._replay`: a policy run over the attempts of one lock domain, in their order.
//! Its state is a [`Replay`] that lives as long as the group, so memory does not grow with attempts.

use authn_rules::Replay;
use pgrx::datum::{Interval, TimestampWithTimeZone};
use pgrx::heap_tuple::PgHeapTuple;
use pgrx::{Internal, PgMemoryContexts, fcinfo, pg_extern, pg_sys};

use super::lockout::{policy, to_instant, to_interval, to_timestamp};

/// The state, and the instant that the result is seen from.
struct State {
    replay: Replay,
    seen_from: TimestampWithTimeZone,
}

/// One attempt, right or wrong; null: an unlock. What stays the same in every row is read once a group.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._replay_step(
    state internal,
    at timestamptz,
    succeeded boolean,
    tier_failures integer[],
    tier_durations interval[],
    failures_expire_after interval,
    then_permanent boolean,
    hard_cap integer,
    seen_from timestamptz
)
returns internal
language c
immutable
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn replay_step(
    mut state: Internal,
    at: TimestampWithTimeZone,
    succeeded: Option<bool>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Internal {
    // SAFETY: the state is made here and nowhere else; only an aggregate can pass an `internal`.
    unsafe {
        if !state.initialized() {
            let mut group = std::ptr::null_mut();
            if pg_sys::AggCheckCallContext(fcinfo, &mut group) == 0 {
                pgrx::error!("a step of an aggregate is no function to call");
            }
            let new = State::of_group(fcinfo);
            PgMemoryContexts::For(group).switch_to(|_| {
                state.insert(new);
            });
        }
        let state: &mut State = state.get_mut().expect("the state was made");
        match succeeded {
            Some(succeeded) => state.replay.attempt(to_instant(at), succeeded),
            None => state.replay.unlock(to_instant(at)),
        }
    }
    state
}

impl State {
    /// # Safety
    /// The arguments must be those that `authn._replay_step` is declared with.
    unsafe fn of_group(call: pg_sys::FunctionCallInfo) -> State {
        fn given<T>(argument: Option<T>) -> T {
            argument.unwrap_or_else(|| pgrx::error!("a policy to replay has no nulls"))
        }
        // SAFETY: by the caller's promise each position holds what is read from it.
        unsafe {
            State {
                replay: Replay::under(policy(
                    given(fcinfo::pg_getarg(call, 3)),
                    given(fcinfo::pg_getarg::<Vec<Option<Interval>>>(call, 4)),
                    fcinfo::pg_getarg(call, 5),
                    given(fcinfo::pg_getarg(call, 6)),
                    given(fcinfo::pg_getarg(call, 7)),
                )),
                seen_from: given(fcinfo::pg_getarg(call, 8)),
            }
        }
    }
}

/// What came of it.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._replay_result(state internal)
returns authn._replayed
language c
immutable
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn replay_result(state: Internal) -> Option<pgrx::composite_type!('static, "authn._replayed")> {
    // SAFETY: the state comes from `replay_step`.
    let state: &State = unsafe { state.get() }?;
    let tally = state.replay.tally(to_instant(state.seen_from));
    let mut row = PgHeapTuple::new_composite_type("authn._replayed").expect("the type is there");
    let mut set = |column: &str, count: u64| {
        row.set_by_name(column, i64::try_from(count).unwrap_or(i64::MAX))
            .expect("the column is there");
    };
    set("attempts", tally.attempts);
    set("locks", tally.locks);
    set("refused", tally.refused);
    set("refused_successes", tally.refused_successes);
    row.set_by_name("locked_for", to_interval(tally.locked_for))
        .expect("the column is there");
    row.set_by_name("locked_until", tally.locked_until.map(to_timestamp))
        .expect("the column is there");
    Some(row)
}
