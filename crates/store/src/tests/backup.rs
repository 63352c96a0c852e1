//! Backup and restore: everyone living comes back, nobody erased since, nothing withdrawn since.

use model::{ConsentEventKind, PurposeId, Witness as _};

use super::erasure::{fence, tombstone};
use super::{Folder, at, fsck, line, log_size, open, open_embedded, open_epoch, subject, submit};
use crate::tables::fence_journal::{self, Fence, FenceKind};
use crate::tables::{jobs, keyrings, sessions, subjects, tombstones, value_sets};
use crate::{Fault, backup, erase, restore, scan};

#[test]
fn clause_16_an_older_data_backup_with_newer_keys_revives_nobody() {
    let folder = Folder::new();
    let (source, target) = (folder.path().join("a"), folder.path().join("b"));
    let (data, old_keys, keys) =
        (folder.path().join("data.bak"), folder.path().join("old.bak"), folder.path().join("keys.bak"));
    let store = open(&source).unwrap();
    open_epoch(&store);
    for number in 1..=300 {
        store.write(move |tx| submit(tx, number)).unwrap();
    }
    backup::keys(&store, &old_keys).unwrap();
    store.write(|tx| submit(tx, 301)).unwrap();
    assert_eq!(log_size(&store), 602);
    let summary = backup::data(&store, &data).unwrap();
    assert_eq!(summary.log_size, 602);

    // Yesterday: one erased, one withdrew, one came.
    store
        .write(|tx| {
            erase::shred(tx, &tombstone(subject(1), 1), &fence(subject(1)))?;
            tx.append(line(1_000_000, None))
        })
        .unwrap();
    store.write(|tx| erase::sweep_rows(tx, subject(1), 500)).unwrap();
    store
        .write(|tx| {
            let mut facts = subjects::facts(tx, subject(2))?.unwrap();
            facts.epoch += 1;
            facts.consents[0].ended = Some(ConsentEventKind::Withdrawn);
            subjects::set_facts(tx, &facts)?;
            let fence = Fence {
                kind: FenceKind::Withdrawal,
                subject: subject(2),
                at: at(20),
                facts: Some(facts),
                detail: String::new(),
            };
            fence_journal::insert(tx, &fence)?;
            tx.append(line(1_000_001, None))
        })
        .unwrap();
    store.write(|tx| submit(tx, 302)).unwrap();
    assert_eq!(log_size(&store), 606);
    let newest = backup::keys(&store, &keys).unwrap();
    assert_eq!((newest.log_size, newest.fence), (606, 2));
    drop(store);

    let older = restore::restore(&data, &old_keys, &target).err();
    assert!(matches!(older, Some(Fault::Unrestorable(text)) if text.contains("older")));
    assert!(matches!(restore::restore(&keys, &data, &target).err(), Some(Fault::Unrestorable(_))));

    let restored = restore::restore(&data, &keys, &target).unwrap();
    assert_eq!((restored.data_log_size, restored.log_size), (602, 606));
    assert_eq!((restored.erased_again, restored.fences_applied, restored.keyrings_removed), (1, 1, 1));
    let store = open_embedded(&target).unwrap();
    assert_eq!(store.read(subjects::count).unwrap(), 300);
    store
        .read(|tx| {
            assert_eq!(subjects::facts(tx, subject(1))?, None);
            assert_eq!(keyrings::fetch(tx, subject(1))?, None);
            assert!(!tombstones::fetch(tx, subject(1))?.unwrap().rows_gone);
            let facts = subjects::facts(tx, subject(2))?.unwrap();
            assert!(!facts.is_consented(PurposeId::new("p8-2").unwrap(), at(30)));
            assert_eq!(jobs::list_by_subject(tx, subject(2))?[0].status, jobs::JobStatus::Cancelled);
            assert_eq!(value_sets::list(tx, subject(3))?[0].values.len(), 7);
            assert!(keyrings::fetch(tx, subject(301))?.is_some());
            Ok(())
        })
        .unwrap();
    assert!(store.write(|tx| erase::sweep_rows(tx, subject(1), 500)).unwrap().done);
    assert_eq!(store.read(scan::structure).unwrap(), []);
    assert_eq!(fsck(&store), Vec::<String>::new());
    store.write(|tx| tx.append(line(2_000_000, None))).unwrap();
    assert_eq!(log_size(&store), 607);
    assert_eq!(fsck(&store), Vec::<String>::new());
    drop(store);
    assert!(matches!(restore::restore(&data, &keys, &target).err(), Some(Fault::Unrestorable(_))));
}

#[test]
fn a_data_backup_holds_no_key_and_a_key_backup_no_data() {
    let folder = Folder::new();
    let (data, keys) = (folder.path().join("data.bak"), folder.path().join("keys.bak"));
    let store = open(&folder.path().join("a")).unwrap();
    open_epoch(&store);
    store.write(|tx| submit(tx, 1)).unwrap();
    let session = sessions::Session {
        token_mac: [1; 32],
        kind: "account".into(),
        subject: Some(subject(1)),
        operator: None,
        csrf: vec![2; 16],
        created_at: at(0),
        expires_at: at(9),
    };
    store.write(move |tx| sessions::insert(tx, &session)).unwrap();
    backup::data(&store, &data).unwrap();
    backup::keys(&store, &keys).unwrap();
    let rows = |path: &std::path::Path, table: &str| -> i64 {
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    for table in ["key_epochs", "key_buckets", "keyrings", "sessions"] {
        assert_eq!(rows(&data, table), 0, "{table}");
    }
    for table in ["dossier", "subjects", "lookups", "jobs", "sessions"] {
        assert_eq!(rows(&keys, table), 0, "{table}");
    }
    assert_eq!((rows(&data, "dossier"), rows(&keys, "keyrings"), rows(&keys, "log_entries")), (6, 1, 2));
    assert_eq!(rows(&keys, "log_entries WHERE entry IS NOT NULL OR salt IS NOT NULL"), 0);
    let wrapped = [2u8; 60];
    let bytes = std::fs::read(&data).unwrap();
    assert!(!bytes.windows(60).any(|window| window == wrapped), "a wrapped key is in the data backup");
    backup::data(&store, &data).unwrap(); // replaces the one there
    assert!(!data.with_extension("bak.part").exists());
}
