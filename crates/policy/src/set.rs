//! Sets of categories as bits: a decision compares them in one instruction.

/// Most categories one policy may have.
pub const MAX_CATEGORIES: usize = 64;

/// A set of categories of one [`crate::Policy`]: bit `n` is the `n`-th row of `categories.toml`. Made by
/// [`crate::Policy::category_set`]; its bits mean nothing outside that policy and are never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct CategorySet(pub(crate) u64);

impl CategorySet {
    /// The set of none.
    pub const EMPTY: Self = Self(0);

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// How many are in it.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }
    /// Whether all of `other` is in it.
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// What is in it and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
    /// The set of one row of `categories.toml`; empty beyond the limit.
    pub(crate) const fn of_row(row: usize) -> Self {
        if row < MAX_CATEGORIES { Self(1 << row) } else { Self(0) }
    }
    /// The rows in it, in order.
    pub(crate) fn rows(self) -> impl Iterator<Item = usize> {
        (0..MAX_CATEGORIES).filter(move |row| self.0 & (1 << row) != 0)
    }
}
