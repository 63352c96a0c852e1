//! Group commit: units share a commit and nothing else.

use std::sync::Arc;
use std::time::Duration;

use model::Witness as _;

use super::{Folder, at, fsck, id, job, line, log_size, open, open_epoch, subject, submit};
use crate::tables::{jobs, meta, subjects};
use crate::{Fault, params};

#[test]
fn a_unit_that_fails_or_panics_harms_nobody_else() {
    let folder = Folder::new();
    let store = Arc::new(open(folder.path()).unwrap());
    let mut threads = Vec::new();
    for number in 0..64u64 {
        let store = Arc::clone(&store);
        threads.push(std::thread::spawn(move || {
            store.write(move |tx| {
                // The first one keeps the writer busy, so that the others meet in one commit.
                std::thread::sleep(Duration::from_millis(if number == 0 { 50 } else { 0 }));
                tx.append(line(number, None))?;
                meta::put(tx, &number.to_string(), b"x")?;
                match number % 4 {
                    1 => Err(Fault::Rollback("not-today")),
                    2 => panic!("a bug in a unit"),
                    3 => tx.append(line(number, None)).map(|()| number), // the same entry twice
                    _ => Ok(number),
                }
            })
        }));
    }
    let outcomes: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    for (number, outcome) in (0..64u64).zip(outcomes) {
        let expected = match number % 4 {
            1 => Err(Fault::Rollback("not-today")),
            2 => Err(Fault::Panicked),
            3 => Err(Fault::Conflict),
            _ => Ok(number),
        };
        assert_eq!(outcome, expected);
        let stands = store.read(|tx| meta::get(tx, &number.to_string())).unwrap().is_some();
        assert_eq!(stands, number % 4 == 0);
    }
    assert_eq!(log_size(&store), 16);
    assert_eq!(fsck(&store), Vec::<String>::new());
    assert!(!store.is_stopped());
}

#[test]
fn what_was_acknowledged_is_there_after_a_reopen_and_the_answer_carries_a_proof() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    open_epoch(&store);
    for number in 1..40 {
        store.write(move |tx| submit(tx, number)).unwrap();
        let entry = line(number * 10, None).entry.id;
        assert!(store.inclusion(entry, None).unwrap().is_some());
    }
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.read(subjects::count).unwrap(), 39);
    assert_eq!(log_size(&store), 78);
    assert_eq!(fsck(&store), Vec::<String>::new());
}

#[test]
fn a_read_sees_one_snapshot_and_cannot_write() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    store.write(|tx| meta::put(tx, "a", b"1")).unwrap();
    store
        .read(|tx| {
            assert_eq!(meta::get(tx, "a")?, Some(b"1".to_vec()));
            store.write(|tx| meta::put(tx, "a", b"2"))?;
            assert_eq!(meta::get(tx, "a")?, Some(b"1".to_vec()));
            assert_eq!(meta::put(tx, "a", b"3"), Err(Fault::ReadOnly));
            assert_eq!(tx.append(line(1, None)), Err(Fault::ReadOnly));
            Ok(())
        })
        .unwrap();
    assert_eq!(store.read(|tx| meta::get(tx, "a")).unwrap(), Some(b"2".to_vec()));
    assert!(!store.is_stopped());
}

#[test]
fn a_reader_that_panics_gives_its_connection_back() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    for _ in 0..5 {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.read(|_| -> Result<(), Fault> { panic!("a bug in a reader") })
        }));
        assert!(outcome.is_err());
    }
    assert_eq!(store.read(|tx| meta::get(tx, "none")).unwrap(), None);
}

#[test]
fn a_statement_that_must_change_one_row_says_when_it_did_not() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    let missing = store.write(|tx| tx.execute_one("DELETE FROM meta WHERE key = ?1", params!["none"]));
    assert_eq!(missing, Err(Fault::Affected { expected: 1, actual: 0 }));
    let mistake = store.write(|tx| tx.execute("SELECT nothing FROM nowhere", &[]));
    assert!(matches!(mistake, Err(Fault::Statement(_))));
    assert!(!store.is_stopped());
}

#[test]
fn clause_6_1_after_a_withdrawal_no_older_job_is_claimed() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    open_epoch(&store);
    store.write(|tx| submit(tx, 1)).unwrap();
    store
        .write(|tx| {
            jobs::enqueue(tx, &job(2, Some(subject(1)), None))?;
            jobs::enqueue(tx, &job(3, None, None))?;
            let mut facts = subjects::facts(tx, subject(1))?.unwrap();
            facts.epoch += 1;
            subjects::set_facts(tx, &facts)
        })
        .unwrap();
    let claimed = store.write(|tx| jobs::claim(tx, "mail", at(2), 10)).unwrap();
    let numbers: Vec<_> = claimed.iter().map(|job| *job.job.as_bytes()).collect();
    assert_eq!(numbers.len(), 2);
    assert!(numbers.contains(&id(2)) && numbers.contains(&id(3)));
    assert_eq!(store.write(|tx| jobs::claim(tx, "mail", at(2), 10)).unwrap(), []);
    let cancelled = store.read(|tx| jobs::list(tx, jobs::JobStatus::Cancelled, 10)).unwrap();
    assert_eq!(cancelled.len(), 1);
}
