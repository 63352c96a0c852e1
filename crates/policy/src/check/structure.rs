//! The form of a notice: numbering, broken lines, repetition, languages.
//!
//! Clauses: C9.2, C19.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use model::{ClauseId, Locale};

use super::Subject;
use super::phrase::{Word, words};
use super::rules::Rules;
use crate::finding::{Finding, Severity};
use crate::notice::Clause;

/// A repetition shorter than this is a common turn of phrase.
const MIN_REPEATED_WORDS: usize = 5;

pub(super) fn check(subject: &Subject, rules: &Rules, purposes: &[ClauseId]) -> Vec<Finding> {
    let mut findings = numbering(subject, rules);
    findings.extend(references(subject, purposes));
    findings.extend(broken_lines(subject));
    findings.extend(repetition(subject));
    findings
}

fn place(clause: &Clause) -> std::ops::Range<usize> {
    clause.number_span.clone()
}

fn numbering(subject: &Subject, rules: &Rules) -> Vec<Finding> {
    let notice = &subject.notice;
    let mut findings = Vec::new();
    if notice.clauses.is_empty() {
        let message =
            "no numbered clause was found: number the clauses 1., 2., 2.1. at the start of a paragraph";
        findings.push(subject.finding(Severity::Error, "clause-missing", 0..0, message));
        return findings;
    }
    let known: HashSet<&str> = notice.clauses.iter().map(|clause| clause.number.as_str()).collect();
    let mut missing: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for clause in &notice.clauses {
        let (parent, last) = clause.number.rsplit_once('.').unwrap_or(("", clause.number.as_str()));
        let last: u16 = last.parse().unwrap_or(0);
        // Only the hole directly before this clause; the parser bounds its width.
        for number in (1..last).rev() {
            let number = if parent.is_empty() { number.to_string() } else { format!("{parent}.{number}") };
            if known.contains(number.as_str()) {
                break;
            }
            missing.push((number, place(clause)));
        }
    }
    let last = notice.clauses.iter().rfind(|clause| clause.depth == 1);
    let top: u16 = last.and_then(|clause| clause.number.parse().ok()).unwrap_or(0);
    for number in top + 1..=rules.top_clauses {
        missing.push((number.to_string(), last.map_or(0..0, place)));
    }
    for (number, span) in missing {
        let message = format!("clause {number} is missing: what it obliges to cannot be shown to anyone");
        let finding = subject.finding(Severity::Warning, "clause-missing", span, message);
        findings.push(finding.with_clauses([format!("C{number}").as_str()]));
    }
    for repeated in &notice.repeated {
        let message = "this number stands in the text twice; here it is taken as text of the clause above";
        let mut finding =
            subject.finding(Severity::Warning, "clause-duplicate", repeated.span.clone(), message);
        finding.clauses.push(repeated.id);
        findings.push(finding);
    }
    for clause in &notice.clauses {
        if clause.text.is_empty() && notice.children(clause).next().is_none() {
            let message = "the clause has no text";
            let mut finding = subject.finding(Severity::Warning, "clause-empty", place(clause), message);
            finding.clauses.push(clause.id);
            findings.push(finding);
        }
    }
    findings
}

/// Purposes name the clause that allows them; the text must have it.
fn references(subject: &Subject, purposes: &[ClauseId]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let wanted: BTreeSet<ClauseId> =
        purposes.iter().copied().filter(|id| id.as_str().starts_with('C')).collect();
    for id in wanted {
        // `C16.1` is a part of clause 16 that the text need not number.
        let parent = id.as_str().split_once('.').and_then(|(parent, _)| ClauseId::new(parent).ok());
        let is_purpose_list = parent.is_some_and(|parent| parent.as_str() == "C8");
        let known = subject.notice.clause(id).is_some()
            || (!is_purpose_list && parent.is_some_and(|parent| subject.notice.clause(parent).is_some()));
        if !known && !subject.notice.clauses.is_empty() {
            let message = format!(
                "a purpose rests on {id}, and the text has no such clause: mend purposes.toml or the text"
            );
            let mut finding = subject.finding(Severity::Warning, "purpose-clause-missing", 0..0, message);
            finding.clauses.push(id);
            findings.push(finding);
        }
    }
    findings
}

fn broken_lines(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    for clause in &subject.notice.clauses {
        if clause.run_on {
            let message =
                format!("clause {} runs on in the line of another clause: begin a paragraph", clause.number);
            let mut finding = subject.finding(Severity::Info, "run-on", place(clause), message);
            finding.clauses.push(clause.id);
            findings.push(finding);
        }
        let mut last: Option<(usize, &str)> = None;
        let mut blank = false;
        let mut offset = clause.span.start;
        for raw in subject.slice(clause.span.clone()).split_inclusive('\n') {
            let start = offset;
            offset += raw.len();
            let line = raw.trim();
            if line.is_empty() {
                blank = true;
                continue;
            }
            if let Some((end, before)) = last.filter(|_| blank)
                && is_split(before, line)
            {
                let message = "an empty line splits this sentence in two: join the lines";
                let tail = before.chars().last().map_or(0, char::len_utf8);
                let mut finding = subject.finding(Severity::Info, "sentence-split", end - tail..end, message);
                finding.clauses.push(clause.id);
                findings.push(finding);
            }
            blank = false;
            last = Some((start + raw.trim_end().len(), line));
        }
    }
    findings
}

fn is_split(before: &str, after: &str) -> bool {
    let ends_open = before.ends_with(['№', ',']) || before.ends_with(char::is_alphanumeric);
    before.ends_with('№') || (!before.starts_with('#') && ends_open && after.starts_with(char::is_lowercase))
}

/// A sub-clause whose words all stand in its neighbour.
fn repetition(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    let siblings: Vec<(&Clause, Vec<Word>)> = subject
        .notice
        .clauses
        .iter()
        .filter(|clause| clause.depth > 1)
        .map(|clause| (clause, words(&clause.text)))
        .collect();
    for pair in siblings.windows(2) {
        let [(first, first_words), (second, second_words)] = pair else { continue };
        let parent = |clause: &Clause| clause.number.rsplit_once('.').map(|(parent, _)| parent.to_owned());
        if parent(first) != parent(second) {
            continue;
        }
        let (short, long) = if second_words.len() <= first_words.len() {
            (second_words, first_words)
        } else {
            (first_words, second_words)
        };
        let same = |window: &[Word]| window.iter().zip(short).all(|(a, b)| a.text == b.text);
        if short.len() >= MIN_REPEATED_WORDS && long.windows(short.len()).any(same) {
            let message = format!(
                "clauses {} and {} say the same in the same words: keep one",
                first.number, second.number
            );
            let mut finding = subject.finding(Severity::Warning, "clauses-repeat", place(second), message);
            finding.clauses.extend([first.id, second.id]);
            findings.push(finding);
        }
    }
    findings
}

// ---- Languages -------------------------------------------------------------------------------------------

/// A text given alone: Kazakh must stand beside it.
pub(super) fn languages(subject: &Subject) -> Option<Finding> {
    (subject.locale != Locale::Kk).then(|| {
        let message =
            "there is no Kazakh text: what people consent to must be there in Kazakh and in Russian";
        subject.finding(Severity::Warning, "kazakh-missing", 0..0, message).with_clauses(["C19"])
    })
}

/// The versions of the folder: each in Kazakh and Russian, with the same clauses in every language.
pub(super) fn versions(shipped: &[Subject]) -> Vec<Finding> {
    let mut by_version: BTreeMap<&str, Vec<&Subject>> = BTreeMap::new();
    for subject in shipped {
        by_version
            .entry(subject.file.rsplit_once('/').map_or("", |(folder, _)| folder))
            .or_default()
            .push(subject);
    }
    let mut findings = Vec::new();
    for subjects in by_version.values() {
        let has = |locale: Locale| subjects.iter().any(|subject| subject.locale == locale);
        let Some(first) = subjects.iter().find(|s| s.locale == Locale::Ru).or(subjects.first()) else {
            continue;
        };
        if !has(Locale::Kk) {
            findings.extend(languages(first));
        }
        if !has(Locale::Ru) {
            let message =
                "there is no Russian text: what people consent to must be there in Kazakh and in Russian";
            findings.push(
                first.finding(Severity::Warning, "russian-missing", 0..0, message).with_clauses(["C19"]),
            );
        }
        let ids = |subject: &Subject| -> BTreeSet<ClauseId> {
            subject.notice.clauses.iter().map(|c| c.id).collect()
        };
        let expected = ids(first);
        for subject in subjects.iter().filter(|subject| subject.locale != first.locale) {
            let own = ids(subject);
            let differing: Vec<&ClauseId> = own.symmetric_difference(&expected).collect();
            if !differing.is_empty() {
                let message = format!(
                    "the clauses differ from those of {}: every language has the same numbers",
                    first.file
                );
                let mut finding = subject.finding(Severity::Error, "clauses-differ", 0..0, message);
                finding.clauses.extend(differing);
                findings.push(finding);
            }
        }
    }
    findings
}
