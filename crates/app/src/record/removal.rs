//! Destroying records with their keys: one by one, and what rules and storage periods ended.
//!
//! Clauses: C10.7, C11.6, C17.

use std::collections::BTreeSet;

use model::{CategoryCode, EntryId, EntryKind, Operation, ProcessingContext, ReceiptId, RecordId, SubjectId};
use policy::{Bulk, Draft};
use serde_json::json;
use store::tables::terms;
use store::tables::value_sets::{self, ValueSet};
use store::tables::{lookups, subjects};
use store::{Fault, Tx};

use super::{Left, chosen, leave, over_before, record_bulk};
use crate::held::{self, Held};
use crate::receipt::{self, Change, Unplaced};
use crate::{App, Failure, code};

/// People of one unit of a sweep.
const SWEEP_UNIT: usize = 50;
/// Records listed at once, and people gathered before their records are destroyed.
const LISTED_AT_ONCE: u32 = 1_000;
const PEOPLE_AT_ONCE: usize = 16_384;
/// Units carried out side by side.
const LANES: usize = 4;

/// What of a person is to be destroyed; its keys are gone from the keyring in hand.
#[derive(Clone)]
struct Removal {
    left: Left,
    subject: SubjectId,
    sets: Vec<RecordId>,
    lookups: Vec<(CategoryCode, [u8; 32])>,
}

impl Removal {
    fn new(app: &App, held: &mut Held, gone: &[ValueSet]) -> Result<Self, Failure> {
        let left = leave(app, held, gone)?;
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
        Ok(Self { left, subject: held.facts.subject, sets, lookups })
    }

    fn store(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.left.store(tx)?;
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

/// Records of a person that were deleted.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Deleted {
    /// How many.
    pub records: usize,
    /// The receipt.
    pub receipt: Option<String>,
    /// The receipt's id.
    pub receipt_id: ReceiptId,
    /// The entry.
    pub log_entry: EntryId,
}

/// Destroys one record of a person, or all, with their keys. The person gets a receipt of it, and a letter where one can
/// arrive.
///
/// # Errors
/// The gate's violations (logged); not found, erased.
pub fn delete(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: Option<RecordId>,
) -> Result<Deleted, Failure> {
    held::retry(|| delete_once(app, ctx, subject, record))
}

fn delete_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: Option<RecordId>,
) -> Result<Deleted, Failure> {
    let mut held = app.hold(subject)?;
    let gone: Vec<ValueSet> = chosen(&held.sets, record).cloned().collect();
    if gone.is_empty() {
        return Err(Failure::NotFound);
    }
    let categories = categories_of(&gone);
    let query = held::query(ctx, code::RIGHTS, app.category_set(&categories)?, Operation::Deletion);
    let receipt_id = ReceiptId::new(ctx.at, app.entropy());
    let mut body = receipt::frame(app, "DeletionReceipt", receipt_id, ctx);
    body["pii_principal_id"] = json!(subject);
    body["records"] = gone
        .iter()
        .map(|set| {
            json!({
                "record_id": set.set,
                "written_at": set.set.made_at(),
                "categories": categories_of(std::slice::from_ref(set)),
                "keys": "destroyed",
            })
        })
        .collect();
    let unplaced = Unplaced::new(app, receipt_id, "deletion", &body);
    let removal = Removal::new(app, &mut held, &gone)?;
    let is_gone = |set: &ValueSet| gone.iter().any(|one| one.set == set.set);
    let is_told = held.values().any(|(set, value)| !is_gone(set) && value.category == code::EMAIL);
    let change = Change::new(app, ctx, &mut held, (EntryKind::Deletion, query), unplaced, is_told)?;
    let done = change.carry_out(app, move |tx, _| removal.store(tx))?;
    Ok(Deleted { records: gone.len(), receipt: done.receipt, receipt_id, log_entry: done.log_entry })
}

/// What these sets hold, each category once.
fn categories_of(sets: &[ValueSet]) -> Vec<CategoryCode> {
    let held = sets.iter().flat_map(|set| &set.values).map(|value| value.category);
    held.collect::<BTreeSet<_>>().into_iter().collect()
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
    // Person after person, since what one person has lies together, whatever groups it is in.
    let (mut people, mut done) = (BTreeSet::new(), 0);
    for (group, before) in ended.into_iter().map(|group| (group, last)).chain(timed) {
        let mut after = None;
        loop {
            let members =
                app.store().read(|tx| terms::members(tx, group.group, after, before, LISTED_AT_ONCE))?;
            let Some(end) = members.last() else { break };
            after = Some(end.set);
            people.extend(members.iter().map(|member| member.subject));
            if people.len() >= PEOPLE_AT_ONCE {
                done += destroy_all(app, std::mem::take(&mut people))?;
            }
        }
    }
    Ok(done + destroy_all(app, people)?)
}

fn destroy_all(app: &App, people: BTreeSet<SubjectId>) -> Result<usize, Failure> {
    let people: Vec<SubjectId> = people.into_iter().collect();
    people.chunks(SWEEP_UNIT * LANES).try_fold(0, |done, unit| Ok(done + destroy_of(app, unit)?))
}

/// Destroys what is over of these people, a few side by side: commits are shared.
fn destroy_of(app: &App, people: &[SubjectId]) -> Result<usize, Failure> {
    std::thread::scope(|scope| {
        let lanes: Vec<_> = people
            .chunks(people.len().div_ceil(LANES).max(1))
            .map(|share| scope.spawn(move || destroy_unit(app, share)))
            .collect();
        let mut done = 0;
        for lane in lanes {
            done += lane.join().unwrap_or(Err(Failure::Conflict("panicked")))?;
        }
        Ok(done)
    })
}

/// One unit; person by person if somebody among them is changed all the time. Whoever alone is changed all the time waits
/// for the next sweep.
fn destroy_unit(app: &App, people: &[SubjectId]) -> Result<usize, Failure> {
    match held::retry(|| destroy(app, people)) {
        Err(Failure::Store(Fault::Rollback(_))) if people.len() > 1 => {
            people.iter().try_fold(0, |done, one| Ok(done + destroy_unit(app, std::slice::from_ref(one))?))
        }
        Err(Failure::Store(Fault::Rollback(_))) => Ok(0),
        done => done,
    }
}

/// Destroys everything of these people that is over, but for those of whom a dispute keeps it as it is.
fn destroy(app: &App, people: &[SubjectId]) -> Result<usize, Failure> {
    let ctx = app.system();
    let id = EntryId::new(ctx.at, app.entropy());
    let (mut removals, mut categories) = (Vec::with_capacity(people.len()), BTreeSet::new());
    for subject in people {
        let mut held = match app.hold(*subject) {
            Ok(held) => held,
            Err(Failure::Gone | Failure::NotFound) => continue,
            Err(other) => return Err(other),
        };
        let gone = held.over.clone();
        if gone.is_empty() {
            continue;
        }
        categories.extend(categories_of(&gone));
        let mark = held.keyring.mark(id);
        let removal = Removal::new(app, &mut held, &gone)?;
        removals.push((removal, app.close(&held)?, mark));
    }
    if removals.is_empty() {
        return Ok(0);
    }
    let categories: Vec<CategoryCode> = categories.into_iter().collect();
    let query = held::query(&ctx, code::RIGHTS, app.category_set(&categories)?, Operation::Destruction);
    let draft =
        Draft { id, kind: EntryKind::Destruction, payload: None, salt: app.salt(), history: Vec::new() };
    let inner = app.clone();
    Ok(app.store().write_protected(move |tx| {
        let mut bulk = Bulk::new(query);
        let (mut marks, mut done) = (Vec::with_capacity(removals.len()), 0);
        for (removal, closed, mark) in &removals {
            let admitted = subjects::with_facts(tx, removal.subject, |facts| {
                facts.is_some_and(|facts| bulk.admits(inner.policy(), facts))
            })?;
            if admitted {
                closed.store(tx)?;
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
