//! The rows of `clauses.toml`: what each clause obliges to, what keeps it, and what proves that it is kept.

use model::ClauseId;

use crate::policy::Texts;

/// One obligation, from the table of clauses or from the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseRow {
    /// Its id, such as `C16.2` or `L7`.
    pub id: ClauseId,
    /// The obligation in one sentence.
    pub text: Texts,
    /// What keeps it: modules, types and invariants.
    pub controls: Vec<String>,
    /// Parts of the names of the tests that prove it.
    pub tests: Vec<String>,
    /// Whether the whole obligation is kept by what is built now.
    pub built: bool,
    /// The probe that `senim evidence` runs for it on the instance, if there is one.
    pub check: Option<String>,
    /// What brings the missing part, when it is not built.
    pub next: Option<Texts>,
}
