//! Clauses, controller, calendar, legal pack and retention: what the rest refers to.

use std::collections::BTreeSet;

use model::ClauseId;
use model::calendar::Calendar;
use model::identifier::Bin;
use toml::Spanned;

use super::{Reader, place};
use crate::clause::ClauseRow;
use crate::finding::{Finding, Severity};
use crate::policy::Controller;
use crate::raw;
use crate::retention::{
    ClauseLimit, DeadlineRule, EndingEvent, EvidenceRule, LastLetterRule, LegalLimit, LegalPack, Retention,
};

/// The kinds of duty that the product counts; a policy without one of them could not name a due date.
const DUTIES: [&str; 15] = [
    "access",
    "rectification",
    "restriction",
    "restriction-lift",
    "objection",
    "withdrawal",
    "withdrawal-stop",
    "erasure",
    "destruction",
    "unlawful-processing",
    "unlawful-destruction",
    "question",
    "breach",
    "transfer-notice",
    "publication-removal",
];

/// A clause that the table does not have is a finding.
pub(super) fn known_clause(
    reader: &mut Reader<'_>,
    clauses: &[ClauseRow],
    file: &str,
    id: &Spanned<ClauseId>,
) {
    if !clauses.iter().any(|row| row.id == *id.get_ref()) {
        let message = format!("clause {} is not in clauses.toml: correct it or add its row", id.get_ref());
        reader.error("clause-unknown", &[], place(file, id), message);
    }
}

pub(super) fn clauses(reader: &mut Reader<'_>, file: raw::ClausesFile) -> Vec<ClauseRow> {
    const FILE: &str = "clauses.toml";
    let mut seen = BTreeSet::new();
    let mut rows = Vec::with_capacity(file.clause.len());
    for row in file.clause {
        let id = *row.id.get_ref();
        if !seen.insert(id) {
            reader.error(
                "clause-twice",
                &[id.as_str()],
                place(FILE, &row.id),
                format!("{id} stands twice: keep one row"),
            );
        }
        if *row.built.get_ref() && (row.tests.is_empty() || row.check.is_none()) {
            let message =
                format!("{id} is called built, but no test or no check proves it: name both, or say false");
            reader.error("clause-unproven", &[id.as_str()], place(FILE, &row.built), message);
        }
        if !*row.built.get_ref() && row.next.is_none() {
            let message = format!("{id} is not built: say in `next` what brings it");
            reader.error("clause-without-next", &[id.as_str()], place(FILE, &row.built), message);
        }
        let (text, controls, tests) = (row.text, row.controls, row.tests);
        let (check, next, built) = (row.check, row.next, row.built.into_inner());
        rows.push(ClauseRow { id, text, controls, tests, built, check, next });
    }
    rows
}

pub(super) fn controller(reader: &mut Reader<'_>, controller: &Controller) {
    const FILE: &str = "controller.toml";
    let at = |value: &str| {
        let start = reader.text(FILE).find(value).unwrap_or(0);
        (FILE, start..start + value.len())
    };
    let bin = at(&controller.bin);
    let locations = &controller.locations;
    let foreign: Vec<(&str, &String)> = [
        ("database", &locations.database),
        ("keystore", &locations.keystore),
        ("backups", &locations.backups),
        ("mail", &locations.mail),
    ]
    .into_iter()
    .filter(|(_, country)| **country != controller.country)
    .collect();
    let section = at("[locations]");
    if let Err(error) = Bin::parse(&controller.bin) {
        reader.error("controller-bin", &["C1.1"], bin, format!("BIN of the controller: {error}"));
    }
    for (what, country) in foreign {
        let message = format!(
            "{what} is declared in \"{country}\", not in {}: bring it there, or do not use it for personal data",
            controller.country
        );
        reader.error("location-foreign", &["C11.1"], section.clone(), message);
    }
}

pub(super) fn calendar(reader: &mut Reader<'_>, file: &str, calendar: &Calendar) {
    for problem in calendar.validate() {
        let message = problem.to_string();
        reader.findings.push(Finding::of_file(Severity::Error, problem.code(), file, message));
    }
}

pub(super) fn legal(reader: &mut Reader<'_>, file: &str, raw: raw::LegalFile) -> LegalPack {
    if format!("legal/{}.toml", raw.id.get_ref()) != file {
        let message = format!("the pack calls itself \"{}\": its id is its file name", raw.id.get_ref());
        reader.error("pack-id", &[], place(file, &raw.id), message);
    }
    if raw.checked_until.get_ref().parse::<jiff::civil::Date>().is_err() {
        let message = String::from(
            "checked_until is no date: write the day up to which the sources were read, YYYY-MM-DD",
        );
        reader.error("pack-date", &[], place(file, &raw.checked_until), message);
    }
    let mut seen = BTreeSet::new();
    let mut limits = Vec::with_capacity(raw.limit.len());
    for limit in raw.limit {
        let id = *limit.id.get_ref();
        if !seen.insert(id) {
            reader.error(
                "pack-row-twice",
                &[],
                place(file, &limit.id),
                format!("{id} stands twice: keep one row"),
            );
        }
        if !raw.source.iter().any(|source| source.id == *limit.source.get_ref()) {
            let message =
                format!("{id} rests on source \"{}\", which is not listed: add it", limit.source.get_ref());
            reader.error("source-unknown", &[], place(file, &limit.source), message);
        }
        limits.push(LegalLimit {
            id,
            authority: limit.authority,
            period: limit.period,
            text: limit.text,
            article: limit.article,
            source: limit.source.into_inner(),
            read_in: limit.read_in,
        });
    }
    LegalPack {
        id: raw.id.into_inner(),
        checked_until: raw.checked_until.into_inner(),
        sources: raw.source,
        limits,
    }
}

pub(super) fn retention(
    reader: &mut Reader<'_>,
    clauses: &[ClauseRow],
    legal: &LegalPack,
    raw: raw::RetentionFile,
) -> Retention {
    const FILE: &str = "retention.toml";
    let mut events: Vec<EndingEvent> = Vec::with_capacity(raw.event.len());
    for event in raw.event {
        known_clause(reader, clauses, FILE, &event.clause);
        if events.iter().any(|held| held.code == *event.code.get_ref()) {
            let message = format!("event \"{}\" stands twice: keep one", event.code.get_ref());
            reader.error("event-twice", &[], place(FILE, &event.code), message);
        }
        events.push(EndingEvent {
            code: event.code.into_inner(),
            clause: event.clause.into_inner(),
            text: event.text,
            grace: event.grace,
        });
    }
    let mut deadlines: Vec<DeadlineRule> = Vec::with_capacity(raw.deadline.len());
    for rule in raw.deadline {
        let kind = rule.kind.get_ref().clone();
        if deadlines.iter().any(|held| held.kind == kind) {
            let message = format!("deadline \"{kind}\" stands twice: keep one");
            reader.error("deadline-twice", &[], place(FILE, &rule.kind), message);
        }
        let mut timed = rule.clause.len();
        for limit in &rule.clause {
            known_clause(reader, clauses, FILE, &limit.rule);
        }
        for id in &rule.pack {
            if let Some(row) = legal.limit(*id.get_ref()) {
                timed += usize::from(row.period.is_some());
            } else {
                let message = format!("{} is not in the legal pack {}: correct it", id.get_ref(), legal.id);
                reader.error("pack-row-unknown", &[], place(FILE, id), message);
            }
        }
        if timed == 0 {
            let message = format!(
                "deadline \"{kind}\" has no limit: name a clause with amount and unit, or a row of the pack"
            );
            reader.error("deadline-empty", &[], place(FILE, &rule.kind), message);
        }
        deadlines.push(DeadlineRule {
            kind,
            clause: rule
                .clause
                .iter()
                .map(|limit| ClauseLimit {
                    rule: *limit.rule.get_ref(),
                    amount: limit.amount,
                    unit: limit.unit,
                })
                .collect(),
            pack: rule.pack.iter().map(|id| *id.get_ref()).collect(),
        });
    }
    for duty in DUTIES {
        if !deadlines.iter().any(|rule| rule.kind == duty) {
            let message = format!("no [[deadline]] of kind \"{duty}\": add one, or its due date is unknown");
            reader.findings.push(Finding::of_file(Severity::Error, "deadline-missing", FILE, message));
        }
    }
    Retention {
        events,
        evidence: EvidenceRule {
            period: raw.evidence.period,
            rule: raw.evidence.rule,
            ground: raw.evidence.ground,
        },
        last_letter: raw.last_letter.map(|raw| LastLetterRule {
            period: raw.period,
            rule: raw.rule,
            ground: raw.ground,
        }),
        restriction_ceiling: raw.restriction.ceiling,
        deadlines,
    }
}
