//! Who the controller is, as the text says it: BIN, address, bank details, mailboxes.
//!
//! Clauses: C1.1, C7, C11.1.

use std::collections::BTreeMap;
use std::ops::Range;

use model::identifier::{Bin, Iban};

use super::Subject;
use super::phrase::Word;
use super::rules::{Labels, Rules, line_of};
use crate::finding::{Finding, Severity};

pub(super) fn check(subject: &Subject, rules: &Rules, controller: Option<&str>) -> Vec<Finding> {
    let mut findings = bins(subject, &rules.labels, controller);
    findings.extend(addresses(subject, &rules.labels));
    findings.extend(bank_details(subject, &rules.labels));
    findings.extend(mailboxes(subject, &rules.foreign_mail));
    findings
}

/// One of the labels stands directly before the word, or one word lies between (`БИН №`, `BIN is`).
fn is_labelled(words: &[Word], at: usize, labels: &[String]) -> bool {
    (1..=2).any(|back| {
        at.checked_sub(back).and_then(|at| words.get(at)).is_some_and(|word| labels.contains(&word.text))
    })
}

fn bins(subject: &Subject, labels: &Labels, controller: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: Vec<(String, usize)> = Vec::new();
    for (at, word) in subject.words.iter().enumerate() {
        if !word.text.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let labelled = is_labelled(&subject.words, at, &labels.bin);
        match Bin::parse(&word.text) {
            Err(error) if labelled && word.text.len() >= 6 => {
                let message = format!("this is no BIN: {error}");
                let finding = subject.finding(Severity::Error, "bin-invalid", word.span.clone(), message);
                findings.push(finding.with_clauses(["C1.1"]));
            }
            Ok(_) if !known.iter().any(|(bin, _)| *bin == word.text) => {
                if let Some((first, place)) = known.first() {
                    let message = format!(
                        "the text names two BINs: {first} in line {} and {} here. Both have right check digits, so they \
                         are two legal entities: say which one is the controller and who the other is",
                        line_of(subject.text, *place),
                        word.text
                    );
                    let finding =
                        subject.finding(Severity::Error, "bin-conflict", word.span.clone(), message);
                    findings.push(finding.with_clauses(["C1.1"]));
                }
                known.push((word.text.clone(), word.span.start));
            }
            _ => {}
        }
    }
    if let (Some(controller), Some((_, place))) = (controller, known.first())
        && !known.iter().any(|(bin, _)| bin == controller)
    {
        let message = format!(
            "the controller of this server has BIN {controller}, the text names another: mend one of them"
        );
        let finding = subject.finding(Severity::Warning, "controller-differs", *place..*place + 12, message);
        findings.push(finding.with_clauses(["C1.1"]));
    }
    findings
}

struct Address {
    span: Range<usize>,
    /// Without abbreviations such as «г.» and «ул.».
    words: Vec<String>,
}

fn addresses(subject: &Subject, labels: &Labels) -> Vec<Finding> {
    let mut found: Vec<Address> = Vec::new();
    for (at, word) in subject.words.iter().enumerate() {
        let is_label = labels.address.contains(&word.text);
        if is_label
            && subject
                .text
                .get(word.span.end..)
                .is_some_and(|rest| rest.trim_start_matches('*').starts_with(':'))
        {
            found.extend(address(subject, at + 1, labels));
        }
    }
    let Some((first, others)) = found.split_first() else { return Vec::new() };
    let mut findings = Vec::new();
    for other in others.iter().filter(|other| other.words != first.words) {
        let only = |a: &Address, b: &Address| -> Vec<String> {
            a.words.iter().filter(|word| !b.words.contains(word)).cloned().collect()
        };
        let (missing, added) = (only(first, other).join(" "), only(other, first).join(" "));
        let line = line_of(subject.text, first.span.start);
        let message = match (missing.is_empty(), added.is_empty()) {
            (false, true) => {
                format!("the address of line {line} stands here without «{missing}»: settle on one")
            }
            (true, false) => {
                format!("the address of line {line} stands here with «{added}» added: settle on one")
            }
            _ => format!(
                "another address than in line {line}: «{added}» instead of «{missing}»: settle on one"
            ),
        };
        let finding = subject.finding(Severity::Warning, "address-variants", other.span.clone(), message);
        findings.push(finding.with_clauses(["C1.1"]));
    }
    findings
}

fn address(subject: &Subject, from: usize, labels: &Labels) -> Option<Address> {
    const MAX_WORDS: usize = 25;
    let mut words = Vec::new();
    let mut span: Option<Range<usize>> = None;
    for (at, word) in subject.words.iter().enumerate().skip(from).take(MAX_WORDS) {
        let abbreviated = labels.address_abbreviations.contains(&word.text);
        if !abbreviated {
            words.push(word.text.clone());
        }
        span = Some(span.map_or(word.span.start, |span| span.start)..word.span.end);
        let next = subject.words.get(at + 1).map_or(subject.text.len(), |next| next.span.start);
        let between = subject.slice(word.span.end..next);
        let paragraph_ends = between.matches('\n').count() > 1;
        let sentence_ends = !abbreviated && between.starts_with('.');
        if paragraph_ends || sentence_ends || between.contains(['(', ';']) {
            break;
        }
    }
    Some(Address { span: span?, words })
}

fn bank_details(subject: &Subject, labels: &Labels) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, word) in subject.words.iter().enumerate() {
        if labels.iban.contains(&word.text) {
            let Some((text, span)) = joined(&subject.words, at + 1, 20) else { continue };
            if let Err(error) = Iban::parse(&text) {
                let message = format!("this is no account number: {error}");
                findings.push(
                    subject.finding(Severity::Error, "iban-invalid", span, message).with_clauses(["C1.1"]),
                );
            }
        } else if labels.bic.contains(&word.text) {
            let Some((text, span)) = joined(&subject.words, at + 1, 8) else { continue };
            if !is_bic(&text) {
                let message = "this is no bank code (BIC): 8 or 11 letters and digits, of which the first six are letters";
                findings.push(
                    subject.finding(Severity::Error, "bic-invalid", span, message).with_clauses(["C1.1"]),
                );
            }
        }
    }
    findings
}

/// The Latin letters and digits behind a label, words joined until `len` is reached.
fn joined(words: &[Word], from: usize, len: usize) -> Option<(String, Range<usize>)> {
    let first = words.get(from)?;
    // A label in running text is followed by ordinary words.
    if !first.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) || first.text.len() < 4 {
        return None;
    }
    let (mut text, mut end) = (String::new(), first.span.end);
    for word in words.iter().skip(from).take(8) {
        if text.len() >= len || !word.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        text.push_str(&word.text.to_ascii_uppercase());
        end = word.span.end;
    }
    text.bytes().any(|byte| byte.is_ascii_digit() || len < 20).then_some((text, first.span.start..end))
}

/// ISO 9362: four letters, two letters of a country, two letters or digits, and perhaps three of a branch.
fn is_bic(text: &str) -> bool {
    matches!(text.len(), 8 | 11)
        && text.bytes().take(6).all(|byte| byte.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn mailboxes(subject: &Subject, foreign: &[String]) -> Vec<Finding> {
    let mut seen: BTreeMap<String, (Range<usize>, usize)> = BTreeMap::new();
    for (at, _) in subject.text.match_indices('@') {
        let (before, after) = (subject.slice(0..at), subject.slice(at + 1..subject.text.len()));
        let is_local = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'+/=?^_`{|}~-".contains(c);
        let start = at - before.chars().rev().take(64).take_while(|c| is_local(*c)).count();
        let domain: String =
            after.chars().take(253).take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        let domain = domain.trim_end_matches(['.', '-']);
        if start == at || !domain.contains('.') {
            continue;
        }
        let end = at + 1 + domain.len();
        let entry = seen.entry(subject.slice(start..end).to_lowercase()).or_insert((start..end, 0));
        entry.1 += 1;
    }
    let mut findings = Vec::new();
    for (mailbox, (span, count)) in seen {
        let domain = mailbox.rsplit_once('@').map_or("", |(_, domain)| domain);
        let is_foreign = |known: &String| {
            domain.strip_suffix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if foreign.iter().any(is_foreign) {
            let message = format!(
                "the mailbox is with {domain}, a mail service outside Kazakhstan (named {count} times), against the promise \
                 of bases in Kazakhstan: take a mailbox at home, or import and purge there and mail no personal data back"
            );
            let finding = subject.finding(Severity::Warning, "mailbox-foreign", span, message);
            findings.push(finding.with_clauses(["C7", "C11.1"]));
        }
    }
    findings
}
