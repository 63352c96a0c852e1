//! The rules of `policy/check.toml`: a finding is raised when all its conditions hold.

use std::ops::Range;

use model::{ClauseId, Locale};
use serde::Deserialize;

use super::phrase::{Match, Phrase, Word};
use super::{RULES, Subject};
use crate::finding::{Finding, Severity};

/// The code of a rule whose name is not in [`CODES`]: a rule that the house added.
const HOUSE: &str = "house-rule";

/// The stable codes that rules of `policy/check.toml` may carry; another name is reported as `house-rule`.
pub const CODES: &[&str] = &[
    HOUSE,
    "access-limit-missing",
    "acceptance-by-use",
    "accuracy-unverified",
    "anonymised-advertising",
    "anonymise-or-destroy",
    "block-or-destroy",
    "breach-notice-missing",
    "calendar-days",
    "capable-or-represented",
    "category-undeclared",
    "consent-bundled",
    "consent-term-missing",
    "cookies-against-15",
    "cookies-by-use",
    "cookies-third-parties",
    "cross-border-missing",
    "date-missing",
    "draft",
    "iin-misnamed",
    "laxer-than-law",
    "limits-conflict",
    "months-start-unclear",
    "publication-missing",
    "research-not-anonymised",
    "responsible-missing",
    "typo",
    "version-missing",
];

/// All that `policy/check.toml` says.
#[derive(Default)]
pub(super) struct Rules {
    pub foreign_mail: Vec<String>,
    pub labels: Labels,
    pub top_clauses: u16,
    list: Vec<Rule>,
}

/// Words that stand before an identifier, in lower case.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    pub bin: Vec<String>,
    pub iban: Vec<String>,
    pub bic: Vec<String>,
    pub address: Vec<String>,
    pub address_abbreviations: Vec<String>,
}

struct Rule {
    code: &'static str,
    severity: Severity,
    clauses: Vec<ClauseId>,
    message: String,
    each: bool,
    when: Vec<Condition>,
}

struct Condition {
    scopes: Vec<Scope>,
    absent: bool,
    over: Option<u32>,
    phrases: [Vec<Phrase>; 3],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    All,
    Intro,
    Details,
    Clause(ClauseId),
}

// ---- The file --------------------------------------------------------------------------------------------

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    #[serde(rename = "version")]
    _version: String,
    mail: RawMail,
    structure: RawStructure,
    labels: Labels,
    #[serde(default, rename = "rule")]
    rules: Vec<toml::Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMail {
    foreign: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStructure {
    top_clauses: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    code: String,
    severity: RawSeverity,
    clauses: Vec<ClauseId>,
    message: String,
    #[serde(default)]
    each: bool,
    when: Vec<RawCondition>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum RawSeverity {
    Error,
    Warning,
    Info,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    #[serde(default, rename = "in")]
    scopes: Vec<String>,
    #[serde(default)]
    absent: bool,
    over: Option<u32>,
    #[serde(default)]
    ru: Vec<String>,
    #[serde(default)]
    kk: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
}

/// Reads the rules. Without the file, or when it is broken, there is a finding and only form is checked.
pub(super) fn load(text: Option<&str>) -> Result<Rules, Finding> {
    let Some(text) = text else {
        let message = "the phrases of the text checks are missing: add check.toml to the policy folder";
        return Err(Finding::of_file(Severity::Warning, "check-rules-missing", RULES, message));
    };
    let broken = |span: Option<Range<usize>>, message: String| {
        Finding::at(Severity::Error, "check-rules-broken", RULES, text, span.unwrap_or(0..0), message)
    };
    let raw: RawRules = toml::from_str(text)
        .map_err(|error| broken(error.span(), format!("cannot be read: {}", error.message())))?;
    let mut list = Vec::with_capacity(raw.rules.len());
    for spanned in raw.rules {
        let span = spanned.span();
        let rule = compile(spanned.into_inner()).map_err(|message| broken(Some(span), message))?;
        list.push(rule);
    }
    let foreign_mail = raw.mail.foreign.iter().map(|domain| domain.to_lowercase()).collect();
    Ok(Rules { foreign_mail, labels: raw.labels, top_clauses: raw.structure.top_clauses, list })
}

fn compile(raw: RawRule) -> Result<Rule, String> {
    let severity = match raw.severity {
        RawSeverity::Error => Severity::Error,
        RawSeverity::Warning => Severity::Warning,
        RawSeverity::Info => Severity::Info,
    };
    let code = CODES.iter().copied().find(|code| *code == raw.code).unwrap_or(HOUSE);
    if raw.when.is_empty() {
        return Err(format!("rule {} has no condition: add [[rule.when]]", raw.code));
    }
    let mut when = Vec::with_capacity(raw.when.len());
    for condition in raw.when {
        let mut scopes = Vec::new();
        for scope in &condition.scopes {
            scopes.push(match scope.as_str() {
                "intro" => Scope::Intro,
                "details" => Scope::Details,
                id => Scope::Clause(
                    ClauseId::new(id)
                        .map_err(|error| format!("rule {}: in = {id:?} is {error}", raw.code))?,
                ),
            });
        }
        if scopes.is_empty() {
            scopes.push(Scope::All);
        }
        let read = |phrases: &[String]| {
            let read = |text: &String| {
                Phrase::new(text)
                    .ok_or_else(|| format!("rule {}: {text:?} must begin and end with a word", raw.code))
            };
            phrases.iter().map(read).collect::<Result<Vec<Phrase>, String>>()
        };
        let phrases = [read(&condition.ru)?, read(&condition.kk)?, read(&condition.en)?];
        when.push(Condition { scopes, absent: condition.absent, over: condition.over, phrases });
    }
    Ok(Rule { code, severity, clauses: raw.clauses, message: raw.message, each: raw.each, when })
}

// ---- The check -------------------------------------------------------------------------------------------

pub(super) fn check(subject: &Subject, rules: &Rules) -> Vec<Finding> {
    rules.list.iter().flat_map(|rule| apply(rule, subject)).collect()
}

fn apply(rule: &Rule, subject: &Subject) -> Vec<Finding> {
    // The first match of each condition that asks for words; none for conditions that ask for their absence.
    let mut matches: Vec<Vec<Match>> = Vec::new();
    let mut place = None;
    for condition in &rule.when {
        let phrases = match subject.locale {
            Locale::Ru => &condition.phrases[0],
            Locale::Kk => &condition.phrases[1],
            Locale::En => &condition.phrases[2],
        };
        let spans: Vec<Range<usize>> =
            condition.scopes.iter().filter_map(|scope| span_of(*scope, subject)).collect();
        // Not written for this language, or the clause is missing, which is a finding of its own.
        let Some(first) = spans.first().filter(|_| !phrases.is_empty()) else { return Vec::new() };
        let many = rule.each && matches.is_empty();
        let found = find(phrases, &subject.words, &spans, condition.over, many);
        if condition.absent != found.is_empty() {
            return Vec::new();
        }
        if condition.absent {
            place.get_or_insert_with(|| head(subject, first.clone()));
        } else {
            matches.push(found);
        }
    }
    let span_of_match = |found: &Match| {
        let word = |index: usize| subject.words.get(index).map_or(0..0, |word| word.span.clone());
        word(found.words.start).start..word(found.words.end.saturating_sub(1)).end
    };
    let mut places: Vec<Range<usize>> = matches.first().into_iter().flatten().map(span_of_match).collect();
    if places.is_empty() {
        places.extend(place);
    }
    let other = matches.get(1).and_then(|found| found.first()).map(span_of_match);
    let message = match other {
        Some(span) => format!("{} (see also line {})", rule.message, line_of(subject.text, span.start)),
        None => rule.message.clone(),
    };
    places
        .into_iter()
        .map(|span| {
            let holder = subject.notice.clauses.iter().rfind(|clause| clause.span.contains(&span.start));
            let mut finding = subject.finding(rule.severity, rule.code, span, message.clone());
            finding.clauses.clone_from(&rule.clauses);
            // The clause that holds the words, unless a named one is it or a part of it.
            if let Some(holder) = holder
                && !rule.clauses.iter().any(|id| is_within(*id, holder.id))
            {
                finding.clauses.push(holder.id);
            }
            finding
        })
        .collect()
}

fn is_within(id: ClauseId, parent: ClauseId) -> bool {
    id.as_str().strip_prefix(parent.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

fn span_of(scope: Scope, subject: &Subject) -> Option<Range<usize>> {
    match scope {
        Scope::All => Some(0..subject.text.len()),
        Scope::Intro => Some(subject.notice.intro_span.clone()),
        Scope::Details => Some(subject.notice.trailer_span.clone()),
        Scope::Clause(id) => subject.notice.subtree(id),
    }
}

/// Where to point for something that is not there: the number of the clause, or the first line of the part.
fn head(subject: &Subject, span: Range<usize>) -> Range<usize> {
    if let Some(clause) =
        subject.notice.clauses.iter().find(|clause| clause.span.start == span.start && span.start > 0)
    {
        return clause.number_span.clone();
    }
    let text = subject.slice(span.clone());
    let start = span.start
        + (text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len());
    let len = subject.slice(start..span.end).lines().next().map_or(0, str::len);
    start..start + len
}

fn find(
    phrases: &[Phrase],
    words: &[Word],
    spans: &[Range<usize>],
    over: Option<u32>,
    many: bool,
) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for span in spans {
        let first = words.partition_point(|word| word.span.start < span.start);
        let end = words.partition_point(|word| word.span.start < span.end);
        let Some(words) = words.get(..end) else { continue };
        let mut at = first;
        while at < end {
            let hit = phrases
                .iter()
                .filter_map(|phrase| phrase.match_at(words, at))
                .find(|hit| over.is_none_or(|limit| hit.number.is_some_and(|number| number > limit)));
            match hit {
                Some(hit) => {
                    at = hit.words.end.max(at + 1);
                    found.push(hit);
                    if !many {
                        return found;
                    }
                }
                None => at += 1,
            }
        }
    }
    found
}
