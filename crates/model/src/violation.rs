//! A reason why the policy says no: a value to show, log and count; never an infrastructure fault.

use crate::code::{CategoryCode, ClauseId};

/// One broken rule: its stable kebab-case code, its clause, and the field or category it is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// Stable kebab-case code; `error-<code>` is its wording in `assets/i18n`.
    pub code: &'static str,
    /// The clause that says so.
    pub clause: ClauseId,
    /// The category it concerns, if one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// The form field it concerns, if one; a name from `policy/forms`, or the unknown name as `?`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Violation {
    /// A violation of a clause as a whole.
    pub const fn new(code: &'static str, clause: ClauseId) -> Self {
        Self { code, clause, category: None, field: None }
    }
    /// The same, about one category.
    #[must_use]
    pub const fn of_category(mut self, category: CategoryCode) -> Self {
        self.category = Some(category);
        self
    }
    /// The same, about one form field.
    #[must_use]
    pub fn of_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}
