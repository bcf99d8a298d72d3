use std::ffi::{CStr, CString};

use pgrx::datum::Uuid;
use pgrx::{direct_function_call, direct_function_call_as_datum, pg_extern, pg_sys};

use super::relay;

/// Whether who logged in is believed about tenant, actor and the rest of the `authn.*` settings; so is another machine
/// that settled who is calling.
///
/// As `pg_has_role(session_user, 'authn_trusted', 'member')`, which every statement of an attempt would
/// look up by two names.
#[pg_extern(
    stable,
    parallel_safe,
    requires = ["composites"],
    name = "_is_trusted_session"
)]
pub(crate) fn is_trusted_session() -> bool {
    if relay::is_relayed() {
        return true;
    }
    // SAFETY: a role that is not there is answered with the invalid oid, and the membership look-up takes
    // any oids.
    unsafe {
        let trusted = pg_sys::get_role_oid(c"authn_trusted".as_ptr(), true);
        trusted != pg_sys::InvalidOid
            && pg_sys::is_member_of_role(pg_sys::GetSessionUserId(), trusted)
    }
}

/// A setting `authn.<name>` of a session that is believed, or what another machine said of it; null where neither
/// is, or the setting is empty.
#[pg_extern(
    stable,
    parallel_safe,
    strict,
    requires = ["composites"],
    name = "_trusted_setting"
)]
pub(crate) fn trusted_setting(name: &str) -> Option<String> {
    if relay::is_relayed() {
        return relay::setting(name);
    }
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

/// The tenant that a session that is believed names.
#[pg_extern(
    stable,
    parallel_safe,
    requires = ["composites"],
    name = "_trusted_tenant"
)]
pub(crate) fn trusted_tenant() -> Option<Uuid> {
    trusted_setting("tenant").map(|id| uuid(&id))
}

/// The apps that a session that is believed is confined to.
#[pg_extern(
    stable,
    parallel_safe,
    requires = ["composites"],
    name = "_trusted_apps"
)]
pub(crate) fn trusted_apps() -> Option<Vec<Uuid>> {
    trusted_setting("apps").map(|ids| ids.split(',').map(uuid).collect())
}

/// The role whose rights a session that is believed has: in a definer function the setting "role" still tells
/// what the caller became, and the server saw to it that it may.
#[pg_extern(
    stable,
    parallel_safe,
    requires = ["composites"],
    name = "_trusted_role"
)]
pub(crate) fn trusted_role() -> String {
    if relay::is_relayed() {
        return relay::setting("role").expect("whoever calls has a role");
    }
    // SAFETY: as in `trusted_setting`; "role" is a setting of the server, so the answer is not null.
    let became = unsafe { CStr::from_ptr(pg_sys::GetConfigOption(c"role".as_ptr(), false, false)) };
    match became.to_str().expect("names are in the server's encoding") {
        "none" => session_user(),
        role => role.to_owned(),
    }
}

/// Who logged in.
pub(crate) fn session_user() -> String {
    // SAFETY: the session's user is there, and the answer is a string of its own.
    let name =
        unsafe { CStr::from_ptr(pg_sys::GetUserNameFromId(pg_sys::GetSessionUserId(), false)) };
    let name = name.to_str().expect("names are in the server's encoding");
    name.to_owned()
}

/// Whether a session that is believed has the rights of a role.
pub(crate) fn trusted_role_is(wanted: &str) -> bool {
    let caller = CString::new(trusted_role()).expect("a name has no zero byte");
    let wanted = CString::new(wanted).expect("a name has no zero byte");
    // SAFETY: both names end with a zero byte; a role that is not there is an error.
    unsafe {
        pg_sys::has_privs_of_role(
            pg_sys::get_role_oid(caller.as_ptr(), false),
            pg_sys::get_role_oid(wanted.as_ptr(), false),
        )
    }
}

/// As a cast would read it, with the error of the cast.
pub(crate) fn uuid(text: &str) -> Uuid {
    // SAFETY: `uuid_in` takes a string that ends with a zero byte.
    let id = unsafe { direct_function_call(pg_sys::uuid_in, &[c_string(text)]) };
    id.expect("uuid_in answers a value")
}

/// As a cast would read it, with the error of the cast.
pub(crate) fn inet(text: &str) -> pg_sys::Datum {
    // SAFETY: `inet_in` takes a string that ends with a zero byte.
    let address = unsafe { direct_function_call_as_datum(pg_sys::inet_in, &[c_string(text)]) };
    address.expect("inet_in answers a value")
}

fn c_string(text: &str) -> Option<pg_sys::Datum> {
    let text = CString::new(text).expect("a setting has no zero byte");
    // SAFETY: the string ends with a zero byte, and is copied into the current memory context.
    Some(unsafe { pg_sys::pstrdup(text.as_ptr()) }.into())
}
