//! What is answered without a token: whether this is a GraphQL server at all, and nothing about its schema.

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, OperationType, Selection, SelectionSet, Type,
};

/// The root fields whose answers are the same for everybody: the name of the root type, and no type at all,
/// since the request goes without introspection.
const ROOT_FIELDS: [&str; 2] = ["__typename", "__type"];

/// The types of variables that every schema has.
const TYPES: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// Whether a document names nothing that could be in a schema or not. The validator would tell the one from
/// the other: by a field, the type of a fragment or of a variable, or a directive.
pub(super) fn may_ask(document: &ExecutableDocument) -> bool {
    document.fragments.is_empty()
        && document.operations.iter().all(|(_, operation)| {
            let operation = &operation.node;
            let set = &operation.selection_set.node;
            operation.ty == OperationType::Query
                && operation.directives.is_empty()
                && operation.variable_definitions.iter().all(|variable| {
                    variable.node.directives.is_empty() && is_known(&variable.node.var_type.node)
                })
                && is_plain(set)
                && set.items.iter().all(|selection| {
                    matches!(&selection.node, Selection::Field(field)
                        if ROOT_FIELDS.contains(&field.node.name.node.as_str()))
                })
        })
}

fn is_known(described: &Type) -> bool {
    match &described.base {
        BaseType::Named(name) => TYPES.contains(&name.as_str()),
        BaseType::List(items) => is_known(items),
    }
}

fn is_plain(set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            field.node.directives.is_empty() && is_plain(&field.node.selection_set.node)
        }
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn what_names_nothing_of_a_schema_may_be_asked() {
        for text in [
            "{ __typename }",
            "query Q { a: __typename }",
            "query Q($name: String!) { __type(name: $name) { name } }",
            "query Q($ids: [ID!]!) { __typename }",
        ] {
            assert!(may_ask(&parse_query(text).unwrap()), "{text}");
        }
        for text in [
            "{ users { totalCount } }",
            "{ __typename nonsense }",
            "{ __schema { types { name } } }",
            "query A { __typename } query B { viewer { role } }",
            "mutation { __typename }",
            "subscription { __typename }",
            "query Q($status: UserStatus) { __typename }",
            "query Q($status: [UserStatus!]) { __typename }",
            "{ __typename } fragment F on User { id }",
            "{ ... on User { __typename } }",
            "{ __type(name: \"User\") { ... on User { id } } }",
            "{ __typename @ours }",
            "{ __type(name: \"User\") { name @ours } }",
            "query Q @ours { __typename }",
        ] {
            assert!(!may_ask(&parse_query(text).unwrap()), "{text}");
        }
    }
}
