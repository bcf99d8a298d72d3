//! Who is calling, where a call came from another machine: that one knows, and said it with the call. Believed until
//! the end of the transaction, and said by the engine's own functions only; no setting can say it, for the settings
//! of a client travel too.

use std::cell::RefCell;

use pgrx::{JsonB, PgMemoryContexts, pg_extern};

thread_local! {
    static CALLER: RefCell<Option<JsonB>> = const { RefCell::new(None) };
}

/// Forgets who is calling when it is dropped, which the end of a transaction does.
struct UntilTheEnd;

impl Drop for UntilTheEnd {
    fn drop(&mut self) {
        CALLER.set(None);
    }
}

/// Has the rest of this transaction act for whoever another machine says is calling.
#[pg_extern(volatile, strict, requires = ["composites"], name = "_take_over")]
pub(crate) fn take_over(caller: JsonB) {
    if CALLER.replace(Some(caller)).is_none() {
        PgMemoryContexts::TopTransactionContext.leak_and_drop_on_delete(UntilTheEnd);
    }
}

/// Whether another machine said who is calling.
#[pg_extern(
    stable,
    parallel_restricted,
    requires = ["composites"],
    name = "_is_relayed"
)]
pub(crate) fn is_relayed() -> bool {
    CALLER.with_borrow(Option::is_some)
}

/// What it said of one setting.
pub(super) fn setting(name: &str) -> Option<String> {
    CALLER.with_borrow(|caller| {
        let said = caller.as_ref()?.0.get(name)?.as_str()?;
        Some(said.to_owned())
    })
}
