//! Pages of connections: which part of a list is asked for, and how the answer becomes edges.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::list::{List, ListEdge};
use super::{ApiError, cursor};

/// The longest page, and the length where none is named.
pub(crate) const MAX_PAGE: i64 = 100;
const DEFAULT_PAGE: i64 = 20;

/// The part of a list that the arguments of a connection name.
#[derive(Debug, PartialEq)]
pub(crate) struct Page<K> {
    pub(crate) limit: i64,
    /// From the end of the list towards its beginning.
    pub(crate) backward: bool,
    pub(crate) after: Option<K>,
    pub(crate) before: Option<K>,
}

impl<K: DeserializeOwned> Page<K> {
    pub(crate) fn new(
        first: Option<i32>,
        after: Option<&str>,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Result<Self, ApiError> {
        let (limit, backward) = match (first, last) {
            (Some(_), Some(_)) => {
                return Err(ApiError::bad_input(
                    "ask for `first` or for `last`, not for both",
                ));
            }
            (Some(first), None) => (first.into(), false),
            (None, Some(last)) => (last.into(), true),
            (None, None) => (DEFAULT_PAGE, false),
        };
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(ApiError::bad_input(
                "`first` and `last` are between 1 and 100",
            ));
        }
        Ok(Self {
            limit,
            backward,
            after: after.map(cursor::decode).transpose()?,
            before: before.map(cursor::decode).transpose()?,
        })
    }
}

impl<K> Page<K> {
    /// The connection of `rows` (each with its sort key, in the order of the list), where `more` says
    /// whether the list goes on in the direction that was asked for.
    pub(crate) fn connection<T>(
        &self,
        rows: impl IntoIterator<Item = (K, T)>,
        more: bool,
        total: Option<i64>,
    ) -> Result<List<T>, ApiError>
    where
        K: Serialize,
    {
        let (has_previous, has_next) = match self.backward {
            false => (self.after.is_some(), more),
            true => (more, self.before.is_some()),
        };
        let edges = rows.into_iter().map(|(key, node)| {
            let cursor = cursor::encode(&key)?;
            Ok(ListEdge { cursor, node })
        });
        Ok(List {
            edges: edges.collect::<Result<_, ApiError>>()?,
            has_previous_page: has_previous,
            has_next_page: has_next,
            total,
        })
    }
}

impl<K: Ord + Serialize> Page<K> {
    /// The connection of a list that is already here, whole and in the order of its keys.
    pub(crate) fn of_whole<T>(&self, rows: Vec<(K, T)>) -> Result<List<T>, ApiError> {
        let total = i64::try_from(rows.len()).ok();
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let mut rows: Vec<_> = rows
            .into_iter()
            .filter(|(key, _)| self.after.as_ref().is_none_or(|after| key > after))
            .filter(|(key, _)| self.before.as_ref().is_none_or(|before| key < before))
            .collect();
        let more = rows.len() > limit;
        match self.backward {
            false => rows.truncate(limit),
            true => drop(rows.drain(..rows.len().saturating_sub(limit))),
        }
        self.connection(rows, more, total)
    }
}

/// What a connection costs: every item as much as one, and itself.
pub(crate) fn cost(first: Option<i32>, last: Option<i32>, item: usize) -> usize {
    let items = first
        .or(last)
        .map_or(DEFAULT_PAGE, i64::from)
        .clamp(1, MAX_PAGE);
    usize::try_from(items)
        .unwrap_or(1)
        .saturating_mul(item)
        .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(
        first: Option<i32>,
        after: Option<i32>,
        last: Option<i32>,
        before: Option<i32>,
    ) -> Result<Page<i32>, ApiError> {
        let encoded = |key: Option<i32>| key.map(|key| cursor::encode(&key).unwrap());
        Page::new(
            first,
            encoded(after).as_deref(),
            last,
            encoded(before).as_deref(),
        )
    }

    /// The items 0..10 of a page, with hasPreviousPage and hasNextPage.
    fn items(page: Page<i32>) -> (Vec<i32>, bool, bool) {
        let list = page
            .of_whole((0..10).map(|item| (item, item)).collect())
            .unwrap();
        let nodes = list.edges.iter().map(|edge| edge.node).collect();
        assert_eq!(list.total, Some(10));
        (nodes, list.has_previous_page, list.has_next_page)
    }

    #[test]
    fn a_page_has_between_1_and_100_items() {
        assert_eq!(page(None, None, None, None).unwrap().limit, 20);
        for bad in [0, -1, 101, i32::MAX, i32::MIN] {
            assert!(page(Some(bad), None, None, None).is_err(), "{bad}");
            assert!(page(None, None, Some(bad), None).is_err(), "{bad}");
        }
    }

    #[test]
    fn first_and_last_exclude_each_other() {
        assert!(page(Some(1), None, Some(1), None).is_err());
    }

    #[test]
    fn a_bad_cursor_is_refused() {
        assert!(Page::<i32>::new(None, Some("x"), None, None).is_err());
        assert!(Page::<i32>::new(None, None, None, Some("x")).is_err());
    }

    #[test]
    fn pages_go_forwards_and_backwards() {
        for (asked, expected) in [
            (
                page(Some(3), None, None, None),
                (vec![0, 1, 2], false, true),
            ),
            (
                page(Some(3), Some(2), None, None),
                (vec![3, 4, 5], true, true),
            ),
            (
                page(Some(3), Some(6), None, None),
                (vec![7, 8, 9], true, false),
            ),
            (page(Some(3), Some(9), None, None), (vec![], true, false)),
            (
                page(None, None, Some(3), None),
                (vec![7, 8, 9], true, false),
            ),
            (
                page(None, None, Some(3), Some(7)),
                (vec![4, 5, 6], true, true),
            ),
            (
                page(None, None, Some(3), Some(2)),
                (vec![0, 1], false, true),
            ),
            (
                page(Some(5), Some(2), None, Some(5)),
                (vec![3, 4], true, false),
            ),
        ] {
            assert_eq!(items(asked.unwrap()), expected);
        }
    }

    #[test]
    fn a_page_costs_as_much_as_its_items() {
        assert_eq!(cost(Some(10), None, 3), 31);
        assert_eq!(cost(None, Some(5), 3), 16);
        assert_eq!(cost(None, None, 3), 61);
        assert_eq!(cost(Some(i32::MAX), None, 3), 301);
        assert_eq!(cost(Some(-5), None, usize::MAX), usize::MAX);
    }
}
