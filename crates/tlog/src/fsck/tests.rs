//! Whole logs recomputed; 5,000 random tamperings, none of which may pass.

use super::*;
use crate::commitment::BYTES;
use crate::test_log::{FullTiles, TestLog};
use crate::tile::{TileHashes, WithEdge};
use crate::tree::{consistency_proof, verify_consistency};
use proptest::prelude::*;

type Rows = Vec<(u64, [u8; BYTES])>;

/// The stored log as an attacker can rewrite it.
#[derive(Clone)]
struct Stored {
    rows: Rows,
    tiles: FullTiles,
    checkpoint: String,
}

struct OnlyFull<'a>(&'a FullTiles);

impl TileReader for OnlyFull<'_> {
    type Error = &'static str;

    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Self::Error> {
        if width == WIDTH { self.0.tile(level, index, width) } else { Err("partial tiles are not stored") }
    }
}

fn stored(log: &TestLog) -> Stored {
    Stored { rows: log.rows.clone(), tiles: log.tiles.clone(), checkpoint: log.signed_head() }
}

/// Rows as they are, with tiles made anew from them, as an attacker without the key would do it.
fn rebuilt(log: &TestLog, rows: &Rows) -> TestLog {
    let mut again = TestLog::new(log.key().name());
    for (_, commitment) in rows {
        again.append(*commitment);
    }
    again
}

fn check_stored(log: &TestLog, stored: &Stored, known: &[Checkpoint]) -> Vec<Discrepancy> {
    let scope = Scope { key: log.key(), checkpoint: &stored.checkpoint, known, partial_tiles: false };
    check(&scope, &stored.rows, &OnlyFull(&stored.tiles))
}

#[test]
fn an_untouched_log_has_no_discrepancy() {
    for size in [0, 1, 255, 256, 257, 600] {
        let log = TestLog::of_size(size);
        let known = [TestLog::of_size(0).head(), TestLog::of_size(size / 2).head(), log.head()];
        assert_eq!(check_stored(&log, &stored(&log), &known), []);
        let checkpoint = log.signed_head();
        let scope = Scope { key: log.key(), checkpoint: &checkpoint, known: &[], partial_tiles: true };
        assert_eq!(check(&scope, &log.rows, &log.reader()), []);
    }
}

#[test]
fn a_changed_commitment_is_pinpointed() {
    let log = TestLog::of_size(600);
    let mut stored = stored(&log);
    stored.rows[300].1[0] ^= 1;
    let found = check_stored(&log, &stored, &[TestLog::of_size(100).head(), TestLog::of_size(500).head()]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found.contains(&Discrepancy::TileDiffers { tile: Tile::hashes(0, 1, WIDTH), positions: vec![44] })
    );
    assert!(found.contains(&Discrepancy::HistoryDiffers { size: 500 }));
    assert!(matches!(found[2], Discrepancy::RootDiffers { size: 600, .. }));
    assert!(found.iter().all(|one| !one.to_string().is_empty()));
}

#[test]
fn a_missing_commitment_is_bridged_by_its_tile() {
    let log = TestLog::of_size(600);
    let mut stored = stored(&log);
    stored.rows.remove(10);
    assert_eq!(check_stored(&log, &stored, &[]), [Discrepancy::CommitmentMissing { index: 10 }]);
    stored.rows.remove(598);
    let found = check_stored(&log, &stored, &[]);
    assert_eq!(
        found,
        [Discrepancy::CommitmentMissing { index: 10 }, Discrepancy::CommitmentMissing { index: 599 }]
    );
}

#[test]
fn broken_tiles_are_each_listed() {
    let log = TestLog::of_size(600);
    let mut stored = stored(&log);
    stored.tiles.0.remove(&(0, 0));
    stored.tiles.0.get_mut(&(0, 1)).unwrap().pop();
    let found = check_stored(&log, &stored, &[]);
    let (first, second) = (Tile::hashes(0, 0, WIDTH), Tile::hashes(0, 1, WIDTH));
    assert_eq!(
        found,
        [
            Discrepancy::TileUnreadable { tile: first },
            Discrepancy::TileMalformed { tile: second, error: TileError::Length },
        ]
    );
    // With a reader of partial tiles, a wrong edge is found too.
    let other = TestLog::of_size(599);
    let checkpoint = log.signed_head();
    let scope = Scope { key: log.key(), checkpoint: &checkpoint, known: &[], partial_tiles: true };
    let reader = WithEdge { full: &log.tiles, edge: &other.edge };
    assert_eq!(
        check(&scope, &log.rows, &reader),
        [Discrepancy::TileUnreadable { tile: Tile::hashes(0, 2, 88) }]
    );
}

#[test]
fn a_foreign_or_broken_checkpoint_is_refused() {
    let log = TestLog::of_size(3);
    let mut stored = stored(&log);
    stored.checkpoint = stored.checkpoint.replacen("\n3\n", "\n2\n", 1);
    assert!(matches!(check_stored(&log, &stored, &[])[..], [Discrepancy::Checkpoint(_)]));
}

/// What an attacker does to the rows of a log of `size` entries; true when anything changed.
fn tamper(rows: &mut Rows, act: u8, a: usize, b: usize, byte: u8) -> bool {
    let before: Vec<_> = rows.iter().map(|(_, commitment)| *commitment).collect();
    let (a, b) = (a % rows.len(), b % rows.len());
    match act % 6 {
        0 => rows[a].1[b % BYTES] ^= byte.max(1),
        1 => drop(rows.remove(a)),
        2 => rows.swap(a, b),
        3 => rows.truncate(a),
        4 => rows.insert(a, (0, [byte; BYTES])),
        _ => rows[a].1 = rows[b].1,
    }
    for (index, row) in (0..).zip(rows.iter_mut()) {
        row.0 = index;
    }
    before != rows.iter().map(|(_, commitment)| *commitment).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 5_000, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default()
    })]

    /// Edit, delete, reorder, roll back, insert, copy: without the key; with the tiles made to fit; and with the
    /// key itself, when somebody kept an older checkpoint.
    #[test]
    fn no_tampering_passes(
        size in 1u64..40, act in any::<u8>(), a in any::<usize>(), b in any::<usize>(), byte in any::<u8>(),
    ) {
        let log = TestLog::of_size(size);
        let mut forged = stored(&log);
        prop_assume!(tamper(&mut forged.rows, act, a, b, byte));
        prop_assert!(!check_stored(&log, &forged, &[]).is_empty());

        let again = rebuilt(&log, &forged.rows);
        forged.tiles = again.tiles.clone();
        prop_assert!(!check_stored(&log, &forged, &[]).is_empty());

        forged.checkpoint = again.signed_head();
        let shorter = again.size() < size;
        let found = check_stored(&log, &forged, &[log.head()]);
        if shorter {
            let rolled_back = Discrepancy::RolledBack { known: size, stored: again.size() };
            prop_assert!(found.contains(&rolled_back));
        } else {
            prop_assert_eq!(&found[..], &[Discrepancy::HistoryDiffers { size }]);
            // Nor can the forged log prove to anyone that it extends the true one.
            let reader = again.reader();
            let proof = consistency_proof(&TileHashes::new(&reader, again.size()), size, again.size()).unwrap();
            let (true_root, forged_root) = (log.edge.root(), again.edge.root());
            prop_assert!(verify_consistency(size, &true_root, again.size(), &forged_root, &proof).is_err());
        }
    }
}
