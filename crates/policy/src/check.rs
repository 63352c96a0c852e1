//! What a lawyer would mark in the margin: `senim check` reads the policy folder and every notice and
//! reports contradictions, gaps against the law and faults of the text, each with its clauses and its place.
//! The published text itself is never edited, and no finding keeps it from being published.
//!
//! What is said in words (phrases, mail services, limits) is data in `policy/check.toml`; what is a matter of
//! form (check digits, numbering, repetition, addresses) is code.
//!
//! INVARIANT: total and deterministic; findings come in the order of file and place.
//! Clauses: C1.1, C1.2, C4.1, C5, C6.2, C7, C8.9, C9.1, C10.7, C11.1, C11.7, C13, C14, C15, C16, C17, C19.

mod identity;
mod phrase;
mod rules;
mod structure;
#[cfg(test)]
mod tests;

use model::Locale;

use crate::finding::{Finding, Severity};
use crate::notice::{NoticeText, parse};
use crate::policy::{Policy, PolicyFiles};

pub use rules::CODES;

/// Where the phrases of the checks stand, relative to `policy/`.
pub const RULES: &str = "check.toml";

/// A text under check, read once.
struct Subject<'a> {
    file: &'a str,
    text: &'a str,
    locale: Locale,
    notice: NoticeText,
    words: Vec<phrase::Word>,
}

impl<'a> Subject<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, locale: locale_of(file, text), notice: parse(text), words: phrase::words(text) }
    }

    fn slice(&self, span: std::ops::Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    fn finding(
        &self,
        severity: Severity,
        code: &'static str,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Finding {
        Finding::at(severity, code, self.file, self.text, span, message)
    }
}

/// Checks the policy folder with all its notices and, if given, one more notice by name and text.
pub fn check(files: &PolicyFiles, notice: Option<(&str, &str)>) -> Vec<Finding> {
    let (policy, mut findings) = Policy::lint(files);
    let rules = match rules::load(files.get(RULES)) {
        Ok(rules) => rules,
        Err(finding) => {
            findings.push(finding);
            rules::Rules::default()
        }
    };
    let purposes: Vec<model::ClauseId> =
        policy.iter().flat_map(|policy| policy.purposes().iter().map(|purpose| purpose.clause)).collect();

    let mut shipped: Vec<Subject> = files
        .0
        .iter()
        .filter(|(path, _)| path.starts_with("notice/") && is_notice(path))
        .map(|(path, text)| Subject::new(path, text))
        .collect();
    findings.extend(structure::versions(&shipped));
    // A notice that already stands in the folder is not checked twice.
    let given =
        notice.filter(|(name, text)| !shipped.iter().any(|s| s.text == *text && name.ends_with(s.file)));
    if let Some((name, text)) = given {
        let subject = Subject::new(name, text);
        findings.extend(structure::languages(&subject));
        shipped.push(subject);
    }
    for subject in &shipped {
        findings.extend(structure::check(subject, &rules, &purposes));
        findings.extend(identity::check(
            subject,
            &rules,
            policy.as_ref().map(|policy| policy.controller().bin.as_str()),
        ));
        findings.extend(rules::check(subject, &rules));
    }
    findings.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.severity, a.code).cmp(&(&b.file, b.line, b.column, b.severity, b.code))
    });
    findings
}

/// The code of the rule about a text that calls itself a draft.
const DRAFT: &str = "draft";

/// Whether a notice calls itself a draft, in the words of `check.toml`: no consent binds it then (C19).
pub fn is_draft(files: &PolicyFiles, locale: Locale, text: &str) -> bool {
    let name = format!("notice.{locale}.md");
    rules::load(files.get(RULES)).is_ok_and(|rules| {
        rules::check(&Subject::new(&name, text), &rules).iter().any(|finding| finding.code == DRAFT)
    })
}

fn is_notice(path: &str) -> bool {
    path.rsplit_once('/')
        .is_some_and(|(_, name)| name.starts_with("notice.") && name.strip_suffix(".md").is_some())
}

/// The language of a text: by its name (`notice.kk.md`), else by its letters.
fn locale_of(file: &str, text: &str) -> Locale {
    let named =
        file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')).and_then(|(_, tag)| tag.parse().ok());
    if let Some(locale) = named {
        return locale;
    }
    let (mut kazakh, mut cyrillic, mut letters) = (0_usize, 0_usize, 0_usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        cyrillic += usize::from(('\u{400}'..='\u{52f}').contains(&c));
        kazakh += usize::from("әғқңөұүһіӘҒҚҢӨҰҮҺІ".contains(c));
    }
    // Running Kazakh text has such a letter in about every tenth place.
    if kazakh * 25 > letters {
        Locale::Kk
    } else if cyrillic * 2 > letters {
        Locale::Ru
    } else {
        Locale::En
    }
}
