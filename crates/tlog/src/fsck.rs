//! Recomputes a log from its commitments and compares everything stored with it; lists each discrepancy.
//!
//! Invariant: an attacker who can rewrite commitments, tiles and even the newest checkpoint, but who lacks the
//! signing key, is found; one who has the key is found by the checkpoints known from elsewhere (fence journal,
//! witnesses, receipts).

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::commitment;
use crate::note::VerifierKey;
use crate::tile::{EdgeTiles, Tile, TileError, TileReader, WIDTH, decode_hashes, partial};
use crate::tree::Hash;
use std::fmt;

/// Reads stored commitments in index order.
pub trait CommitmentReader {
    /// Why they could not be read.
    type Error;

    /// The stored rows `(index, commitment)` with `first <= index < first + count`, by index.
    fn commitments(&self, first: u64, count: u16) -> Result<Vec<(u64, [u8; 32])>, Self::Error>;
}

/// What to check.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The log's key.
    pub key: &'a VerifierKey,
    /// The newest signed checkpoint as stored.
    pub checkpoint: &'a str,
    /// Signed checkpoints known from elsewhere, each an opened one of this log.
    pub known: &'a [Checkpoint],
    /// Whether the reader also keeps partial tiles; a store of full tiles and leaf hashes does not.
    pub partial_tiles: bool,
}

/// One thing that is not as the others say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discrepancy {
    /// The stored checkpoint is malformed, unsigned or of another log.
    Checkpoint(CheckpointError),
    /// Commitments could not be read from here on.
    CommitmentsUnreadable {
        /// First index of the range that failed.
        first: u64,
    },
    /// No commitment is stored at this index.
    CommitmentMissing {
        /// Its index.
        index: u64,
    },
    /// More than one row, or rows out of order, at this index.
    CommitmentRepeated {
        /// Its index.
        index: u64,
    },
    /// Commitments are stored beyond the size the checkpoint states.
    CommitmentsBeyondCheckpoint {
        /// First index beyond.
        first: u64,
    },
    /// A tile is missing or could not be read.
    TileUnreadable {
        /// Which.
        tile: Tile,
    },
    /// A tile has the wrong length.
    TileMalformed {
        /// Which.
        tile: Tile,
        /// How.
        error: TileError,
    },
    /// A tile differs from what the commitments give.
    TileDiffers {
        /// Which.
        tile: Tile,
        /// Positions that differ, from 0.
        positions: Vec<u16>,
    },
    /// The commitments lead to another root than the one signed.
    RootDiffers {
        /// Size of the tree.
        size: u64,
        /// Root that was signed.
        signed: Hash,
        /// Root of the stored commitments.
        computed: Hash,
    },
    /// A checkpoint known from elsewhere covers more than the stored log: it was rolled back.
    RolledBack {
        /// Size known from elsewhere.
        known: u64,
        /// Size stored.
        stored: u64,
    },
    /// A checkpoint known from elsewhere has another root at its size: history was rewritten.
    HistoryDiffers {
        /// Size known from elsewhere.
        size: u64,
    },
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint(error) => write!(f, "stored checkpoint is refused: {error}"),
            Self::CommitmentsUnreadable { first } => write!(f, "commitments from {first} cannot be read"),
            Self::CommitmentMissing { index } => write!(f, "commitment {index} is missing"),
            Self::CommitmentRepeated { index } => write!(f, "commitment {index} is stored more than once"),
            Self::CommitmentsBeyondCheckpoint { first } => {
                write!(f, "commitments from {first} are not covered by the checkpoint")
            }
            Self::TileUnreadable { tile } => write!(f, "{tile} is missing or cannot be read"),
            Self::TileMalformed { tile, error } => write!(f, "{tile} is malformed: {error}"),
            Self::TileDiffers { tile, positions } => write!(f, "{tile} differs at {positions:?}"),
            Self::RootDiffers { size, signed, computed } => {
                write!(f, "root at size {size} is {computed}, signed was {signed}")
            }
            Self::RolledBack { known, stored } => {
                write!(f, "log has {stored} entries, but {known} were signed: it was rolled back")
            }
            Self::HistoryDiffers { size } => write!(f, "history below {size} is not the one that was signed"),
        }
    }
}

/// Recomputes the log and lists every discrepancy; an empty list means that everything agrees.
///
/// Reads every commitment and every full tile once; memory stays at a few tiles.
pub fn check<C, T>(scope: &Scope<'_>, commitments: &C, tiles: &T) -> Vec<Discrepancy>
where
    C: CommitmentReader + ?Sized,
    T: TileReader + ?Sized,
{
    let signed = match Checkpoint::open(scope.checkpoint, scope.key) {
        Ok(signed) => signed,
        Err(error) => return vec![Discrepancy::Checkpoint(error)],
    };
    let mut run = Run { tiles, found: Vec::new(), edge: EdgeTiles::new() };
    for known in scope.known.iter().filter(|known| known.size > signed.size) {
        run.found.push(Discrepancy::RolledBack { known: known.size, stored: signed.size });
    }
    if run.recompute(&signed, scope.known, commitments) {
        if scope.partial_tiles {
            for tile in partial(signed.size) {
                if let crate::tile::Kind::Hashes(level) = tile.kind {
                    let expected = run.edge.row(level).to_vec();
                    run.compare(tile, &expected);
                }
            }
        }
        let computed = run.edge.root();
        if computed != signed.root {
            let (size, signed) = (signed.size, signed.root);
            run.found.push(Discrepancy::RootDiffers { size, signed, computed });
        }
    }
    match commitments.commitments(signed.size, WIDTH) {
        Ok(rows) => run.found.extend(
            rows.first().map(|(first, _)| Discrepancy::CommitmentsBeyondCheckpoint { first: *first }),
        ),
        Err(_) => run.found.push(Discrepancy::CommitmentsUnreadable { first: signed.size }),
    }
    run.found
}

struct Run<'a, T: ?Sized> {
    tiles: &'a T,
    found: Vec<Discrepancy>,
    edge: EdgeTiles,
}

impl<T: TileReader + ?Sized> Run<'_, T> {
    /// Replays all commitments; false when a hole could not be bridged, so that no root can be computed.
    fn recompute<C: CommitmentReader + ?Sized>(
        &mut self,
        signed: &Checkpoint,
        known: &[Checkpoint],
        commitments: &C,
    ) -> bool {
        self.compare_history(known);
        let mut first = 0;
        while first < signed.size {
            let count = u16::try_from(signed.size - first).unwrap_or(WIDTH).min(WIDTH);
            let Ok(rows) = commitments.commitments(first, count) else {
                self.found.push(Discrepancy::CommitmentsUnreadable { first });
                return false;
            };
            let Some(leaves) = self.leaves(first, count, &rows) else { return false };
            for leaf in leaves {
                let mut completed = Vec::new();
                self.edge.append(leaf, &mut completed);
                for (tile, hashes) in completed {
                    self.compare(tile, &hashes);
                }
                self.compare_history(known);
            }
            first += u64::from(count);
        }
        true
    }

    /// Leaf hashes of one range; a missing commitment is bridged by the stored tile so that the rest is checked.
    fn leaves(&mut self, first: u64, count: u16, rows: &[(u64, [u8; 32])]) -> Option<Vec<Hash>> {
        let mut rows = rows.iter().peekable();
        let mut stored: Option<Vec<Hash>> = None;
        let mut leaves = Vec::with_capacity(usize::from(count));
        for position in 0..count {
            let index = first + u64::from(position);
            // Rows before the expected index are repetitions or out of order.
            while let Some((stray, _)) = rows.next_if(|(at, _)| *at < index) {
                self.found.push(Discrepancy::CommitmentRepeated { index: *stray });
            }
            if let Some((_, commitment)) = rows.next_if(|(at, _)| *at == index) {
                leaves.push(commitment::leaf(commitment));
                continue;
            }
            self.found.push(Discrepancy::CommitmentMissing { index });
            if stored.is_none() {
                let body = self.tiles.tile(0, first / u64::from(WIDTH), count).ok()?;
                stored = Some(decode_hashes(&body, count).ok()?);
            }
            leaves.push(*stored.as_ref()?.get(usize::from(position))?);
        }
        for (stray, _) in rows {
            self.found.push(Discrepancy::CommitmentRepeated { index: *stray });
        }
        Some(leaves)
    }

    fn compare(&mut self, tile: Tile, expected: &[Hash]) {
        let crate::tile::Kind::Hashes(level) = tile.kind else { return };
        let Ok(body) = self.tiles.tile(level, tile.index, tile.width) else {
            self.found.push(Discrepancy::TileUnreadable { tile });
            return;
        };
        match decode_hashes(&body, tile.width) {
            Err(error) => self.found.push(Discrepancy::TileMalformed { tile, error }),
            Ok(stored) if stored == expected => {}
            Ok(stored) => {
                let pairs = (0u16..).zip(stored.iter().zip(expected));
                let positions = pairs.filter(|(_, (a, b))| a != b).map(|(position, _)| position).collect();
                self.found.push(Discrepancy::TileDiffers { tile, positions });
            }
        }
    }

    fn compare_history(&mut self, known: &[Checkpoint]) {
        let size = self.edge.size();
        for checkpoint in known.iter().filter(|known| known.size == size) {
            if checkpoint.root != self.edge.root() {
                self.found.push(Discrepancy::HistoryDiffers { size });
            }
        }
    }
}

#[cfg(test)]
mod tests;
