//! Relay connections, with a description of everything in them.

use std::borrow::Cow;

use async_graphql::connection::PageInfo;
use async_graphql::{Object, OutputType, TypeName};

/// A page of a list, and where it lies in it.
pub(crate) struct List<T> {
    pub(super) edges: Vec<ListEdge<T>>,
    pub(super) has_previous_page: bool,
    pub(super) has_next_page: bool,
    /// Known where it was counted.
    pub(super) total: Option<i64>,
}

/// One item of a page.
pub(crate) struct ListEdge<T> {
    pub(super) cursor: String,
    pub(super) node: T,
}

/// A page of a list, and where it lies in it.
#[Object(name_type, serial)]
impl<T: OutputType> List<T> {
    /// The items of the page.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// The items of the page, each with its cursor.
    async fn edges(&self) -> &[ListEdge<T>] {
        &self.edges
    }

    /// Whether the list goes on, and from where.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous_page,
            has_next_page: self.has_next_page,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// How many items the whole list has; counted only when it is asked for.
    async fn total_count(&self) -> Option<i64> {
        self.total
    }
}

/// One item of a page.
#[Object(name_type, serial)]
impl<T: OutputType> ListEdge<T> {
    /// The item.
    async fn node(&self) -> &T {
        &self.node
    }

    /// Where the item stands in the list: what `after` and `before` take.
    async fn cursor(&self) -> &str {
        &self.cursor
    }
}

impl<T: OutputType> TypeName for List<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for ListEdge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}
