//! The log as seen from outside: checkpoint, tiles, proofs, entries for the auditor, and the full check.
//!
//! Clauses: C11, C12.2; DESIGN §2c.

use model::{EntryId, ProcessingContext};
use policy::Ability;
use store::log;
use tlog::tile::Kind;

use crate::{App, Failure};

/// An entry as an auditor reads it: no person in it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EntryView {
    /// Its place in the log.
    pub index: u64,
    /// The entry.
    pub entry: serde_json::Value,
    /// The salt that opens its commitment; missing where only the commitment came back from a restore.
    pub salt: Option<String>,
}

/// The newest signed checkpoint.
///
/// # Errors
/// `NotFound` before the first entry.
pub fn checkpoint(app: &App) -> Result<String, Failure> {
    Ok(app.store().read(log::checkpoint)?)
}

/// A tile by its C2SP path below `tile/`, such as `0/x001/234` or `entries/000.p/17`.
///
/// # Errors
/// `NotFound` for a path that is none or a tile that is not full yet.
pub fn tile(app: &App, path: &str) -> Result<Vec<u8>, Failure> {
    let tile = tlog::tile::Tile::parse_path(&format!("tile/{path}")).map_err(|_| Failure::NotFound)?;
    let found = app.store().read(move |tx| match tile.kind {
        Kind::Hashes(level) => log::tile(tx, level, tile.index, tile.width),
        Kind::Entries => {
            let from = tile.index.saturating_mul(u64::from(tlog::tile::WIDTH));
            let bundle = log::commitments(tx, from, from.saturating_add(u64::from(tile.width)))?;
            Ok(bundle.and_then(|commitments| tlog::tile::encode_entries(&commitments).ok()))
        }
    })?;
    found.ok_or(Failure::NotFound)
}

/// An inclusion proof for an entry, as a file that `senim verify` reads.
///
/// # Errors
/// `NotFound`, also while the entry is not integrated.
pub fn proof(app: &App, entry: EntryId) -> Result<String, Failure> {
    let found = app.store().read(move |tx| {
        let Some(row) = log::entry(tx, entry)? else { return Ok(None) };
        Ok(Some((row.commitment, log::inclusion(tx, row.index)?)))
    })?;
    let (commitment, found) = found.ok_or(Failure::NotFound)?;
    let file = tlog::proof::Inclusion {
        commitment,
        index: found.index,
        checkpoint: found.checkpoint,
        proof: found.hashes,
        vkey: app.signer().vkey().to_string(),
    };
    Ok(file.encode())
}

/// Waits a moment until every entry acknowledged before has its place in the tree; gives whether it has. At once on
/// the embedded database.
///
/// # Errors
/// Faults of the store.
pub fn settle(app: &App) -> Result<bool, Failure> {
    Ok(app.store().settle()?)
}

/// The log's public key, as published at `/.well-known/senim-log-key`.
pub fn vkey(app: &App) -> String {
    app.signer().vkey().to_string()
}

/// Entries in order, for roles with the ability `log-entries`.
///
/// # Errors
/// The role's refusal; faults of the store.
pub fn entries(app: &App, ctx: &ProcessingContext, from: u64, limit: u32) -> Result<Vec<EntryView>, Failure> {
    app.require(ctx, Ability::LogEntries)?;
    let rows = app.store().read(move |tx| log::entries(tx, from, limit))?;
    Ok(rows
        .into_iter()
        .map(|row| EntryView {
            index: row.index,
            entry: row.entry.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            salt: row.salt.map(|salt| model::entry::base64(&salt)),
        })
        .collect())
}

/// Recomputes the whole log from its rows; every discrepancy is one line.
///
/// # Errors
/// Faults of the store.
pub fn fsck(app: &App) -> Result<Vec<String>, Failure> {
    Ok(app.store().read(|tx| log::fsck(tx, app.signer().vkey()))?)
}
