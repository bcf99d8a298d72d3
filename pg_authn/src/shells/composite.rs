//! Rows that functions answer.

use pgrx::heap_tuple::PgHeapTuple;
use pgrx::{AllocatedByRust, PgTupleDesc, pg_sys};

/// A row of the type that the function which was called returns. Its values must be the columns of that type, in
/// their order. Looking the type up by its name would cost more than most functions do.
pub(crate) fn row_of<const N: usize>(
    call: pg_sys::FunctionCallInfo,
    values: [Option<pg_sys::Datum>; N],
) -> PgHeapTuple<'static, AllocatedByRust> {
    let columns = columns_of(call);
    // SAFETY: the caller hands in the columns of the type.
    unsafe { PgHeapTuple::from_datums(columns, values) }
        .unwrap_or_else(|error| pgrx::error!("a type is not what it was: {error}"))
}

/// The columns of the row type that the function which was called returns.
pub(crate) fn columns_of(call: pg_sys::FunctionCallInfo) -> PgTupleDesc<'static> {
    // SAFETY: PostgreSQL calls a function with its own call information.
    let row_type = unsafe { pg_sys::get_func_rettype((*(*call).flinfo).fn_oid) };
    PgTupleDesc::for_composite_type_by_oid(row_type)
        .unwrap_or_else(|| pgrx::error!("{} is no row type", row_type.to_u32()))
}
