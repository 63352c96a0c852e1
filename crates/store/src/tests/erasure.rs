//! Erasure: bounded, complete, and seen by the structural scan.

use model::{ClauseId, EntryId, ErasureId, SubjectId};

use super::{Folder, at, fsck, id, mac, open, open_epoch, secret_mac, subject, submit};
use crate::tables::fence_journal::{Fence, FenceKind};
use crate::tables::idempotency::{self, Idempotency};
use crate::tables::secrets::{self, Secret};
use crate::tables::sessions::{self, Session};
use crate::tables::signin_codes::{self, SigninCode};
use crate::tables::tombstones::{self, Tombstone};
use crate::tables::{jobs, key_buckets, keyrings, lookups, subjects, value_sets};
use crate::{Fault, Store, Tx, erase, params, plans, scan};

pub(super) fn tombstone(subject: SubjectId, number: u64) -> Tombstone {
    Tombstone {
        subject,
        erasure: ErasureId::from_bytes(id(number)),
        erased_at: at(10),
        ground: "withdrawal".into(),
        clause: ClauseId::new("C16.2").unwrap(),
        entry: EntryId::from_bytes(id(number)),
        evidence: vec![1; 32],
        evidence_until: Some(at(100)),
        retained: "[]".into(),
        rows_gone: false,
    }
}

pub(super) fn fence(subject: SubjectId) -> Fence {
    Fence { kind: FenceKind::Erasure, subject, at: at(10), facts: None, detail: String::new() }
}

fn give_access(tx: &mut Tx<'_>, whom: SubjectId) -> Result<(), Fault> {
    sessions::insert(
        tx,
        &Session {
            token_mac: [1; 32],
            kind: "account".into(),
            subject: Some(whom),
            operator: None,
            csrf: vec![2; 16],
            created_at: at(0),
            expires_at: at(100),
        },
    )?;
    secrets::insert(tx, &Secret { secret_mac: secret_mac(1), subject: whom, created_at: at(0) })?;
    let code = SigninCode {
        contact_mac: mac(10),
        code_mac: [4; 32],
        subjects: vec![whom, subject(2)],
        attempts: 0,
        expires_at: at(100),
    };
    signin_codes::put(tx, &code)?;
    idempotency::insert(
        tx,
        &Idempotency {
            principal: "key".into(),
            key: "k".into(),
            body_mac: vec![5; 32],
            operation: "submit".into(),
            status: 201,
            ids: "{}".into(),
            subject: Some(whom),
            at: at(0),
        },
    )
}

fn rows_of(store: &Store, subject: SubjectId) -> u64 {
    store
        .read(|tx| {
            let mut rows = 0;
            for (table, key) in plans::TABLES {
                let kept = ["tombstones", "fence_journal"].contains(table);
                if kept || *key == plans::Key::None || *table == "signin_codes" {
                    continue;
                }
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE subject_id = ?1");
                rows += tx.query_one(&sql, params![&subject])?.int::<u64>(0)?;
            }
            Ok(rows)
        })
        .unwrap()
}

#[test]
fn clause_16_an_erasure_ends_access_at_once_and_the_sweep_leaves_no_row() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    open_epoch(&store);
    for number in 1..=2 {
        store.write(move |tx| submit(tx, number)).unwrap();
    }
    store.write(|tx| give_access(tx, subject(1))).unwrap();
    let others = rows_of(&store, subject(2));
    assert_eq!(store.read(scan::structure).unwrap(), []);

    let whom = subject(1);
    store.write_protected(move |tx| erase::shred(tx, &tombstone(whom, 1), &fence(whom))).unwrap();
    store
        .read(|tx| {
            assert_eq!(subjects::facts(tx, whom)?, None);
            assert_eq!(keyrings::fetch(tx, whom)?, None);
            assert_eq!(lookups::subjects(tx, model::CategoryCode::new("email").unwrap(), &mac(10), 9)?, []);
            assert_eq!(sessions::fetch(tx, &[1; 32])?, None);
            assert_eq!(secrets::fetch(tx, &secret_mac(1))?, None);
            assert_eq!(signin_codes::fetch(tx, &mac(10))?, None);
            assert_eq!(jobs::list_by_subject(tx, whom)?, []);
            let replay = idempotency::fetch(tx, "key", "k")?.unwrap();
            assert_eq!((replay.status, replay.subject, replay.ids.as_str()), (410, None, ""));
            let bucket = key_buckets::list_by_epoch(tx, 1, 9)?.remove(0);
            assert!(bucket.dirty);
            Ok(())
        })
        .unwrap();
    assert_eq!(store.read(scan::structure).unwrap(), []);
    let twice = store.write(move |tx| erase::shred(tx, &tombstone(whom, 1), &fence(whom)));
    assert_eq!(twice, Err(Fault::Missing("subjects")));

    let mut rounds = 0;
    while !store.write(move |tx| erase::sweep_rows(tx, whom, 2)).unwrap().done {
        rounds += 1;
    }
    assert!(rounds >= 3);
    assert_eq!(rows_of(&store, whom), 0);
    assert!(store.read(|tx| tombstones::fetch(tx, whom)).unwrap().unwrap().rows_gone);
    assert_eq!(rows_of(&store, subject(2)), others);
    assert_eq!(store.read(scan::structure).unwrap(), []);
    assert_eq!(fsck(&store), Vec::<String>::new());
}

type Plant = Box<dyn Fn(&mut Tx<'_>) -> Result<(), Fault> + Send>;

#[test]
fn the_structural_scan_finds_each_planted_breach() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    open_epoch(&store);
    for number in 1..=3 {
        store.write(move |tx| submit(tx, number)).unwrap();
    }
    let whom = subject(1);
    let kept = store.read(|tx| Ok((keyrings::fetch(tx, whom)?, value_sets::list(tx, whom)?))).unwrap();
    store.write(move |tx| erase::shred(tx, &tombstone(whom, 1), &fence(whom))).unwrap();
    store.write(move |tx| erase::sweep_rows(tx, whom, 500)).unwrap();
    assert_eq!(store.read(scan::structure).unwrap(), []);

    let codes = |plant: Plant| {
        let found = store
            .write(move |tx| {
                tx.execute("SAVEPOINT plant", &[])?;
                plant(tx)?;
                let found = scan::structure(tx)?;
                tx.execute("ROLLBACK TO plant", &[])?;
                tx.execute("RELEASE plant", &[])?;
                Ok(found)
            })
            .unwrap();
        found.into_iter().map(|finding| (finding.code, finding.table)).collect::<Vec<_>>()
    };
    let (keyring, sets) = kept;
    let keyring = keyring.unwrap();
    assert_eq!(
        codes(Box::new(move |tx| keyrings::insert(tx, &keyring))),
        [("row-of-erased-subject", "keyrings")]
    );
    assert_eq!(
        codes(Box::new(move |tx| value_sets::insert(tx, &sets[0]))),
        [("row-of-erased-subject", "dossier")]
    );
    let email = model::CategoryCode::new("email").unwrap();
    assert_eq!(
        codes(Box::new(move |tx| lookups::insert(tx, email, &[9; 32], whom, false))),
        [("row-of-erased-subject", "lookups")]
    );
    let lost = codes(Box::new(|tx| keyrings::delete(tx, subject(2))));
    assert!(lost.contains(&("blob-without-keyring", "dossier")));
    let lost = codes(Box::new(|tx| tx.execute("DELETE FROM key_buckets", &[]).map(drop)));
    assert_eq!(lost, [("keyring-without-bucket", "keyrings")]);
    let lost = codes(Box::new(|tx| tx.execute("DELETE FROM key_epochs", &[]).map(drop)));
    assert_eq!(lost, [("bucket-without-epoch", "key_buckets")]);
}

#[test]
fn every_blob_is_handed_to_the_scan_by_values() {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    open_epoch(&store);
    store.write(|tx| submit(tx, 1)).unwrap();
    let mut blobs = std::collections::BTreeMap::new();
    store
        .read(|tx| {
            scan::each_blob(tx, |blob| {
                *blobs.entry(blob.kind).or_insert(0) += 1;
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(
        blobs.into_iter().collect::<Vec<_>>(),
        [("history", 2), ("job", 1), ("receipt", 1), ("values", 7)]
    );
}
