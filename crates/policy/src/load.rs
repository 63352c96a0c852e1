//! Reading the policy folder: parse, check each reference, compile. Whatever is wrong is a finding with its
//! place and with what to do next; nothing is guessed.

mod people;
mod rules;
mod terms;

use std::ops::Range;

use model::calendar::Calendar;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use toml::Spanned;

use crate::finding::{Finding, Severity};
use crate::policy::{Controller, Policy, PolicyFiles};
use crate::raw;

/// Reads files and collects findings.
pub(crate) struct Reader<'a> {
    files: &'a PolicyFiles,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn text(&self, file: &str) -> &'a str {
        self.files.get(file).unwrap_or_default()
    }

    /// A file in its shape, or a finding.
    fn parse<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let Some(text) = self.files.get(file) else {
            let message = format!("{file} is missing: put it into the policy folder");
            self.findings.push(Finding::of_file(Severity::Error, "file-missing", file, message));
            return None;
        };
        match toml::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let message =
                    format!("cannot be read: {}; correct it and run the check again", error.message());
                self.findings.push(Finding::at(
                    Severity::Error,
                    "file-unreadable",
                    file,
                    text,
                    span,
                    message,
                ));
                None
            }
        }
    }

    /// Adds a finding about a place in a file.
    fn find(
        &mut self,
        severity: Severity,
        code: &'static str,
        clauses: &[&str],
        (file, span): (&str, Range<usize>),
        message: String,
    ) {
        let finding = Finding::at(severity, code, file, self.text(file), span, message);
        self.findings.push(finding.with_clauses(clauses.iter().copied()));
    }

    fn error(&mut self, code: &'static str, clauses: &[&str], place: (&str, Range<usize>), message: String) {
        self.find(Severity::Error, code, clauses, place, message);
    }

    fn warn(&mut self, code: &'static str, clauses: &[&str], place: (&str, Range<usize>), message: String) {
        self.find(Severity::Warning, code, clauses, place, message);
    }
}

/// Place of a value: its file and its bytes.
fn place<'f, T>(file: &'f str, value: &Spanned<T>) -> (&'f str, Range<usize>) {
    (file, value.span())
}

/// Compiles the folder. The policy is there unless a finding is an error.
pub(crate) fn compile(files: &PolicyFiles) -> (Option<Policy>, Vec<Finding>) {
    let mut reader = Reader { files, findings: Vec::new() };
    let policy = build(&mut reader);
    let mut findings = reader.findings;
    findings.sort_by(|a, b| {
        (a.severity, &a.file, a.line, a.column).cmp(&(b.severity, &b.file, b.line, b.column))
    });
    let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    (policy.filter(|_| !broken), findings)
}

/// Reads every file even when one is broken, so that one run names everything.
fn build(reader: &mut Reader<'_>) -> Option<Policy> {
    let clauses = reader.parse::<raw::ClausesFile>("clauses.toml");
    let controller = reader.parse::<Controller>("controller.toml");
    let retention = reader.parse::<raw::RetentionFile>("retention.toml");
    let categories = reader.parse::<raw::CategoriesFile>("categories.toml");
    let purposes = reader.parse::<raw::PurposesFile>("purposes.toml");
    let recipients = reader.parse::<raw::RecipientsFile>("recipients.toml");
    let roles = reader.parse::<raw::RolesFile>("roles.toml");
    let calendar = controller.as_ref().and_then(|controller| reader.parse::<Calendar>(&controller.calendar));
    let pack = controller.as_ref().map(|controller| format!("legal/{}.toml", controller.legal_pack));
    let legal = pack.as_ref().and_then(|file| reader.parse::<raw::LegalFile>(file));
    let form_files: Vec<String> = reader
        .files
        .0
        .keys()
        .filter(|path| path.strip_prefix("forms/").is_some_and(|name| name.strip_suffix(".toml").is_some()))
        .cloned()
        .collect();
    let forms: Vec<Option<(String, raw::FormFile)>> =
        form_files.into_iter().map(|file| reader.parse(&file).map(|form| (file, form))).collect();

    // Below, references are checked: that needs every file in its shape.
    let (clauses, controller, calendar) = (clauses?, controller?, calendar?);
    let (retention, legal, pack) = (retention?, legal?, pack?);
    let forms: Vec<(String, raw::FormFile)> = forms.into_iter().collect::<Option<_>>()?;
    let (categories, purposes, recipients, roles) = (categories?, purposes?, recipients?, roles?);

    let clauses = terms::clauses(reader, clauses);
    terms::controller(reader, &controller);
    terms::calendar(reader, &controller.calendar, &calendar);
    let legal = terms::legal(reader, &pack, legal);
    let retention = terms::retention(reader, &clauses, &legal, retention);
    let (categories, category_rows) = rules::categories(reader, &clauses, categories);
    let known = rules::Known { clauses: &clauses, categories: &categories, category_rows: &category_rows };
    let (mut purposes, purpose_rows) = rules::purposes(reader, &known, &retention, purposes);
    let (recipients, recipient_rows) =
        people::recipients(reader, &known, &mut purposes, &purpose_rows, &controller, recipients);
    let (roles, role_rows, cells) = people::roles(reader, &known, &purposes, &purpose_rows, roles);
    let forms = rules::forms(reader, &known, &purposes, &purpose_rows, forms);

    Some(Policy {
        known: rules::all(&categories),
        version: version(reader.files),
        controller,
        categories,
        category_rows,
        purposes,
        purpose_rows,
        roles,
        role_rows,
        cells,
        recipients,
        recipient_rows,
        forms,
        clauses,
        retention,
        legal,
        calendar,
    })
}

/// SHA-256 over all paths and texts with their lengths, in hexadecimal.
fn version(files: &PolicyFiles) -> String {
    let mut hash = Sha256::new();
    for (path, text) in &files.0 {
        for part in [path, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        hex
    })
}

/// A row number; more rows than fit cannot be read into memory.
fn row(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
