//! The notice: a published policy text, taken byte for byte, read into its numbered clauses, rendered
//! as safe HTML and compared with another version.
//!
//! INVARIANT: reading never fails and never changes the text; every span points into the published bytes,
//! and the spans of intro, clauses and trailer follow one another without a hole.
//! Clauses: C1.1, C19, C20.

mod diff;
mod parse;
mod render;
#[cfg(test)]
mod tests;

use std::ops::Range;

use model::ClauseId;

pub use diff::{ChangeKind, ClauseChange, WordChange, diff};
pub use parse::parse;
pub use render::{RenderedClause, RenderedNotice, render};

/// A notice read into its clauses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoticeText {
    /// The title without Markdown marks; empty when the text has none.
    pub title: String,
    /// What stands between the title and the first clause, as Markdown.
    pub intro: String,
    /// All clauses and sub-clauses in the order of the text; numbers only grow.
    pub clauses: Vec<Clause>,
    /// What stands after the last clause (company details), as Markdown.
    pub trailer: String,
    /// Bytes before the first clause, the title included.
    pub intro_span: Range<usize>,
    /// Bytes after the last clause.
    pub trailer_span: Range<usize>,
    /// Numbers at the start of a line that repeat a clause already taken; they stay text.
    pub repeated: Vec<Repeated>,
}

/// One clause or sub-clause with its own text, without that of its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// `C8.5` for number `8.5`.
    pub id: ClauseId,
    /// The number as numbers separated by dots, without the last dot.
    pub number: String,
    /// The heading, when the number stands in one; Markdown marks of the heading itself are taken away.
    pub heading: Option<String>,
    /// The text after number and heading, as Markdown, trimmed.
    pub text: String,
    /// Bytes from the mark of the number to the next clause.
    pub span: Range<usize>,
    /// Bytes of the number itself, without a last dot.
    pub number_span: Range<usize>,
    /// Line of the number, from 1.
    pub line: usize,
    /// 1 for `8`, 2 for `8.5`, 3 for `11.6.1`.
    pub depth: u8,
    /// The clause starts in the middle of a line, behind another clause.
    pub run_on: bool,
}

/// A number that looks like a clause which the text already has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The clause it repeats.
    pub id: ClauseId,
    /// Bytes of the number.
    pub span: Range<usize>,
}

impl NoticeText {
    /// The clause of an id, if the text has it.
    pub fn clause(&self, id: ClauseId) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// Bytes of a clause with all that stands under it.
    pub fn subtree(&self, id: ClauseId) -> Option<Range<usize>> {
        let first = self.clauses.iter().position(|clause| clause.id == id)?;
        let top = self.clauses.get(first)?;
        let end = self
            .clauses
            .iter()
            .skip(first + 1)
            .take_while(|clause| clause.depth > top.depth)
            .last()
            .map_or(top.span.end, |clause| clause.span.end);
        Some(top.span.start..end)
    }

    /// The direct sub-clauses of a clause.
    pub fn children<'a>(&'a self, parent: &'a Clause) -> impl Iterator<Item = &'a Clause> + 'a {
        self.clauses
            .iter()
            .skip_while(move |clause| clause.span.start <= parent.span.start)
            .take_while(move |clause| clause.depth > parent.depth)
            .filter(move |clause| clause.depth == parent.depth + 1)
    }
}
