//! Pages of a list: one row more than asked for is read, so that a next page is promised only if there is one.

/// How many rows to read for a page of `limit`.
pub(crate) const fn wanted(limit: u32) -> u32 {
    limit.saturating_add(1)
}

/// Cuts what was read down to the page; the key of its last row, if more follow.
pub(crate) fn cut<R, K>(rows: &mut Vec<R>, limit: u32, key: impl Fn(&R) -> K) -> Option<K> {
    let limit = limit as usize;
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    rows.last().map(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_promised_only_if_there_is_one() {
        let read = |found: u32, limit: u32| {
            let mut rows: Vec<u32> = (0..found.min(wanted(limit))).collect();
            let next = cut(&mut rows, limit, |row| *row);
            (rows.len(), next)
        };
        assert_eq!(read(0, 2), (0, None));
        assert_eq!(read(2, 2), (2, None));
        assert_eq!(read(3, 2), (2, Some(1)));
    }
}
