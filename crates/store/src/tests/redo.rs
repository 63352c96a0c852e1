//! The redo log: what was answered stands after a crash and after a power loss, once, and nothing else does.

use std::path::Path;
use std::sync::Arc;

use model::Witness as _;

use super::{Folder, fsck, line, log_size, open_embedded, open_epoch, submit};
use crate::tables::{meta, subjects};
use crate::{Fault, Store};

const DATABASE: &str = "senim.db";
const WRITE_AHEAD_LOG: &str = "senim.db-wal";
const REDO: &str = "senim.redo";

/// Runs this while a reader holds the snapshot of its beginning: nothing is copied back into the file, nothing cut, and the
/// files can be copied one after the other as a crash of one moment would leave them.
fn undisturbed<R>(store: &Store, mut run: impl FnMut() -> R) -> R {
    store
        .read(|tx| {
            tx.query_opt("SELECT key FROM meta", &[])?;
            Ok(run())
        })
        .unwrap()
}

/// A folder whose database file has the schema and one writer's epoch, and nothing waiting.
fn prepared() -> Folder {
    let folder = Folder::new();
    open_epoch(&open_embedded(folder.path()).unwrap());
    folder
}

/// What a crash of this moment would leave: copies of these files in a folder of their own.
fn crash(folder: &Folder, files: &[&str]) -> Folder {
    let left = Folder::new();
    for file in files {
        if folder.path().join(file).exists() {
            std::fs::copy(folder.path().join(file), left.path().join(file)).unwrap();
        }
    }
    left
}

fn write(store: &Store, key: &str) {
    let key = key.to_owned();
    store.write(move |tx| meta::put(tx, &key, b"x")).unwrap();
}

fn stands(store: &Store, key: &str) -> bool {
    store.read(|tx| meta::get(tx, key)).unwrap().is_some()
}

/// Bytes of the redo log in which something stands.
fn redo_bytes(folder: &Path) -> usize {
    std::fs::read(folder.join(REDO)).unwrap_or_default().iter().filter(|byte| **byte != 0).count()
}

/// Opens what is left of a crash, if it holds everything up to `number`, each once.
fn recovered(left: &Folder, number: u64) -> Result<(), Fault> {
    let store = open_embedded(left.path())?;
    assert_eq!(store.read(subjects::count).unwrap(), number);
    assert_eq!(log_size(&store), number * 2);
    assert_eq!(fsck(&store), Vec::<String>::new());
    // Not again with each opening.
    store.write(move |tx| submit(tx, 1_000)).unwrap();
    drop(store);
    assert_eq!(redo_bytes(left.path()), 0, "an orderly end leaves nothing in it");
    let store = open_embedded(left.path()).unwrap();
    assert_eq!(store.read(subjects::count).unwrap(), number + 1);
    Ok(())
}

#[test]
fn what_was_answered_is_there_after_a_crash_of_the_process_or_of_the_machine() {
    let folder = prepared();
    let store = open_embedded(folder.path()).unwrap();
    undisturbed(&store, || {
        let mut renewed = 0;
        for number in 1..120 {
            store.write(move |tx| submit(tx, number)).unwrap();
            if number % 20 != 1 {
                continue;
            }
            // A process dies: files are as they were written. A machine dies: of the log that nobody synced, nothing or a
            // part is there.
            let killed = crash(&folder, &[DATABASE, WRITE_AHEAD_LOG, REDO]);
            let lost = crash(&folder, &[DATABASE, REDO]);
            let torn = crash(&folder, &[DATABASE, WRITE_AHEAD_LOG, REDO]);
            let log = torn.path().join(WRITE_AHEAD_LOG);
            let length = std::fs::metadata(&log).unwrap().len();
            std::fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(length * 2 / 3).unwrap();
            assert_eq!(recovered(&killed, number), Ok(()));
            // Once the redo log began anew, what it said before is durable in the log, of which then nothing is lost: to
            // take it away is damage, which is seen.
            let is_renewed = number_of(&std::fs::read(folder.path().join(REDO)).unwrap()) > 2;
            renewed += u64::from(is_renewed);
            for left in [torn, lost] {
                match recovered(&left, number) {
                    Ok(()) => {}
                    Err(fault) => {
                        assert!(is_renewed && matches!(fault, Fault::Corrupt(_)), "{number}: {fault:?}");
                    }
                }
            }
        }
        assert!(renewed > 0 && renewed < 6, "both before and after it began anew: {renewed}");
    });
}

#[test]
fn a_record_that_was_half_written_was_never_answered() {
    let folder = prepared();
    let store = open_embedded(folder.path()).unwrap();
    undisturbed(&store, || {
        write(&store, "first");
        let torn = crash(&folder, &[DATABASE, WRITE_AHEAD_LOG]);
        let before = std::fs::read(folder.path().join(REDO)).unwrap();
        write(&store, "second");
        // The last byte of the second record that reached the disk is another.
        let mut after = std::fs::read(folder.path().join(REDO)).unwrap();
        let last = (0..after.len()).rev().find(|&at| after[at] != before[at]).unwrap();
        after[last] ^= 1;
        std::fs::write(torn.path().join(REDO), after).unwrap();
        let store = open_embedded(torn.path()).unwrap();
        assert!(stands(&store, "first") && !stands(&store, "second"));
    });
}

#[test]
fn a_batch_that_breaks_takes_nothing_with_it_that_was_answered() {
    let folder = prepared();
    let store = open_embedded(folder.path()).unwrap();
    let left = undisturbed(&store, || {
        for round in 0..5u64 {
            for number in 0..5 {
                let number = round * 10 + number;
                store.write(move |tx| tx.append(line(number, None))).unwrap();
            }
            let failed = store.write(move |tx| {
                meta::put(tx, "undone", b"x")?;
                tx.append(line(round * 10, None))
            });
            assert_eq!(failed, Err(Fault::Conflict));
            let failed =
                store.write(|tx| meta::put(tx, "undone", b"x").and(Err::<(), _>(Fault::Rollback("no"))));
            assert_eq!(failed, Err(Fault::Rollback("no")));
        }
        crash(&folder, &[DATABASE, WRITE_AHEAD_LOG, REDO])
    });
    for store in [store, open_embedded(left.path()).unwrap()] {
        assert_eq!(log_size(&store), 25);
        assert!(!stands(&store, "undone"));
        assert_eq!(fsck(&store), Vec::<String>::new());
    }
}

#[test]
fn of_units_that_meet_in_a_batch_only_those_that_succeeded_are_done_again() {
    let folder = Folder::new();
    let store = Arc::new(open_embedded(folder.path()).unwrap());
    let (done, left) = undisturbed(&store, || {
        let threads: Vec<_> = (0..32u64)
            .map(|number| {
                let store = Arc::clone(&store);
                std::thread::spawn(move || {
                    store.write(move |tx| {
                        std::thread::sleep(std::time::Duration::from_millis(2));
                        tx.append(line(number, None))?;
                        meta::put(tx, &number.to_string(), b"x")?;
                        if number.is_multiple_of(3) { Err(Fault::Rollback("no")) } else { Ok(()) }
                    })
                })
            })
            .collect();
        let done: Vec<bool> = threads.into_iter().map(|thread| thread.join().unwrap().is_ok()).collect();
        (done, crash(&folder, &[DATABASE, WRITE_AHEAD_LOG, REDO]))
    });
    let again = open_embedded(left.path()).unwrap();
    for (number, done) in done.into_iter().enumerate() {
        assert_eq!(stands(&again, &number.to_string()), done, "{number}");
    }
    assert_eq!(log_size(&again), log_size(&store));
    assert_eq!(fsck(&again), Vec::<String>::new());
}

#[test]
fn a_read_that_begins_after_an_answer_sees_what_was_answered() {
    let folder = Folder::new();
    let store = Arc::new(open_embedded(folder.path()).unwrap());
    let threads: Vec<_> = (0..4)
        .map(|lane| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || {
                for number in 0..100 {
                    let key = format!("{lane}-{number}");
                    write(&store, &key);
                    assert!(stands(&store, &key));
                    write(&store, &format!("{key}-unread"));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn nothing_of_it_is_kept_when_nobody_writes() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    write(&store, "first");
    assert!(redo_bytes(folder.path()) > 0);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while redo_bytes(folder.path()) > 0 {
        assert!(std::time::Instant::now() < until, "never cut");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(stands(&store, "first"));
    write(&store, "second");
    drop(store);
    assert_eq!(redo_bytes(folder.path()), 0, "an orderly end leaves nothing in it");
    let store = open_embedded(folder.path()).unwrap();
    assert!(stands(&store, "first") && stands(&store, "second"));
}

#[test]
fn a_redo_log_of_another_folder_or_version_is_refused() {
    let (folder, other) = (Folder::new(), Folder::new());
    let store = open_embedded(folder.path()).unwrap();
    for number in 0..5 {
        write(&store, &number.to_string());
    }
    drop(store);
    let elsewhere = open_embedded(other.path()).unwrap();
    for number in 0..12 {
        write(&elsewhere, &number.to_string());
    }
    // Numbers that follow on nothing here.
    let mixed = crash(&folder, &[DATABASE]);
    let redo = std::fs::read(other.path().join(REDO)).unwrap();
    let skipped = 8 - number_of(&redo).min(8);
    let later = &redo[record_bytes(&redo) * usize::try_from(skipped).unwrap()..];
    assert!(number_of(later) >= 8);
    std::fs::write(mixed.path().join(REDO), later).unwrap();
    assert!(matches!(open_embedded(mixed.path()).err(), Some(Fault::Corrupt(_))));

    let newer = crash(&folder, &[DATABASE]);
    let mut record = redo;
    record[3] = b'9';
    std::fs::write(newer.path().join(REDO), &record).unwrap();
    assert!(matches!(open_embedded(newer.path()).err(), Some(Fault::Corrupt(_))));
    assert_eq!(std::fs::read(newer.path().join(REDO)).unwrap(), record, "and kept as it was");
}

/// The first record's number.
fn number_of(redo: &[u8]) -> u64 {
    u64::from_le_bytes(redo[4..12].try_into().unwrap())
}

/// Bytes of the first record.
fn record_bytes(redo: &[u8]) -> usize {
    let length = u32::from_le_bytes(redo[12..16].try_into().unwrap());
    (48 + length as usize).next_multiple_of(4096)
}
