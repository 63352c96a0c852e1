//! Integration: what the units of a group commit appended gets its tiles, its root and a signed checkpoint
//! before the commit.
//!
//! Invariant: leaves are hashed from what storage gives back, never from memory; the checkpoint is compared
//! and swapped, so that a tree that is not the one last signed is never continued (RELIABILITY §1.6).
//!
//! Clauses: L11; DESIGN §2c.

use std::sync::Arc;

use tlog::checkpoint::CheckpointError;
use tlog::note::NoteError;
use tlog::tile::{EdgeTiles, encode_hashes};
use tlog::{Checkpoint, Frontier, Hash, Recent, Signer};

use crate::fault::Fault;
use crate::log::{self, Inclusion, StoredTiles};
use crate::params;
use crate::tx::Tx;

/// The writer's own copy of the right edge, equal to what storage holds.
#[derive(Clone)]
pub(crate) struct Edge {
    /// The partial tiles.
    pub(crate) tiles: Arc<EdgeTiles>,
    frontier: Frontier,
    /// The signed checkpoint of this tree.
    checkpoint: Arc<str>,
    /// The leaves that this tree has beyond the one before it.
    added: Vec<Hash>,
}

/// Leaves whose proofs are answered from memory: many commits' worth, so that whoever waits for his own finds it.
const RECENT_LEAVES: usize = 8192;

/// The newest tree as answered: proofs of what was appended not long ago, without asking storage.
pub(crate) struct Published {
    recent: Recent,
    checkpoint: Arc<str>,
}

impl Published {
    pub(crate) fn of(edge: &Edge) -> Self {
        Self {
            recent: Recent::after(&edge.frontier, RECENT_LEAVES),
            checkpoint: Arc::clone(&edge.checkpoint),
        }
    }

    /// Moves on to the tree that became durable just now.
    pub(crate) fn follow(&mut self, edge: &Edge) {
        self.checkpoint = Arc::clone(&edge.checkpoint);
        for &leaf in &edge.added {
            self.recent.append(leaf);
        }
    }

    /// The proof for a leaf that was appended not long ago; `None` for one that must be read from storage.
    pub(crate) fn inclusion(&self, index: u64) -> Option<Inclusion> {
        let hashes = self.recent.inclusion_proof(index).ok()?;
        Some(Inclusion { index, hashes, checkpoint: self.checkpoint.as_ref().to_owned() })
    }
}

impl Edge {
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Reads the edge out of storage and holds it against the checkpoint and the key; begins an empty log.
    pub(crate) fn load(tx: &mut Tx<'_>, signer: &dyn Signer) -> Result<Self, Fault> {
        let Some(state) = log::state(tx)? else {
            let mut edge = Self {
                tiles: Arc::default(),
                frontier: Frontier::new(),
                checkpoint: Arc::default(),
                added: Vec::new(),
            };
            let root = edge.sign(signer)?;
            tx.execute_one(
                "INSERT INTO log_state (id, size, root, checkpoint) VALUES (1, 0, ?1, ?2)",
                params![&root.0, edge.checkpoint.as_ref()],
            )?;
            return Ok(edge);
        };
        let signed = Checkpoint::open(&state.checkpoint, signer.vkey()).map_err(|fault| match fault {
            CheckpointError::Note(NoteError::NoKnownSignature) => Fault::OtherKeys,
            _ => Fault::Corrupt("checkpoint is not signed by this log's key"),
        })?;
        if signed.size != state.size || signed.root != state.root {
            return Err(Fault::Corrupt("checkpoint"));
        }
        let beyond = log::count_beyond(tx, state.size)?;
        let tail = log::leaves(tx, state.size - state.size % 256, state.size)?;
        let tiles = EdgeTiles::rebuild(state.size, &tail, &StoredTiles::new(tx, state.size, None))
            .map_err(|_| Fault::Corrupt("log tile"))?;
        let frontier = tiles.frontier();
        if beyond != 0 || frontier.root() != state.root {
            return Err(Fault::Corrupt("log does not lead to its checkpoint"));
        }
        let checkpoint = state.checkpoint.into();
        Ok(Self { tiles: Arc::new(tiles), frontier, checkpoint, added: Vec::new() })
    }

    /// Signs this tree; gives its root.
    fn sign(&mut self, signer: &dyn Signer) -> Result<Hash, Fault> {
        let checkpoint = Checkpoint::of(signer.vkey().name(), &self.frontier);
        let note = checkpoint.sign(signer).map_err(|_| Fault::Corrupt("checkpoint cannot be signed"))?;
        self.checkpoint = note.to_string().into();
        Ok(checkpoint.root)
    }

    /// Integrates the entries up to `size`, in the transaction that wrote them; gives the edge that holds
    /// once it is committed.
    pub(crate) fn integrate(&self, tx: &mut Tx<'_>, size: u64, signer: &dyn Signer) -> Result<Self, Fault> {
        let mut next = self.clone();
        next.added = log::leaves(tx, self.size(), size)?;
        if next.added.is_empty() {
            return Ok(next);
        }
        let tiles = Arc::make_mut(&mut next.tiles);
        let mut full = Vec::new();
        for &leaf in &next.added {
            tiles.append(leaf, &mut full);
            next.frontier.append(leaf);
        }
        let mut grown = Vec::new();
        for (tile, hashes) in &full {
            let tlog::tile::Kind::Hashes(level) = tile.kind else { continue };
            put_tile(tx, level, tile.index, hashes)?;
            grown.push((level + 1, tile.index >> 8));
        }
        // Above level 0 the last tile is stored while it grows: it changes once in 256 entries.
        grown.dedup();
        for (level, index) in grown {
            let row = tiles.row(level);
            let is_last = log::width(level, index, size) == u16::try_from(row.len()).unwrap_or(u16::MAX);
            if is_last && !row.is_empty() {
                put_tile(tx, level, index, row)?;
            }
        }
        let root = next.sign(signer)?;
        let (old, new) = (log::stored(self.size())?, log::stored(size)?);
        let swapped = tx.execute(
            "UPDATE log_state SET size = ?1, root = ?2, checkpoint = ?3 WHERE id = 1 AND size = ?4 AND root = ?5",
            params![new, &root.0, next.checkpoint.as_ref(), old, &self.frontier.root().0],
        )?;
        if swapped == 1 { Ok(next) } else { Err(Fault::Corrupt("checkpoint was changed by another hand")) }
    }
}

/// Gives up to `limit` entries that wait their index, from `size` on, in the order of their ids; gives how many.
pub(crate) fn take_pending(tx: &mut Tx<'_>, size: u64, limit: u32) -> Result<u32, Fault> {
    let taken = tx.execute(
        "INSERT INTO log_entries (log_index, entry_id, commitment, salt, entry)
         SELECT ?1 + row_number() OVER (ORDER BY entry_id) - 1, entry_id, commitment, salt, entry
         FROM (SELECT entry_id, commitment, salt, entry FROM log_pending
               WHERE NOT EXISTS (SELECT 1 FROM log_entries WHERE log_entries.entry_id = log_pending.entry_id)
               ORDER BY entry_id LIMIT ?2) AS waiting",
        params![log::stored(size)?, limit],
    )?;
    if taken > 0 {
        let gone = tx.execute(
            "DELETE FROM log_pending WHERE entry_id IN (SELECT entry_id FROM log_entries WHERE log_index >= ?1)",
            params![log::stored(size)?],
        )?;
        crate::tx::ensure_affected(gone, taken)?;
    }
    u32::try_from(taken).map_err(|_| Fault::Corrupt("log_pending"))
}

fn put_tile(tx: &mut Tx<'_>, level: u8, index: u64, hashes: &[Hash]) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO log_tiles (level, tile, hashes) VALUES (?1, ?2, ?3)
         ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes",
        params![level, log::stored(index)?, &encode_hashes(hashes)],
    )
}
