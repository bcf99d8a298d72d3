//! Values of SQL enums, which PostgreSQL passes as the oid of their label.

use std::ffi::{CStr, CString};

use pgrx::pg_sys;

/// Reads the catalogue row of an enum value.
fn read<T>(value: pg_sys::Oid, read: impl FnOnce(&pg_sys::FormData_pg_enum) -> T) -> T {
    // SAFETY: the look-up returns a valid pinned tuple or null, which is checked; what `read` answers
    // does not borrow from the tuple, which is released after it.
    unsafe {
        let row = pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::ENUMOID as i32, value.into());
        if row.is_null() {
            pgrx::error!("{} is no value of an enum", value.to_u32());
        }
        let answer = read(&*(pg_sys::GETSTRUCT(row) as pg_sys::Form_pg_enum));
        pg_sys::ReleaseSysCache(row);
        answer
    }
}

/// Hands the label of an enum value to `use_label`.
pub(crate) fn with_label<T>(value: pg_sys::Oid, use_label: impl FnOnce(&str) -> T) -> T {
    read(value, |row| {
        // SAFETY: a name ends with a zero byte within its 64 bytes.
        let label = unsafe { CStr::from_ptr(row.enumlabel.data.as_ptr()) };
        use_label(label.to_str().expect("labels of ours are ASCII"))
    })
}

/// The value with this label of the enum that `value` belongs to.
pub(super) fn sibling(value: pg_sys::Oid, label: &str) -> pg_sys::Oid {
    labelled(read(value, |row| row.enumtypid), label)
}

/// The value with this label of an enum.
pub(crate) fn labelled(type_oid: pg_sys::Oid, label: &str) -> pg_sys::Oid {
    let name = CString::new(label).expect("a label has no zero byte");
    // SAFETY: as in `read`; the label outlives the look-up.
    unsafe {
        let row = pg_sys::SearchSysCache2(
            pg_sys::SysCacheIdentifier::ENUMTYPOIDNAME as i32,
            type_oid.into(),
            pg_sys::Datum::from(name.as_ptr()),
        );
        if row.is_null() {
            pgrx::error!("the enum has no label {label}");
        }
        let oid = (*(pg_sys::GETSTRUCT(row) as pg_sys::Form_pg_enum)).oid;
        pg_sys::ReleaseSysCache(row);
        oid
    }
}
