use authn_rules::{Search, search, search_keys};
use pgrx::datum::Uuid;
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

/// The keys under which a user is found, each with the tenant before it: an index of them has one tenant's
/// side by side.
#[pg_extern(immutable, parallel_safe, name = "_search_keys")]
fn keys_of_user(
    tenant_id: Uuid,
    email: Option<&str>,
    phone: Option<&str>,
    display_name: Option<&str>,
) -> Vec<String> {
    search_keys(email, phone, display_name)
        .iter()
        .map(|key| of_tenant(&tenant_id, key))
        .collect()
}

/// What a search asks for: of the keys as the text of a `tsquery`, and how the email address or the phone
/// number begins.
#[pg_extern(immutable, parallel_safe, name = "_search_terms")]
fn terms_of_search(
    tenant_id: Uuid,
    searched: &str,
    sees_identifiers: bool,
) -> TableIterator<
    'static,
    (
        name!(keys, Option<String>),
        name!(email, Option<String>),
        name!(phone, Option<String>),
    ),
> {
    let Search {
        words,
        whole,
        masks,
        email,
        phone,
    } = search(searched, sees_identifiers);
    let lexeme = |key: &String| quoted(&of_tenant(&tenant_id, key));
    let begins = |key: &String| lexeme(key) + ":*";
    let all: Vec<_> = words.iter().map(begins).collect();
    let any: Vec<_> = [all.join(" & ")]
        .into_iter()
        .filter(|all| !all.is_empty())
        .chain(whole.iter().map(begins))
        .chain(masks.iter().map(lexeme))
        .collect();
    let keys = (!any.is_empty()).then(|| any.join(" | "));
    TableIterator::once((keys, email, phone))
}

fn of_tenant(tenant_id: &Uuid, key: &str) -> String {
    format!("{tenant_id}/{key}")
}

/// A lexeme as the text of a query has it, whatever is in it.
fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', r"\\").replace('\'', "''"))
}
