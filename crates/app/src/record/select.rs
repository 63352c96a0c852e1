//! Selecting records by their terms, over all people, for a purpose.
//!
//! Clauses: C10.1, C10.2, C16.1.

use std::collections::BTreeMap;

use model::{
    CategoryCode, EntryId, EntryKind, Instant, Operation, ProcessingContext, PurposeId, RecordId, SubjectId,
    Terms,
};
use policy::{Bulk, CategorySet, Draft};
use store::tables::keyrings::{self, KeyringRow};
use store::tables::terms::{self, Member};
use store::tables::value_sets::{self, ValueSet};
use store::tables::{key_buckets, rules, subjects};
use store::{Fault, Tx};
use vault::Keyring;

use super::{RecordView, TermsView, over_before, record_bulk};
use crate::failure::violation;
use crate::held::{self, CHANGED};
use crate::{App, Failure, access};

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
    /// The records of the page, person by person.
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

type Person = (KeyringRow, key_buckets::KeyBucket, Vec<ValueSet>);

/// The persons of these records, each with the keys and the records found.
fn candidates(tx: &mut Tx<'_>, found: &[(u32, Member)]) -> Result<Vec<Person>, Fault> {
    let mut sets: BTreeMap<SubjectId, Vec<ValueSet>> = BTreeMap::new();
    for (_, member) in found {
        if let Some(set) = value_sets::fetch(tx, member.subject, member.set)? {
            sets.entry(member.subject).or_default().push(set);
        }
    }
    let mut people = Vec::with_capacity(sets.len());
    for (subject, sets) in sets {
        let Some(keyring) = keyrings::fetch(tx, subject)? else { continue };
        if let Some(bucket) = key_buckets::fetch(tx, keyring.bucket)? {
            people.push((keyring, bucket, sets));
        }
    }
    Ok(people)
}
