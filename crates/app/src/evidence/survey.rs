//! One pass over what is stored, so that every probe looks at the same moment.

use model::{ConsentEvent, SubjectFacts, SubjectStatus};
use serde_json::Value;
use store::log;
use store::tables::consents::{self, Consent};
use store::tables::fence_journal::{self, FenceRow};
use store::tables::receipts::{self, Receipt};
use store::tables::value_sets::{self, ValueSet};
use store::tables::{history, key_buckets, keyrings, subjects};

use crate::{App, Failure, held};

/// Rows per page of a pass.
const PAGE: u32 = 500;

/// What one subject has stored.
pub(super) struct Person {
    pub facts: SubjectFacts,
    pub sets: Vec<ValueSet>,
    pub consents: Vec<(Consent, Vec<ConsentEvent>)>,
    pub receipts: Vec<Receipt>,
    pub history_lines: u64,
    /// The opened keyring; `None` when it is missing or does not open.
    pub keyring: Option<vault::Keyring>,
}

/// A log entry as stored.
pub(super) struct Logged {
    pub index: u64,
    pub entry: Value,
}

/// Everything the probes look at.
pub(super) struct Survey {
    pub people: Vec<Person>,
    pub entries: Vec<Logged>,
    pub fences: Vec<FenceRow>,
}

impl Survey {
    pub fn take(app: &App) -> Result<Self, Failure> {
        Ok(Self { people: people(app)?, entries: entries(app)?, fences: fences(app)? })
    }

    /// An entry's field as text.
    pub fn field<'a>(logged: &'a Logged, name: &str) -> &'a str {
        logged.entry[name].as_str().unwrap_or_default()
    }
}

fn people(app: &App) -> Result<Vec<Person>, Failure> {
    let mut people = Vec::new();
    let mut after = None;
    loop {
        let page = app.store().read(move |tx| {
            let mut page = Vec::new();
            for row in subjects::list(tx, after, PAGE)? {
                let subject = row.facts.subject;
                let keyring = keyrings::fetch(tx, subject)?;
                let bucket = match &keyring {
                    Some(keyring) => key_buckets::fetch(tx, keyring.bucket)?,
                    None => None,
                };
                let mut held = Vec::new();
                for consent in consents::list(tx, subject)? {
                    let events = crate::consent::events(tx, subject, consent.consent)?;
                    held.push((consent, events));
                }
                let sets = value_sets::list(tx, subject)?;
                let receipts = receipts::list(tx, subject)?;
                let lines = history::count(tx, subject)?;
                page.push((row.facts, sets, held, receipts, lines, keyring.zip(bucket)));
            }
            Ok(page)
        })?;
        let Some(last) = page.last() else { return Ok(people) };
        after = Some(last.0.subject);
        for (facts, sets, consents, receipts, history_lines, keys) in page {
            if facts.status == SubjectStatus::Erased {
                continue;
            }
            let keyring = keys.and_then(|(keyring, bucket)| {
                app.vault().open_keyring(&held::bucket_of(&bucket), &held::wrapped_of(&keyring)).ok()
            });
            people.push(Person { facts, sets, consents, receipts, history_lines, keyring });
        }
    }
}

fn entries(app: &App) -> Result<Vec<Logged>, Failure> {
    let mut all = Vec::new();
    loop {
        let from = all.len() as u64;
        let page = app.store().read(move |tx| log::entries(tx, from, PAGE))?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page.into_iter().map(|row| Logged {
            index: row.index,
            entry: row.entry.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        }));
    }
}

fn fences(app: &App) -> Result<Vec<FenceRow>, Failure> {
    let mut all: Vec<FenceRow> = Vec::new();
    loop {
        let after = all.last().map_or(0, |row| row.number);
        let page = app.store().read(move |tx| fence_journal::list(tx, after, PAGE))?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
