//! The log: integration for batches of every size, proofs, tiles, tampering.

use model::Witness as _;
use proptest::prelude::*;
use tlog::tree::{leaf_hash, verify_consistency, verify_inclusion};
use tlog::{Checkpoint, Hash};

use super::{Folder, fsck, line, log_size, open, open_embedded, signer};
use crate::log::{commitments, consistency, inclusion, prove, state, tile};
use crate::{Fault, Options, Store};

fn check(store: &Store, older: Option<(u64, Hash)>) -> (u64, Hash) {
    assert_eq!(fsck(store), Vec::<String>::new());
    let state = store.read(state).unwrap().unwrap();
    let signed = Checkpoint::open(&state.checkpoint, store.log_key()).unwrap();
    assert_eq!((signed.size, signed.root), (state.size, state.root));
    for index in [0, state.size / 3, state.size.saturating_sub(1)] {
        if index >= state.size {
            continue;
        }
        let proof = store.read(|tx| inclusion(tx, index)).unwrap();
        let leaf = store.read(|tx| commitments(tx, index, index + 1)).unwrap().unwrap()[0];
        verify_inclusion(&leaf_hash(&leaf), index, state.size, &proof.hashes, &state.root).unwrap();
    }
    if let Some((size, root)) = older {
        let (proof, newer) = store.read(|tx| consistency(tx, size)).unwrap();
        verify_consistency(size, &root, newer.size, &newer.root, &proof).unwrap();
    }
    (state.size, state.root)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn every_sequence_of_batches_makes_the_tree_of_its_leaves(
        batches in proptest::collection::vec((0u64..700, any::<bool>()), 1..7),
    ) {
        let folder = Folder::new();
        let mut store = open(folder.path()).unwrap();
        let (mut next, mut older) = (0u64, None);
        for (lines, reopen) in batches {
            let first = next;
            store.write(move |tx| (first..first + lines).try_for_each(|number| tx.append(line(number, None)))).unwrap();
            next += lines;
            if reopen {
                drop(store);
                store = open(folder.path()).unwrap();
            }
            older = Some(check(&store, older));
            prop_assert_eq!(log_size(&store), next);
        }
    }
}

#[test]
fn a_second_level_of_tiles_grows_and_fills() {
    let folder = Folder::new();
    let mut store = open(folder.path()).unwrap();
    let mut older = None;
    for batch in 0..33u64 {
        store
            .write(move |tx| (0..2000).try_for_each(|number| tx.append(line(batch * 2000 + number, None))))
            .unwrap();
        if batch % 16 == 0 {
            older = Some(check(&store, older));
        }
    }
    check(&store, older);
    drop(store);
    store = open(folder.path()).unwrap();
    check(&store, older);
    let size = log_size(&store);
    assert_eq!(size, 66_000);
    for (level, index, width, stands) in [
        (0, 0, 256, true),
        (0, 257, 208, true),
        (0, 257, 209, false),
        (1, 0, 256, true),
        (1, 1, 1, true),
        (2, 0, 1, true),
        (2, 1, 1, false),
    ] {
        let body = store.read(|tx| tile(tx, level, index, width)).unwrap();
        assert_eq!(body.map(|body| body.len()), stands.then_some(usize::from(width) * 32), "{level}/{index}");
    }
}

#[test]
fn fsck_finds_what_was_tampered_with_and_the_log_is_not_continued() {
    let attacks = [
        ("UPDATE log_entries SET entry = replace(entry, 'email', 'phone') WHERE log_index = 3", false),
        ("UPDATE log_entries SET salt = zeroblob(32) WHERE log_index = 299", false),
        ("UPDATE log_entries SET commitment = zeroblob(32) WHERE log_index = 299", true),
        ("DELETE FROM log_entries WHERE log_index = 5", false),
        ("DELETE FROM log_entries WHERE log_index = 299", true),
        ("UPDATE log_tiles SET hashes = zeroblob(8192) WHERE level = 0", true),
        ("DELETE FROM log_tiles WHERE level = 1", false),
        ("UPDATE log_state SET size = 299", true),
        ("INSERT INTO log_entries SELECT 300, zeroblob(16), zeroblob(32), NULL, NULL", true),
    ];
    for (sql, stops) in attacks {
        let folder = Folder::new();
        let store = open_embedded(folder.path()).unwrap();
        store.write(|tx| (0..300).try_for_each(|number| tx.append(line(number, None)))).unwrap();
        assert_eq!(fsck(&store), Vec::<String>::new());
        drop(store);
        let database = folder.path().join("senim.db");
        let connection = rusqlite::Connection::open(&database).unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
        drop(connection);
        match open_embedded(folder.path()) {
            Ok(store) => {
                assert!(!stops, "{sql}");
                assert_ne!(fsck(&store), Vec::<String>::new(), "{sql}");
            }
            Err(fault) => assert!(stops && matches!(fault, Fault::Corrupt(_)), "{sql}: {fault}"),
        }
    }
}

#[test]
fn another_key_does_not_continue_the_log() {
    let folder = Folder::new();
    drop(open_embedded(folder.path()).unwrap());
    let other = Options {
        path: folder.path().into(),
        log: signer(8),
        max_bytes: Some(1 << 30),
        readers: 1,
        server: None,
    };
    assert!(matches!(Store::open(other).err(), Some(Fault::OtherKeys)));
}

#[test]
fn an_unknown_entry_has_no_proof() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    assert_eq!(store.read(|tx| prove(tx, line(1, None).entry.id)).unwrap(), None);
    assert_eq!(store.read(|tx| inclusion(tx, 0)), Err(Fault::Missing("log_entries")));
}
