//! Reading the transparency log: positions, proofs, checkpoints, tiles, entries, and `fsck`.
//!
//! Clauses: L11; DESIGN §2c.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{EntryId, Salt};
use tlog::fsck::{CommitmentReader, Scope};
use tlog::tile::{EdgeTiles, TileHashes, TileReader, encode_hashes, width_in};
use tlog::{Hash, VerifierKey, commitment, tree};

use crate::fault::Fault;
use crate::params;
use crate::tx::Tx;

/// The newest checkpoint with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// Number of leaves.
    pub size: u64,
    /// The root.
    pub root: Hash,
    /// The signed note.
    pub checkpoint: String,
}

/// A leaf as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its index.
    pub index: u64,
    /// The entry's id.
    pub id: EntryId,
    /// The commitment, which is the whole public leaf.
    pub commitment: [u8; 32],
    /// The salt; `None` where only the commitment came back from a restore.
    pub salt: Option<Salt>,
    /// The entry's canonical text; `None` as for the salt.
    pub entry: Option<String>,
}

/// That an entry stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Its index.
    pub index: u64,
    /// The inclusion proof (RFC 6962), lowest first.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint it leads to.
    pub checkpoint: String,
}

pub(crate) fn stored(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| Fault::Corrupt("log index"))
}

pub(crate) fn width(level: u8, index: u64, size: u64) -> u16 {
    width_in(level, index, size)
}

/// The newest checkpoint; `None` only before the log began.
pub fn state(tx: &mut Tx<'_>) -> Result<Option<LogState>, Fault> {
    tx.query_opt("SELECT size, root, checkpoint FROM log_state WHERE id = 1", &[])?
        .map(|mut row| {
            Ok(LogState { size: row.int(0)?, root: Hash(row.array(1)?), checkpoint: row.take_text(2)? })
        })
        .transpose()
}

/// The newest signed checkpoint.
pub fn checkpoint(tx: &mut Tx<'_>) -> Result<String, Fault> {
    Ok(state(tx)?.ok_or(Fault::Missing("log_state"))?.checkpoint)
}

/// How many entries are durable and wait for their index; always none on the embedded database.
pub fn waiting(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM log_pending", &[])?.int(0)
}

/// The index of an entry; `None` while it is not integrated.
pub fn position(tx: &mut Tx<'_>, entry: EntryId) -> Result<Option<u64>, Fault> {
    tx.query_opt("SELECT log_index FROM log_entries WHERE entry_id = ?1", params![&entry])?
        .map(|row| row.int(0))
        .transpose()
}

pub(crate) fn leaves(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<Vec<Hash>, Fault> {
    let mut leaves = Vec::with_capacity(usize::try_from(to.saturating_sub(from)).unwrap_or(0));
    tx.for_each(
        "SELECT log_index, commitment FROM log_entries WHERE log_index >= ?1 AND log_index < ?2 ORDER BY log_index",
        params![stored(from)?, stored(to)?],
        |row| {
            if row.int::<u64>(0)? != from + leaves.len() as u64 {
                return Err(Fault::Corrupt("gap in the log"));
            }
            leaves.push(commitment::leaf(&row.array(1)?));
            Ok(())
        },
    )?;
    if from + leaves.len() as u64 == to.max(from) {
        Ok(leaves)
    } else {
        Err(Fault::Corrupt("gap in the log"))
    }
}

pub(crate) fn count_beyond(tx: &mut Tx<'_>, size: u64) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM log_entries WHERE log_index >= ?1", params![stored(size)?])?.int(0)
}

/// Tiles out of storage, each read once: full ones and those above level 0 from `log_tiles`, the last one of
/// level 0 from the commitments, or from the writer's edge where that is at least as new.
pub(crate) struct StoredTiles<'a, 'c> {
    tx: RefCell<&'a mut Tx<'c>>,
    size: u64,
    edge: Option<Arc<EdgeTiles>>,
    read: RefCell<BTreeMap<(u8, u64), Vec<u8>>>,
}

impl<'a, 'c> StoredTiles<'a, 'c> {
    pub(crate) fn new(tx: &'a mut Tx<'c>, size: u64, edge: Option<Arc<EdgeTiles>>) -> Self {
        Self { tx: RefCell::new(tx), size, edge, read: RefCell::default() }
    }

    fn fetch(&self, level: u8, index: u64) -> Result<Vec<u8>, Fault> {
        let width = width_in(level, index, self.size);
        if level == 0 && width < tlog::tile::WIDTH {
            let known = self.edge.as_ref().filter(|edge| edge.size() / 256 == index).map(|edge| edge.row(0));
            if let Some(row) = known.and_then(|row| row.get(..width.into())) {
                return Ok(encode_hashes(row));
            }
            let from = index * 256;
            return Ok(encode_hashes(&leaves(&mut self.tx.borrow_mut(), from, from + u64::from(width))?));
        }
        self.tx
            .borrow_mut()
            .query_opt(
                "SELECT hashes FROM log_tiles WHERE level = ?1 AND tile = ?2",
                params![level, stored(index)?],
            )?
            .ok_or(Fault::Corrupt("log tile is missing"))?
            .take_bytes(0)
    }
}

impl TileReader for StoredTiles<'_, '_> {
    type Error = Fault;

    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Fault> {
        if width == 0 || width > width_in(level, index, self.size) {
            return Err(Fault::Missing("log_tiles"));
        }
        let key = (level, index);
        if !self.read.borrow().contains_key(&key) {
            let body = self.fetch(level, index)?;
            self.read.borrow_mut().insert(key, body);
        }
        let read = self.read.borrow();
        let body = read.get(&key).and_then(|body| body.get(..usize::from(width) * 32));
        body.map(<[u8]>::to_vec).ok_or(Fault::Corrupt("log tile is too short"))
    }
}

impl CommitmentReader for StoredTiles<'_, '_> {
    type Error = Fault;

    fn commitments(&self, first: u64, count: u16) -> Result<Vec<(u64, [u8; 32])>, Fault> {
        self.tx
            .borrow_mut()
            .query_all(
                "SELECT log_index, commitment FROM log_entries WHERE log_index >= ?1 AND log_index < ?2
                 ORDER BY log_index",
                params![stored(first)?, stored(first.saturating_add(count.into()))?],
            )?
            .iter()
            .map(|row| Ok((row.int(0)?, row.array(1)?)))
            .collect()
    }
}

/// The proof that the leaf at `index` stands under the newest checkpoint.
///
/// # Errors
/// [`Fault::Missing`] when the checkpoint does not cover it.
pub fn inclusion(tx: &mut Tx<'_>, index: u64) -> Result<Inclusion, Fault> {
    let state = state(tx)?.ok_or(Fault::Missing("log_state"))?;
    if index >= state.size {
        return Err(Fault::Missing("log_entries"));
    }
    let edge = tx.edge();
    let tiles = StoredTiles::new(tx, state.size, edge);
    let hashes = tree::inclusion_proof(&TileHashes::new(&tiles, state.size), state.size, index)
        .map_err(|_| Fault::Corrupt("log tile"))?;
    Ok(Inclusion { index, hashes, checkpoint: state.checkpoint })
}

/// The proof for an entry; `None` while it is not integrated.
pub fn prove(tx: &mut Tx<'_>, entry: EntryId) -> Result<Option<Inclusion>, Fault> {
    position(tx, entry)?.map(|index| inclusion(tx, index)).transpose()
}

/// The proof that the newest tree continues the one of `older` leaves (RFC 6962).
///
/// # Errors
/// [`Fault::Missing`] when `older` is larger than the newest tree.
pub fn consistency(tx: &mut Tx<'_>, older: u64) -> Result<(Vec<Hash>, LogState), Fault> {
    let state = state(tx)?.ok_or(Fault::Missing("log_state"))?;
    if older > state.size {
        return Err(Fault::Missing("log_entries"));
    }
    let edge = tx.edge();
    let tiles = StoredTiles::new(tx, state.size, edge);
    let hashes = tree::consistency_proof(&TileHashes::new(&tiles, state.size), older, state.size)
        .map_err(|_| Fault::Corrupt("log tile"))?;
    Ok((hashes, state))
}

/// The body of tile `(level, index)` at a width; `None` when the newest tree has it not, or not so wide.
pub fn tile(tx: &mut Tx<'_>, level: u8, index: u64, width: u16) -> Result<Option<Vec<u8>>, Fault> {
    let size = state(tx)?.map_or(0, |state| state.size);
    let edge = tx.edge();
    match StoredTiles::new(tx, size, edge).tile(level, index, width) {
        Ok(body) => Ok(Some(body)),
        Err(Fault::Missing(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The commitments of an entry bundle, `from` inclusive, `to` exclusive; `None` beyond the newest checkpoint.
pub fn commitments(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<Option<Vec<[u8; 32]>>, Fault> {
    if state(tx)?.is_none_or(|state| to > state.size) {
        return Ok(None);
    }
    tx.query_all(
        "SELECT commitment FROM log_entries WHERE log_index >= ?1 AND log_index < ?2 ORDER BY log_index",
        params![stored(from)?, stored(to)?],
    )?
    .iter()
    .map(|row| row.array(0))
    .collect::<Result<_, _>>()
    .map(Some)
}

fn entry_of(row: &crate::Row) -> Result<LogEntry, Fault> {
    Ok(LogEntry {
        index: row.int(0)?,
        id: row.id(1)?,
        commitment: row.array(2)?,
        salt: if row.is_null(3)? { None } else { Some(row.array(3)?) },
        entry: row.opt_text(4)?.map(str::to_owned),
    })
}

/// Entries from an index on, in order.
pub fn entries(tx: &mut Tx<'_>, from: u64, limit: u32) -> Result<Vec<LogEntry>, Fault> {
    tx.query_all(
        "SELECT log_index, entry_id, commitment, salt, entry FROM log_entries
         WHERE log_index >= ?1 ORDER BY log_index LIMIT ?2",
        params![stored(from)?, limit],
    )?
    .iter()
    .map(entry_of)
    .collect()
}

/// One entry.
pub fn entry(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<LogEntry>, Fault> {
    tx.query_opt(
        "SELECT log_index, entry_id, commitment, salt, entry FROM log_entries WHERE entry_id = ?1",
        params![&id],
    )?
    .map(|row| entry_of(&row))
    .transpose()
}

/// Recomputes the whole log from its rows and lists everything that disagrees; empty when all agrees.
pub fn fsck(tx: &mut Tx<'_>, key: &VerifierKey) -> Result<Vec<String>, Fault> {
    tx.take_time()?;
    let state = state(tx)?.ok_or(Fault::Missing("log_state"))?;
    let mut found = Vec::new();
    tx.for_each(
        "SELECT log_index, entry_id, commitment, salt, entry FROM log_entries ORDER BY log_index",
        &[],
        |row| {
            // A damaged row is a finding, not the end of the search.
            let Ok(entry) = entry_of(&row) else {
                found.push(format!("row of entry {} cannot be read", row.int::<i64>(0).unwrap_or(-1)));
                return Ok(());
            };
            if let (Some(salt), Some(text)) = (&entry.salt, &entry.entry)
                && commitment::commit(salt, text.as_bytes()) != entry.commitment
            {
                found.push(format!("entry {} does not match its commitment", entry.index));
            }
            if entry.entry.as_ref().is_some_and(|text| !text.contains(&entry.id.to_string())) {
                found.push(format!("entry {} is filed under another id", entry.index));
            }
            Ok(())
        },
    )?;
    let tiles = StoredTiles::new(tx, state.size, None);
    let scope = Scope { key, checkpoint: &state.checkpoint, known: &[], partial_tiles: true };
    found.extend(tlog::fsck::check(&scope, &tiles, &tiles).iter().map(ToString::to_string));
    let said = tlog::Checkpoint::open(&state.checkpoint, key);
    if said.is_ok_and(|said| said.size != state.size || said.root != state.root) {
        found.push("log_state differs from its own checkpoint".into());
    }
    Ok(found)
}
