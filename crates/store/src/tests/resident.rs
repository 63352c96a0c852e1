//! Facts in memory: what a decision sees is what is committed, whatever units did and however they ended.

use std::sync::Arc;

use model::{RestrictionKind, SubjectFacts, SubjectId};

use super::{Folder, at, id, open, open_epoch, subject};
use crate::tables::subjects;
use crate::{Fault, Store, Tx};

/// What a decision sees, and what the row says.
fn seen(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(Option<Answers>, Option<Answers>), Fault> {
    let seen = subjects::with_facts(tx, subject, |facts| {
        facts.map(|facts| (facts.restriction(), facts.is_proven()))
    })?;
    let row = subjects::facts(tx, subject)?.map(|facts| (facts.restriction, facts.contact_proven));
    Ok((seen, row))
}
type Answers = (Option<RestrictionKind>, bool);

fn agree(store: &Store, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let (seen, row) = store.write(move |tx| seen(tx, subject(number))).unwrap();
        assert_eq!(seen, row, "subject {number}");
    }
}

fn facts(number: u64, step: u64) -> SubjectFacts {
    let mut facts = SubjectFacts::new(subject(number), true);
    facts.contact_proven = step.is_multiple_of(2);
    facts.restriction = step.is_multiple_of(3).then_some(RestrictionKind::Dispute);
    facts
}

fn insert(tx: &mut Tx<'_>, number: u64) -> Result<(), Fault> {
    subjects::insert(tx, &facts(number, 1), model::BucketId::from_bytes(id(0)), at(0), None)
}

#[test]
fn a_decision_sees_a_change_at_once_and_never_one_that_was_rolled_back() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    open_epoch(&store);
    store.write(|tx| (1..9).try_for_each(|number| insert(tx, number))).unwrap();
    agree(&store, 1..10);
    for step in 2..14 {
        // The unit itself sees what it did, and so does everybody after it.
        let number = step % 8 + 1;
        let (own, row) = store
            .write(move |tx| {
                subjects::set_facts(tx, &facts(number, step))?;
                seen(tx, subject(number))
            })
            .unwrap();
        assert_eq!(own, row);
        agree(&store, 1..10);
        // A unit that fails leaves nothing behind.
        let failed: Result<(), _> = store.write(move |tx| {
            subjects::set_facts(tx, &facts(number, step + 1))?;
            Err(Fault::Rollback("not-today"))
        });
        assert!(failed.is_err());
        agree(&store, 1..10);
    }
    store.write(|tx| subjects::delete(tx, subject(3))).unwrap();
    agree(&store, 1..10);
    let failed: Result<(), _> = store.write(|tx| {
        subjects::delete(tx, subject(4))?;
        Err(Fault::Rollback("not-today"))
    });
    assert!(failed.is_err());
    agree(&store, 1..10);
}

#[test]
fn units_that_share_a_commit_with_one_that_fails_leave_exact_facts() {
    let folder = Folder::new();
    let store = Arc::new(open(folder.path()).unwrap());
    open_epoch(&store);
    store.write(|tx| (1..33).try_for_each(|number| insert(tx, number))).unwrap();
    agree(&store, 1..33);
    let threads: Vec<_> = (0..64u64)
        .map(|step| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || {
                store.write(move |tx| {
                    std::thread::sleep(std::time::Duration::from_millis(if step == 0 { 50 } else { 0 }));
                    let number = step % 32 + 1;
                    subjects::set_facts(tx, &facts(number, step))?;
                    let (own, row) = seen(tx, subject(number))?;
                    assert_eq!(own, row);
                    if step.is_multiple_of(5) { Err(Fault::Rollback("not-today")) } else { Ok(()) }
                })
            })
        })
        .collect();
    for (step, thread) in threads.into_iter().enumerate() {
        assert_eq!(thread.join().unwrap().is_err(), step.is_multiple_of(5), "unit {step}");
    }
    agree(&store, 1..33);
}
