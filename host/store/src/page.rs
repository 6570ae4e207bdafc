//! Pages of long lists.

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    /// Its items, at most as many as were asked for.
    pub items: Vec<T>,
    /// Where the next page starts; `None`: this is the last one.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// The page of rows that were read with a limit of one more than `limit`.
    pub(crate) fn of(mut items: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> C) -> Self {
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}
