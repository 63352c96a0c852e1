//! Findings: what `senim check` says about the policy folder and a notice, each with its place in the text.

use std::fmt;
use std::ops::Range;

use model::ClauseId;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The policy cannot be loaded, or a promise cannot be kept.
    Error,
    /// A contradiction or a gap that somebody must decide.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One thing to mend or to know, with the place it is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Stable kebab-case code.
    pub code: &'static str,
    /// The clauses it concerns.
    pub clauses: Vec<ClauseId>,
    /// What is wrong and what to do next.
    pub message: String,
    /// Path relative to `policy/`, or the name of the notice.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length of the place in characters, at least 1.
    pub length: u32,
}

impl Finding {
    /// A finding about a byte range of a text. A range that does not fit the text points to its end.
    pub fn at(
        severity: Severity,
        code: &'static str,
        file: &str,
        text: &str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let place = text[start..end].lines().next().unwrap_or_default();
        Self {
            severity,
            code,
            clauses: Vec::new(),
            message: message.into(),
            file: file.to_owned(),
            line: count(text[..start].matches('\n').count() + 1),
            column: count(text[line_start..start].chars().count() + 1),
            length: count(place.chars().count().max(1)),
        }
    }

    /// A finding about a file as a whole.
    pub fn of_file(severity: Severity, code: &'static str, file: &str, message: impl Into<String>) -> Self {
        Self::at(severity, code, file, "", 0..0, message)
    }

    /// The same, concerning these clauses too. Texts that are no clause ids are left out.
    #[must_use]
    pub fn with_clauses<'a>(mut self, clauses: impl IntoIterator<Item = &'a str>) -> Self {
        self.clauses.extend(clauses.into_iter().filter_map(|clause| ClauseId::new(clause).ok()));
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}[{}]", self.file, self.line, self.column, self.severity.code(), self.code)?;
        for clause in &self.clauses {
            write!(f, " {clause}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters_from_one() {
        let text = "первая\nвторая строка\n";
        let start = text.find("строка").unwrap();
        let finding = Finding::at(Severity::Error, "x", "a.toml", text, start..start + 12, "mend it");
        assert_eq!((finding.line, finding.column, finding.length), (2, 8, 6));
        assert_eq!(finding.with_clauses(["C5"]).to_string(), "a.toml:2:8: error[x] C5: mend it");
        let beyond = Finding::at(Severity::Info, "x", "a.toml", text, 900..901, "");
        assert_eq!((beyond.line, beyond.column, beyond.length), (3, 1, 1));
    }
}
