use std::ffi::CString;

use pgrx::{pg_extern, pg_sys};

/// One step of `authn.overall_status`, and its combination: two that agree, or mixed.
///
/// An enum value is passed as the oid of its label. That two agree, by far the most, costs one
/// comparison and no look-up; SQL could not do it without planning an expression for each row.
#[pg_extern(
    requires = ["composites"],
    sql = r#"
create function authn._overall_status_step(state authn.status, next authn.status)
returns authn.status
language c
immutable
strict
parallel safe
as '@MODULE_PATHNAME@', '@FUNCTION_NAME@';
"#
)]
fn overall_status_step(state: pg_sys::Oid, next: pg_sys::Oid) -> pg_sys::Oid {
    if state == next {
        state
    } else {
        label_of_the_same_type(state, "mixed")
    }
}

/// The value with this label of the enum that `value` belongs to.
fn label_of_the_same_type(value: pg_sys::Oid, label: &str) -> pg_sys::Oid {
    let label = CString::new(label).expect("a label has no zero byte");
    // SAFETY: both look-ups return a valid pinned tuple or null, which is checked; the form is copied
    // out of before its tuple is released.
    unsafe {
        let row = pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::ENUMOID as i32, value.into());
        if row.is_null() {
            pgrx::error!("{} is no value of an enum", value.to_u32());
        }
        let type_oid = (*(pg_sys::GETSTRUCT(row) as pg_sys::Form_pg_enum)).enumtypid;
        pg_sys::ReleaseSysCache(row);

        let row = pg_sys::SearchSysCache2(
            pg_sys::SysCacheIdentifier::ENUMTYPOIDNAME as i32,
            type_oid.into(),
            pg_sys::Datum::from(label.as_ptr()),
        );
        if row.is_null() {
            pgrx::error!("the enum has no label for statuses that differ");
        }
        let oid = (*(pg_sys::GETSTRUCT(row) as pg_sys::Form_pg_enum)).oid;
        pg_sys::ReleaseSysCache(row);
        oid
    }
}
