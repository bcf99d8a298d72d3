use std::ffi::{CStr, CString};

use pgrx::{pg_extern, pg_sys};

/// Whether who logged in is believed about tenant, actor and the rest of the `authn.*` settings.
///
/// As `pg_has_role(session_user, 'authn_trusted', 'member')`, which every statement of an attempt would
/// look up by two names.
#[pg_extern(
    stable,
    parallel_safe,
    requires = ["composites"],
    name = "_is_trusted_session"
)]
fn is_trusted_session() -> bool {
    // SAFETY: a role that is not there is answered with the invalid oid, and the membership look-up takes
    // any oids.
    unsafe {
        let trusted = pg_sys::get_role_oid(c"authn_trusted".as_ptr(), true);
        trusted != pg_sys::InvalidOid
            && pg_sys::is_member_of_role(pg_sys::GetSessionUserId(), trusted)
    }
}

/// A setting `authn.<name>` of a session that is believed; null where it is not, or the setting is empty.
#[pg_extern(
    stable,
    parallel_safe,
    strict,
    requires = ["composites"],
    name = "_trusted_setting"
)]
fn trusted_setting(name: &str) -> Option<String> {
    if !is_trusted_session() {
        return None;
    }
    let name = CString::new(format!("authn.{name}")).ok()?;
    // SAFETY: the name ends with a zero byte; the answer is null or a string that lives until settings
    // change, and is copied at once.
    let value = unsafe {
        let value = pg_sys::GetConfigOption(name.as_ptr(), true, false);
        (!value.is_null()).then(|| CStr::from_ptr(value))
    }?;
    let value = value
        .to_str()
        .expect("settings are in the server's encoding");
    (!value.is_empty()).then(|| value.to_owned())
}
