//! Records: what was collected together, under terms of its own. Written, read, selected by their terms, put under others,
//! destroyed one by one or, by a rule or when their storage period is over, all that it finds.
//!
//! Invariant: from the commit of a rule on, and from the end of a storage period on, nobody is shown a record that it
//! ended; its keys follow in [`sweep`].
//!
//! Clauses: C10.2, C10.7, C11.6, C16.1, C17.

use model::{
    CategoryCode, EntryId, EntryKind, HistoryRow, Instant, Operation, Private, ProcessingContext, PurposeId,
    RecordId, Salt, SubjectId, TermCode, TermField, Terms,
};
use policy::{Bulk, CategorySet, Draft};
use sha2::{Digest as _, Sha256};
use store::tables::bulk_reads::{self, BulkRead};
use store::tables::keyrings::{self, KeyringRow};
use store::tables::terms::{self, Group, Member};
use store::tables::value_sets::{self, StoredValue, ValueSet};
use store::tables::{history, key_buckets, lookups, rules, subjects};
use store::{Fault, Tx};
use vault::Keyring;

use crate::access::{self, ValueView};
use crate::failure::violation;
use crate::held::{self, CHANGED, Closed, Held};
use crate::look::{Values, look};
use crate::{App, Failure, code};

/// Records of one unit of a sweep.
const SWEEP_UNIT: u32 = 200;

/// A record to write.
pub struct NewRecord {
    /// The purpose for which the role may record it.
    pub purpose: PurposeId,
    /// Its values.
    pub values: Vec<(CategoryCode, Private<String>)>,
    /// Under which terms.
    pub terms: Terms,
}

/// A record that was written.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Written {
    /// The record.
    pub record_id: RecordId,
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
    held::retry(|| write_once(app, ctx, subject, new))
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
    let (inner, came, record_id) = (app.clone(), new.terms, set.set);
    let terms = app.store().write(move |tx| {
        let Some(facts) = subjects::facts(tx, subject)? else { return Ok(Err(Vec::new())) };
        if let Err(violations) = drafts.decide(&inner, tx, &facts, &query)? {
            return Ok(Err(violations));
        }
        closed.store(tx)?;
        let place = terms::join(tx, &came)?;
        value_sets::insert(tx, &ValueSet { place: Some(place), ..set.clone() })?;
        for value in &set.values {
            if let Some(mac) = value.mac {
                lookups::insert(tx, value.category, &mac, subject, false)?;
            }
        }
        Ok(Ok(place.group.terms))
    })?;
    let terms = terms.map_err(refused)?;
    Ok(Written { record_id, terms, log_entry })
}

/// No violation means that the person went meanwhile.
fn refused(violations: Vec<model::Violation>) -> Failure {
    if violations.is_empty() { Failure::Gone } else { Failure::Refused(violations) }
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
    let placed = look.held.sets.iter().filter(|set| set.place.is_some());
    Ok((placed.map(TermsView::of).collect(), look.entry))
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
        let met = met_lines(app, &held, sets.iter().copied())?;
        let query = held::query(ctx, code::RIGHTS, CategorySet::EMPTY, Operation::Rectification);
        let drafts = app.drafts(&held.keyring, &query, EntryKind::TermsChanged, None)?;
        let entry = drafts.entry();
        // Whatever changes a record closes the keyring anew, so that whoever reads meanwhile learns of it.
        let closed = app.close(&held)?;
        let inner = app.clone();
        app.store()
            .write(move |tx| {
                let Some(facts) = subjects::facts(tx, subject)? else { return Ok(Err(Vec::new())) };
                if let Err(violations) = drafts.decide(&inner, tx, &facts, &query)? {
                    return Ok(Err(violations));
                }
                closed.store(tx)?;
                met.store(tx)?;
                for (set, new) in &moves {
                    let place = terms::join(tx, new)?;
                    value_sets::set_place(tx, subject, *set, &place)?;
                }
                Ok(Ok(()))
            })?
            .map_err(refused)?;
        Ok(entry)
    })
}

fn chosen(sets: &[ValueSet], record: Option<RecordId>) -> impl Iterator<Item = &ValueSet> {
    sets.iter().filter(move |set| set.place.is_some() && record.is_none_or(|record| set.set == record))
}

/// Lines of rules that a person's records met in groups that they now leave, sealed into the person's own history.
#[derive(Clone)]
pub(crate) struct Met {
    rows: Vec<HistoryRow>,
    /// The newest rule when they were read.
    rule: u32,
}

impl Met {
    /// Writes them, or rolls the unit back if a rule was made meanwhile.
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        if rules::newest(tx)? != self.rule {
            return Err(Fault::Rollback(CHANGED));
        }
        self.rows.iter().try_for_each(|row| history::insert(tx, row))
    }
}

/// What [`Met`] says of these sets.
pub(crate) fn met_lines<'a>(
    app: &App,
    held: &Held,
    sets: impl IntoIterator<Item = &'a ValueSet>,
) -> Result<Met, Failure> {
    let mut rows = Vec::new();
    for (text, salt) in met(app, sets)? {
        let sealed = held.keyring.seal_history(&text, &salt, app.entropy())?;
        rows.push(HistoryRow { subject: held.facts.subject, sealed });
    }
    Ok(Met { rows, rule: held.rule })
}

/// The entries of the rules that these sets met, each once.
fn met<'a>(app: &App, sets: impl IntoIterator<Item = &'a ValueSet>) -> Result<Vec<(String, Salt)>, Failure> {
    let places: Vec<_> =
        sets.into_iter().filter_map(|set| set.place).filter(|place| place.group.rule > place.since).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut met = app.store().read(|tx| {
        let mut met = Vec::new();
        for place in &places {
            met.extend(rules::list_met(tx, place)?);
        }
        Ok(met)
    })?;
    met.sort_by_key(|rule| rule.number);
    met.dedup_by_key(|rule| rule.number);
    Ok(met.into_iter().map(|rule| (rule.entry, rule.salt)).collect())
}

/// The lines of a person's history that stand in nobody's history alone: rules that the records met, and acts about many
/// people of whom this is one.
pub(crate) fn shared_lines(app: &App, held: &Held) -> Result<Vec<(String, Salt)>, Failure> {
    let mut lines = met(app, held.sets.iter().chain(&held.over))?;
    app.store().read(|tx| {
        bulk_reads::each_since(tx, held.facts.subject, |read| {
            if read.has(&held.keyring.mark(read.entry)) {
                lines.push((read.text, read.salt));
            }
            Ok(())
        })
    })?;
    Ok(lines)
}

/// What of a person is to be destroyed, sealed anew without it.
#[derive(Clone)]
struct Removal {
    closed: Closed,
    met: Met,
    subject: SubjectId,
    sets: Vec<RecordId>,
    lookups: Vec<(CategoryCode, [u8; 32])>,
}

impl Removal {
    fn new(app: &App, held: &mut Held, gone: &[ValueSet]) -> Result<Self, Failure> {
        let met = met_lines(app, held, gone)?;
        for value in gone.iter().flat_map(|set| &set.values) {
            held.keyring.destroy(value.record);
        }
        let is_gone = |set: &ValueSet| gone.iter().any(|one| one.set == set.set);
        let staying: Vec<[u8; 32]> = held
            .sets
            .iter()
            .chain(&held.over)
            .filter(|set| !is_gone(set))
            .flat_map(|set| set.values.iter().filter_map(|value| value.mac))
            .collect();
        let lookups = gone
            .iter()
            .flat_map(|set| &set.values)
            .filter_map(|value| Some((value.category, value.mac?)))
            .filter(|(_, mac)| !staying.contains(mac))
            .collect();
        let sets = gone.iter().map(|set| set.set).collect();
        Ok(Self { closed: app.close(held)?, met, subject: held.facts.subject, sets, lookups })
    }

    fn store(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.closed.store(tx)?;
        self.met.store(tx)?;
        for set in &self.sets {
            value_sets::delete(tx, self.subject, *set)?;
        }
        for (category, mac) in &self.lookups {
            lookups::delete(tx, *category, mac, self.subject)?;
        }
        let is_proven = |set: &ValueSet| set.values.iter().any(|value| value.proven);
        if !self.lookups.is_empty()
            && !value_sets::list(tx, self.subject)?.iter().any(is_proven)
            && let Some(mut facts) = subjects::facts(tx, self.subject)?
            && facts.contact_proven
        {
            facts.contact_proven = false;
            subjects::set_facts(tx, &facts)?;
        }
        Ok(())
    }
}

/// Destroys one record of a person, or all, with their keys; gives the entry.
///
/// # Errors
/// The gate's violations (logged); not found, erased.
pub fn delete(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: Option<RecordId>,
) -> Result<EntryId, Failure> {
    held::retry(|| {
        let mut held = app.hold(subject)?;
        let gone: Vec<ValueSet> = chosen(&held.sets, record).cloned().collect();
        if gone.is_empty() {
            return Err(Failure::NotFound);
        }
        let mut categories: Vec<CategoryCode> =
            gone.iter().flat_map(|set| set.values.iter().map(|value| value.category)).collect();
        categories.sort_unstable();
        categories.dedup();
        let query = held::query(ctx, code::RIGHTS, app.category_set(&categories)?, Operation::Deletion);
        let drafts = app.drafts(&held.keyring, &query, EntryKind::Deletion, None)?;
        let entry = drafts.entry();
        let removal = Removal::new(app, &mut held, &gone)?;
        let inner = app.clone();
        app.store()
            .write(move |tx| {
                let Some(facts) = subjects::facts(tx, subject)? else { return Ok(Err(Vec::new())) };
                if let Err(violations) = drafts.decide(&inner, tx, &facts, &query)? {
                    return Ok(Err(violations));
                }
                removal.store(tx).map(Ok)
            })?
            .map_err(refused)?;
        Ok(entry)
    })
}

/// Where a page of a selection ended: group and record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    group: u32,
    record: RecordId,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.group, self.record)
    }
}

impl std::str::FromStr for Mark {
    type Err = model::id::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (group, record) = text.split_once('.').unwrap_or(("", text));
        let record: RecordId = record.parse()?;
        // A group that is no number is none that there is: nothing follows it.
        Ok(Self { group: group.parse().unwrap_or(u32::MAX), record })
    }
}

/// What a selection gives.
pub struct Selected {
    /// The records, group by group, in the order they were written.
    pub records: Vec<RecordView>,
    /// Where the next page begins, if more follow.
    pub next: Option<Mark>,
    /// The one entry of the whole page.
    pub log_entry: EntryId,
}

/// One person of a selection, as read before the transaction.
struct Candidate {
    keyring_row: KeyringRow,
    keyring: Keyring,
    sets: Vec<ValueSet>,
}

/// Opens, for a purpose, the records that a pattern finds, of whomever the gate lets; one entry for all of them, which each
/// person finds in the own history.
///
/// # Errors
/// Faults of the store and of keys. Whose data the gate does not let out is left out.
pub fn select(
    app: &App,
    ctx: &ProcessingContext,
    purpose: PurposeId,
    pattern: &Terms,
    after: Option<Mark>,
    limit: u32,
) -> Result<Selected, Failure> {
    if app.policy().purpose(purpose).is_none() {
        return Err(Failure::Refused(vec![violation("purpose-unknown", "C10.2").of_field("purpose")]));
    }
    held::retry(|| select_once(app, ctx, purpose, pattern, after, limit))
}

fn select_once(
    app: &App,
    ctx: &ProcessingContext,
    purpose: PurposeId,
    pattern: &Terms,
    after: Option<Mark>,
    limit: u32,
) -> Result<Selected, Failure> {
    let (pattern, at) = (*pattern, app.now());
    let (mut found, people, rule) = app.store().read(|tx| {
        let found = find(tx, &pattern, purpose, after, limit.saturating_add(1), at)?;
        let people = candidates(tx, &found[..found.len().min(limit as usize)])?;
        Ok((found, people, rules::newest(tx)?))
    })?;
    let next =
        crate::paging::cut(&mut found, limit, |(group, member)| Mark { group: *group, record: member.set });
    let mut candidates = Vec::with_capacity(people.len());
    for (keyring_row, bucket, sets) in people {
        let keyring = app.vault().open_keyring(&held::bucket_of(&bucket), &held::wrapped_of(&keyring_row))?;
        let sets = sets.into_iter().filter(|set| !set.is_over(at) && !set.is_objected(purpose)).collect();
        candidates.push(Candidate { keyring_row, keyring, sets });
    }
    let present: Vec<CategoryCode> = candidates
        .iter()
        .flat_map(|one| one.sets.iter().flat_map(|set| &set.values))
        .map(|v| v.category)
        .collect();
    let covers = app.policy().purpose(purpose).map_or(CategorySet::EMPTY, |known| known.categories);
    let categories = covers.intersection(app.category_set(&present)?);
    let query = held::query(ctx, purpose, categories, Operation::Retrieval);
    let id = EntryId::new(ctx.at, app.entropy());
    let draft =
        Draft { id, kind: EntryKind::Retrieval, payload: None, salt: app.salt(), history: Vec::new() };
    let rows: Vec<(SubjectId, KeyringRow, [u8; 16])> = candidates
        .iter()
        .map(|one| (one.keyring_row.subject, one.keyring_row.clone(), one.keyring.mark(id)))
        .collect();
    let inner = app.clone();
    let grants = app.store().write(move |tx| {
        if rules::newest(tx)? != rule {
            return Err(Fault::Rollback(CHANGED));
        }
        let mut bulk = Bulk::new(query);
        let mut marks = Vec::with_capacity(rows.len());
        for (subject, keyring, mark) in &rows {
            // Whatever changes a record closes the keyring anew.
            match keyrings::fetch(tx, *subject)? {
                Some(row) if row == *keyring => {}
                Some(_) => return Err(Fault::Rollback(CHANGED)),
                None => continue,
            }
            let admitted = subjects::with_facts(tx, *subject, |facts| {
                facts.is_some_and(|facts| bulk.admits(inner.policy(), facts))
            })?;
            if admitted {
                marks.push(*mark);
            }
        }
        record_bulk(&inner, tx, bulk, &draft, marks)
    })?;
    let mut records = Vec::with_capacity(found.len());
    for one in &candidates {
        let subject = one.keyring_row.subject;
        let Some(grant) = grants.iter().find(|grant| grant.subject() == subject) else { continue };
        for set in &one.sets {
            let mut values = Vec::with_capacity(set.values.len());
            access::open_set(app, grant, &one.keyring, set, &mut values)?;
            records.push(RecordView { terms: TermsView::of(set), values });
        }
    }
    Ok(Selected { records, next, log_entry: id })
}

/// Writes the entry of an act about many people with the list of their marks; gives what lets the act happen.
fn record_bulk(
    app: &App,
    tx: &mut Tx<'_>,
    bulk: Bulk,
    draft: &Draft,
    marks: Vec<[u8; 16]>,
) -> Result<Vec<policy::Witnessed<policy::Grant>>, Fault> {
    let marks = BulkRead::marks_of(marks);
    let payload = Some(Sha256::digest(&marks).into());
    let (grants, text, salt) = bulk.witness(app.policy(), Draft { payload, ..draft.clone() }, tx)?;
    bulk_reads::insert(tx, &BulkRead { entry: draft.id, text, salt, marks })?;
    Ok(grants)
}

/// Up to `limit` records that a pattern finds after a mark, with the groups they are in.
fn find(
    tx: &mut Tx<'_>,
    pattern: &Terms,
    purpose: PurposeId,
    after: Option<Mark>,
    limit: u32,
    at: Instant,
) -> Result<Vec<(u32, Member)>, Fault> {
    let mut found = Vec::new();
    for group in terms::list(tx, pattern, after.map_or(0, |mark| mark.group))? {
        let left = limit - u32::try_from(found.len()).unwrap_or(limit);
        if left == 0 {
            break;
        }
        if group.terms.objects_to(purpose.as_str()) {
            continue;
        }
        let from = after.filter(|mark| mark.group == group.group).map(|mark| mark.record);
        // What was written before this has been kept long enough.
        let over = over_before(&group, at);
        let from = from.max(over.map(RecordId::first_at));
        let members = terms::members(tx, group.group, from, RecordId::from_bytes([0xff; 16]), left)?;
        found.extend(members.into_iter().map(|member| (group.group, member)));
    }
    Ok(found)
}

/// Records of a group written before this instant are over at `at`.
fn over_before(group: &Group, at: Instant) -> Option<Instant> {
    let epoch = Instant::from_micros(0);
    let kept = group.terms.ends_at(epoch)?;
    Some(Instant::from_micros(at.micros() - kept.micros()))
}

type Person = (KeyringRow, key_buckets::KeyBucket, Vec<ValueSet>);

/// The persons of these records, each with the keys and the records found.
fn candidates(tx: &mut Tx<'_>, found: &[(u32, Member)]) -> Result<Vec<Person>, Fault> {
    let mut people: Vec<(SubjectId, Option<Person>)> = Vec::new();
    for (_, member) in found {
        let known = people.iter().position(|(subject, _)| *subject == member.subject);
        let at = match known {
            Some(at) => at,
            None => {
                let keys = match keyrings::fetch(tx, member.subject)? {
                    Some(keyring) => {
                        key_buckets::fetch(tx, keyring.bucket)?.map(|bucket| (keyring, bucket, Vec::new()))
                    }
                    None => None,
                };
                people.push((member.subject, keys));
                people.len() - 1
            }
        };
        if let Some((.., sets)) = &mut people[at].1 {
            sets.extend(value_sets::fetch(tx, member.subject, member.set)?);
        }
    }
    Ok(people.into_iter().filter_map(|(_, person)| person).collect())
}

/// Destroys what rules and storage periods ended. Returns how many records.
///
/// # Errors
/// Faults of the store; what is left is destroyed by the next sweep.
pub fn sweep(app: &App) -> Result<usize, Failure> {
    let now = app.now();
    let (ended, timed) = app.store().read(|tx| Ok((terms::list_ended(tx)?, terms::list_with_period(tx)?)))?;
    let last = RecordId::from_bytes([0xff; 16]);
    let timed = timed.into_iter().filter_map(|group| {
        let before = RecordId::first_at(over_before(&group, now)?);
        Some((group, before))
    });
    let mut done = 0;
    for (group, before) in ended.into_iter().map(|group| (group, last)).chain(timed) {
        let mut after = None;
        loop {
            let members =
                app.store().read(|tx| terms::members(tx, group.group, after, before, SWEEP_UNIT))?;
            let Some(end) = members.last() else { break };
            after = Some(end.set);
            done += held::retry(|| destroy(app, &members))?;
        }
    }
    Ok(done)
}

/// Destroys these records, if they are over yet, but for those of whom a dispute keeps everything as it is.
fn destroy(app: &App, members: &[Member]) -> Result<usize, Failure> {
    let ctx = app.system();
    let mut people: Vec<SubjectId> = members.iter().map(|member| member.subject).collect();
    people.sort_unstable();
    people.dedup();
    let id = EntryId::new(ctx.at, app.entropy());
    let (mut removals, mut categories) = (Vec::with_capacity(people.len()), Vec::new());
    for subject in people {
        let mut held = match app.hold(subject) {
            Ok(held) => held,
            Err(Failure::Gone | Failure::NotFound) => continue,
            Err(other) => return Err(other),
        };
        let of_these = |set: &&ValueSet| members.iter().any(|member| member.set == set.set);
        let gone: Vec<ValueSet> = held.over.iter().filter(of_these).cloned().collect();
        if gone.is_empty() {
            continue;
        }
        categories.extend(gone.iter().flat_map(|set| &set.values).map(|value| value.category));
        let mark = held.keyring.mark(id);
        removals.push((Removal::new(app, &mut held, &gone)?, mark));
    }
    if removals.is_empty() {
        return Ok(0);
    }
    categories.sort_unstable();
    categories.dedup();
    let query = held::query(&ctx, code::RIGHTS, app.category_set(&categories)?, Operation::Destruction);
    let draft =
        Draft { id, kind: EntryKind::Destruction, payload: None, salt: app.salt(), history: Vec::new() };
    let inner = app.clone();
    Ok(app.store().write_protected(move |tx| {
        let mut bulk = Bulk::new(query);
        let (mut marks, mut done) = (Vec::with_capacity(removals.len()), 0);
        for (removal, mark) in &removals {
            let admitted = subjects::with_facts(tx, removal.subject, |facts| {
                facts.is_some_and(|facts| bulk.admits(inner.policy(), facts))
            })?;
            if admitted {
                removal.store(tx)?;
                marks.push(*mark);
                done += removal.sets.len();
            }
        }
        if done > 0 {
            record_bulk(&inner, tx, bulk, &draft, marks)?;
        }
        Ok(done)
    })?)
}
