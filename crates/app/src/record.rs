//! Records: what was collected together, under terms of its own. Written, read, selected by their terms, put under others,
//! destroyed one by one or, by a rule or when their storage period is over, all that it finds.
//!
//! Invariant: from the commit of a rule on, and from the end of a storage period on, nobody is shown a record that it
//! ended; its keys follow in [`sweep`].
//!
//! Clauses: C10.2, C10.7, C11.6, C16.1, C17.

mod removal;
mod select;

use std::collections::{BTreeMap, BTreeSet};

use model::{
    CategoryCode, EntryId, EntryKind, HistoryRow, Instant, Operation, Private, ProcessingContext, PurposeId,
    RecordId, Salt, SubjectId, TermCode, TermField, Terms,
};
use policy::{Bulk, CategorySet, Draft, Grant, Witnessed};
use sha2::{Digest as _, Sha256};
use store::tables::bulk_reads::{self, BulkRead};
use store::tables::rules::Met;
use store::tables::terms::{self, Group};
use store::tables::value_sets::{self, StoredValue, ValueSet};
use store::tables::{history, lookups, rules};
use store::{Fault, Tx};

use crate::access::{self, ValueView};
use crate::failure::violation;
use crate::held::{self, CHANGED, Held};
use crate::intake::Idempotency;
use crate::look::{Values, look};
use crate::{App, Failure, code, replay};

pub use removal::{Deleted, delete, sweep};
pub use select::{Mark, Selected, select};

/// A record to write.
pub struct NewRecord {
    /// The purpose for which the role may record it.
    pub purpose: PurposeId,
    /// Its values.
    pub values: Vec<(CategoryCode, Private<String>)>,
    /// Under which terms.
    pub terms: Terms,
    /// The idempotency key of the call.
    pub idempotency: Option<Idempotency>,
}

/// A record that was written.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Written {
    /// The record.
    pub record_id: RecordId,
    /// Its values, in the order they came.
    pub value_ids: Vec<RecordId>,
    /// Under what it stands: what standing rules made of the terms it came with.
    pub terms: Terms,
    /// Its entry.
    pub log_entry: EntryId,
}

/// A record's terms, without a value.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TermsView {
    /// Whose.
    pub subject_id: SubjectId,
    /// The record.
    pub record_id: RecordId,
    /// Under what it stands.
    pub terms: Terms,
    /// When it was written.
    pub written_at: Instant,
    /// Which categories it holds.
    pub categories: Vec<CategoryCode>,
}

impl TermsView {
    fn of(set: &ValueSet) -> Self {
        Self {
            subject_id: set.subject,
            record_id: set.set,
            terms: terms_of(set),
            written_at: set.set.made_at(),
            categories: set.values.iter().map(|value| value.category).collect(),
        }
    }
}

/// A record, opened.
pub struct RecordView {
    /// Its terms.
    pub terms: TermsView,
    /// The values that the purpose covers.
    pub values: Vec<ValueView>,
}

fn terms_of(set: &ValueSet) -> Terms {
    set.place.map_or_else(Terms::default, |place| place.group.terms)
}

/// Writes a record about somebody whose data are held.
///
/// # Errors
/// The gate's violations (logged); the validators'; not found, erased.
pub fn write(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    new: &NewRecord,
) -> Result<Written, Failure> {
    let again = |subject, Ids { record: record_id, values: value_ids, entry: log_entry }| {
        let set = app.store().read(move |tx| value_sets::fetch(tx, subject, record_id))?;
        let terms = terms_of(&set.ok_or(Failure::Gone)?);
        Ok(Written { record_id, value_ids, terms, log_entry })
    };
    let act = || held::retry(|| write_once(app, ctx, subject, new));
    replay::once(app, ctx, new.idempotency.as_ref(), OPERATION, act, again)
}

/// The operation under which an idempotency key of this act is kept.
const OPERATION: &str = "record";

/// What a call that is repeated is answered from.
#[derive(serde::Serialize, serde::Deserialize)]
struct Ids {
    record: RecordId,
    values: Vec<RecordId>,
    entry: EntryId,
}

fn write_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    new: &NewRecord,
) -> Result<Written, Failure> {
    let mut held = app.hold(subject)?;
    let mut set = ValueSet { subject, set: held::record(ctx.at, app), values: Vec::new(), place: None };
    let mut broken = Vec::new();
    if new.values.is_empty() {
        broken.push(violation("missing-field", "C5").of_field("values"));
    }
    for (code, value) in &new.values {
        let Some(category) = app.policy().category(*code) else {
            broken.push(violation("category-unknown", "C5").of_category(*code));
            continue;
        };
        let valid = app.policy().validate_value(category, value.expose());
        let valid = valid.and_then(|text| app.policy().check_adult(category, &text, ctx.at).map(|()| text));
        match valid {
            Err(reason) => broken.push(reason.of_field(code.as_str())),
            Ok(text) => {
                let record = held::record(ctx.at, app);
                let mac = category.lookup.then(|| app.blind_index(*code, &text));
                let sealed = held.keyring.seal(*code, record, 1, &Private::new(text), app.entropy())?;
                let source = format!("role:{}", ctx.actor.role);
                let (category, version, as_of, proven) = (*code, 1, ctx.at, false);
                set.values.push(StoredValue {
                    record,
                    category,
                    version,
                    as_of,
                    source,
                    mac,
                    proven,
                    sealed,
                });
            }
        }
    }
    if !broken.is_empty() {
        return Err(Failure::Refused(broken));
    }
    let categories: Vec<CategoryCode> = set.values.iter().map(|value| value.category).collect();
    let query = held::query(ctx, new.purpose, app.category_set(&categories)?, Operation::Recording);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::Recording, None)?;
    let log_entry = drafts.entry();
    let closed = app.close(&held)?;
    let value_ids: Vec<RecordId> = set.values.iter().map(|value| value.record).collect();
    let ids = Ids { record: set.set, values: value_ids.clone(), entry: log_entry };
    let idempotency = replay::row(app, ctx, new.idempotency.as_ref(), OPERATION, subject, &ids);
    let (inner, came, record_id) = (app.clone(), new.terms, set.set);
    let terms = held::act(app, subject, query, drafts, move |tx, _| {
        replay::claim(&inner, tx, idempotency.as_ref())?;
        closed.store(tx)?;
        let place = terms::join(tx, &came)?;
        value_sets::insert(tx, &ValueSet { place: Some(place), ..set.clone() })?;
        for value in &set.values {
            if let Some(mac) = value.mac {
                lookups::insert(tx, value.category, &mac, subject, false)?;
            }
        }
        Ok(place.group.terms)
    })?;
    Ok(Written { record_id, value_ids, terms, log_entry })
}

/// Opens one record for a purpose.
///
/// # Errors
/// The gate's violations (logged); not found, erased.
pub fn read(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: RecordId,
    purpose: PurposeId,
) -> Result<(RecordView, EntryId), Failure> {
    let (set, view) = access::record(app, ctx, subject, purpose, record)?;
    Ok((RecordView { terms: TermsView::of(&set), values: view.values }, view.log_entry))
}

/// The terms of a person's records, oldest first; no value is opened.
///
/// # Errors
/// The gate's violations (logged) for a role that may not read for the duty `rights`; not found, erased.
pub fn list(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
) -> Result<(Vec<TermsView>, EntryId), Failure> {
    let look = look(app, ctx, subject, code::RIGHTS, Values::Of(CategorySet::EMPTY), |_| Ok(()))?;
    Ok((terms_views(&look.held), look.entry))
}

/// The terms of the records that a person has.
pub(crate) fn terms_views(held: &Held) -> Vec<TermsView> {
    held.sets.iter().filter(|set| set.place.is_some()).map(TermsView::of).collect()
}

/// Puts one record of a person, or all, under changed terms.
///
/// # Errors
/// `storage-period-invalid`; the gate's violations (logged); not found, erased.
pub fn change_terms(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: Option<RecordId>,
    changes: &[(TermField, Option<TermCode>)],
) -> Result<EntryId, Failure> {
    held::retry(|| {
        let held = app.hold(subject)?;
        let sets: Vec<&ValueSet> = chosen(&held.sets, record).collect();
        if sets.is_empty() {
            return Err(Failure::NotFound);
        }
        let mut moves = Vec::with_capacity(sets.len());
        for set in &sets {
            let mut new = terms_of(set);
            for (field, to) in changes {
                new = new.with(*field, *to).map_err(|_| {
                    Failure::Refused(vec![
                        violation("storage-period-invalid", "C11.6").of_field(field.code()),
                    ])
                })?;
            }
            moves.push((set.set, new));
        }
        let left = leave(app, &held, sets.iter().copied())?;
        let query = held::query(ctx, code::RIGHTS, CategorySet::EMPTY, Operation::Rectification);
        let drafts = app.drafts(&held.keyring, &query, EntryKind::TermsChanged, None)?;
        let entry = drafts.entry();
        // Whatever changes a record closes the keyring anew, so that whoever reads meanwhile learns of it.
        let closed = app.close(&held)?;
        held::act(app, subject, query, drafts, move |tx, _| {
            closed.store(tx)?;
            left.store(tx)?;
            for (set, new) in &moves {
                let place = terms::join(tx, new)?;
                value_sets::set_place(tx, subject, *set, &place)?;
            }
            Ok(())
        })?;
        Ok(entry)
    })
}

fn chosen(sets: &[ValueSet], record: Option<RecordId>) -> impl Iterator<Item = &ValueSet> {
    sets.iter().filter(move |set| set.place.is_some() && record.is_none_or(|record| set.set == record))
}

/// What a line of a person's history begins with that stands for the rules its records met in a group they left. The rules
/// themselves are about nobody and stay where they are.
const LEFT: &str = "senim/left-group/v1";

/// Which rules a person's records met in groups that they now leave: one line of the person's own history.
#[derive(Clone)]
pub(crate) struct Left {
    row: Option<HistoryRow>,
    /// The newest rule when they were read.
    rule: u32,
}

impl Left {
    /// Writes the line, or rolls the unit back if a rule was made meanwhile.
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        if rules::newest(tx)? != self.rule {
            return Err(Fault::Rollback(CHANGED));
        }
        self.row.as_ref().map_or(Ok(()), |row| history::insert(tx, row))
    }
}

/// What [`Left`] says of these sets.
pub(crate) fn leave<'a>(
    app: &App,
    held: &Held,
    sets: impl IntoIterator<Item = &'a ValueSet>,
) -> Result<Left, Failure> {
    let met = met(sets);
    if met.is_empty() {
        return Ok(Left { row: None, rule: held.rule });
    }
    let text = met
        .iter()
        .fold(LEFT.to_owned(), |text, Met { group, after, until }| format!("{text} {group} {after} {until}"));
    let sealed = held.keyring.seal_history(&text, &[0; 32], app.entropy())?;
    Ok(Left { row: Some(HistoryRow { subject: held.facts.subject, sealed }), rule: held.rule })
}

/// The rules that a line of the history stands for, if it is such a line.
pub(crate) fn left(text: &str) -> Option<Vec<Met>> {
    let numbers: Vec<u32> = text
        .strip_prefix(LEFT)?
        .split_ascii_whitespace()
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    let (threes, _) = numbers.as_chunks();
    Some(threes.iter().map(|&[group, after, until]| Met { group, after, until }).collect())
}

/// Which rules these sets met in the groups they are in, each group once.
fn met<'a>(sets: impl IntoIterator<Item = &'a ValueSet>) -> BTreeSet<Met> {
    sets.into_iter().filter_map(|set| Met::of(&set.place?)).collect()
}

/// The lines of a person's history that stand in nobody's history alone: rules that the records meet, and met in groups
/// they left, and acts about many people of whom this is one.
pub(crate) fn shared_lines(
    app: &App,
    held: &Held,
    left: impl IntoIterator<Item = Met>,
) -> Result<Vec<(String, Salt)>, Failure> {
    let mut met = met(held.sets.iter().chain(&held.over));
    met.extend(left);
    Ok(app.store().read(|tx| {
        let mut met_rules = BTreeMap::new();
        for met in &met {
            met_rules.extend(rules::list_met(tx, *met)?.into_iter().map(|rule| (rule.number, rule)));
        }
        let mut lines: Vec<(String, Salt)> =
            met_rules.into_values().map(|rule| (rule.entry, rule.salt)).collect();
        bulk_reads::each_since(tx, held.facts.subject, |read| {
            if read.has(&held.keyring.mark(read.entry)) {
                lines.push((read.text, read.salt));
            }
            Ok(())
        })?;
        Ok(lines)
    })?)
}

/// Writes the entry of an act about many people with the list of their marks; gives what lets the act happen.
fn record_bulk(
    app: &App,
    tx: &mut Tx<'_>,
    bulk: Bulk,
    draft: &Draft,
    marks: Vec<[u8; 16]>,
) -> Result<Vec<Witnessed<Grant>>, Fault> {
    let marks = BulkRead::marks_of(marks);
    let payload = Some(Sha256::digest(&marks).into());
    let granted = bulk.witness(app.policy(), Draft { payload, ..draft.clone() }, tx)?;
    let (text, salt) = (granted.text, granted.salt);
    bulk_reads::insert(tx, &BulkRead { entry: draft.id, text, salt, marks })?;
    Ok(granted.grants)
}

/// Records of a group written before this instant are over at `at`.
fn over_before(group: &Group, at: Instant) -> Option<Instant> {
    let epoch = Instant::from_micros(0);
    let kept = group.terms.ends_at(epoch)?;
    Some(Instant::from_micros(at.micros() - kept.micros()))
}
