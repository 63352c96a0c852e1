//! The benchmark's people and records in the product: a person for each person, a record for each key, and what the client
//! keeps of them, as any company keeps the ids of its customers.

use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, Ordering};

use app::App;
use app::intake::Submission;
use app::record::{self, NewRecord};
use model::{Private, PurposeId, RecordId, SubjectId, TermCode, TermField, Terms};

use super::oracle::meta_text;
use super::trace::{Field, Size, data};
use crate::stand::{People, staff};

/// The purpose for which the benchmark's data are held and read.
pub(super) const PURPOSE: &str = "p8-2";

/// Where a key's record stands.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub record: RecordId,
    pub value: RecordId,
}

impl Slot {
    /// Of a record that was written with one value.
    pub fn of(record: RecordId, values: &[RecordId]) -> Option<Self> {
        values.first().map(|value| Self { record, value: *value })
    }
}

/// What the client knows.
pub(super) struct Known {
    pub size: Size,
    pub subjects: Vec<SubjectId>,
    slots: RwLock<Vec<Option<Slot>>>,
    /// How often an operation began again because others changed the same person at that moment.
    pub again: AtomicU64,
}

/// The term that a field is.
pub(super) const fn term(field: Field) -> TermField {
    match field {
        Field::Pur => TermField::Purpose,
        Field::Period => TermField::StoragePeriod,
        Field::Obj => TermField::Objection,
        Field::Dec => TermField::AutomatedDecisions,
        Field::Acl => TermField::Role,
        Field::Shr => TermField::Recipient,
        Field::Src => TermField::Source,
        Field::Cat => TermField::Category,
    }
}

/// The code of a field's value.
pub(super) fn code_text(field: Field, value: &str) -> String {
    if field == Field::Period { format!("{value}s") } else { value.to_owned() }
}

/// The same as a term's code.
pub(super) fn code(field: Field, value: &str) -> anyhow::Result<TermCode> {
    Ok(TermCode::new(&code_text(field, value))?)
}

/// The terms of record `n`, with another period if it is given.
pub(super) fn terms(n: u64, period: Option<u32>) -> anyhow::Result<Terms> {
    let mut terms = Terms::default();
    for field in Field::ALL {
        let value = match (field, period) {
            (Field::Period, Some(period)) => period.to_string(),
            _ => field.value(n),
        };
        terms = terms.with(term(field), Some(code(field, &value)?))?;
    }
    Ok(terms)
}

/// Terms as the benchmark's metadata.
pub(super) fn meta_of(get: impl Fn(&str) -> String) -> String {
    meta_text(|field| {
        let code = get(term(field).code());
        if field == Field::Period { code.trim_end_matches('s').to_owned() } else { code }
    })
}

fn form(people: &People) -> Submission {
    let mut form = people.form();
    // A name and a phone are enough: nobody is written to in the benchmark.
    form.values.retain(|(name, _)| matches!(name.as_str(), "given_name" | "phone"));
    form
}

impl Known {
    /// Lets the people move in and writes their records, with 32 threads.
    pub fn load(app: &App, size: Size) -> anyhow::Result<Self> {
        let people = People::new(app)?;
        let subjects = side_by_side(size.persons, |_| {
            Ok(app::intake::submit(app, &app.visitor(model::Locale::Ru), &form(&people))?.subject_id)
        })?;
        let room = size.records as usize + size.operations + 16;
        let known = Self { size, subjects, slots: RwLock::new(vec![None; room]), again: AtomicU64::new(0) };
        // A person's records one after the other, as they came.
        side_by_side(size.persons, |person| {
            (0..).map(|at| person + at * size.persons).take_while(|n| *n < size.records).try_for_each(|n| {
                let new = new_record(n, None)?;
                let written = again(&known, || Ok(record::write(app, &staff(app)?, known.whose(n), &new)?))?;
                known.put(n, Slot::of(written.record_id, &written.value_ids));
                Ok(())
            })
        })?;
        Ok(known)
    }

    pub fn whose(&self, n: u64) -> SubjectId {
        self.subjects[self.size.person(n) as usize]
    }

    pub fn slot(&self, n: u64) -> Option<Slot> {
        let slots = self.slots.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        slots.get(n as usize).copied().flatten()
    }

    pub fn put(&self, n: u64, slot: Option<Slot>) {
        let mut slots = self.slots.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        slots[n as usize] = slot;
    }
}

/// A record of the benchmark.
pub(super) fn new_record(n: u64, period: Option<u32>) -> anyhow::Result<NewRecord> {
    Ok(NewRecord {
        purpose: PurposeId::new(PURPOSE)?,
        values: vec![(app::code::MESSAGE, Private::new(data(n, 0)))],
        terms: terms(n, period)?,
        idempotency: None,
    })
}

/// Begins again, as a caller would that is told to try later.
pub(super) fn again<R>(
    known: &Known,
    mut act: impl FnMut() -> Result<R, anyhow::Error>,
) -> anyhow::Result<R> {
    loop {
        match act() {
            Err(fault)
                if matches!(fault.downcast_ref(), Some(app::Failure::Store(store::Fault::Rollback(_)))) =>
            {
                known.again.fetch_add(1, Ordering::Relaxed);
            }
            done => return done,
        }
    }
}

/// Does something for each number below `count`, 32 at a time; the results in order.
fn side_by_side<R: Send>(
    count: u64,
    act: impl Fn(u64) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    const LANES: u64 = 32;
    let act = &act;
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| {
                let numbers = (0..count).filter(move |n| n % LANES == lane);
                scope.spawn(move || numbers.map(act).collect::<anyhow::Result<Vec<R>>>())
            })
            .collect();
        let mut results = Vec::new();
        for lane in lanes {
            results.push(lane.join().map_err(|_| anyhow::anyhow!("a client panicked"))??.into_iter());
        }
        Ok((0..count).filter_map(|n| results[(n % LANES) as usize].next()).collect())
    })
}
