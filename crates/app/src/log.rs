//! The log as seen from outside: checkpoint, tiles, proofs, entries for the auditor, and the full check.
//!
//! Clauses: C11, C12.2; DESIGN §2c.

use model::{EntryId, ProcessingContext};
use store::tables::log;

use crate::{App, Failure};

/// An entry as an auditor reads it: no person in it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EntryView {
    /// Its place in the log.
    pub index: u64,
    /// The entry.
    pub entry: serde_json::Value,
    /// The salt that opens its commitment.
    pub salt: String,
}

/// The newest signed checkpoint.
///
/// # Errors
/// `NotFound` before the first entry.
pub fn checkpoint(app: &App) -> Result<String, Failure> {
    app.store().read(log::checkpoint)?.ok_or(Failure::NotFound)
}

/// A tile by its C2SP path below `tile/`, such as `0/x001/234` or `entries/000.p/17`.
///
/// # Errors
/// `NotFound` for a path that is none or a tile that is not full yet.
pub fn tile(app: &App, path: &str) -> Result<Vec<u8>, Failure> {
    let tile = tlog::tile::Tile::parse_path(&format!("tile/{path}")).map_err(|_| Failure::NotFound)?;
    app.store().read(move |tx| log::tile(tx, &tile))?.ok_or(Failure::NotFound)
}

/// An inclusion proof for an entry, as a file that `senim verify` reads.
///
/// # Errors
/// `NotFound`, also while the entry is not integrated.
pub fn proof(app: &App, entry: EntryId) -> Result<serde_json::Value, Failure> {
    let found = app.store().read(move |tx| {
        let Some(index) = log::position(tx, entry)? else { return Ok(None) };
        let Some(row) = log::entry(tx, entry)? else { return Ok(None) };
        let (proof, checkpoint) = log::inclusion(tx, index)?;
        Ok(Some((index, row.commitment, proof, checkpoint)))
    })?;
    let (index, commitment, proof, checkpoint) = found.ok_or(Failure::NotFound)?;
    Ok(serde_json::json!({
        "format": "senim-proof/v1",
        "index": index,
        "commitment": model::entry::base64(&commitment),
        "proof": proof.iter().map(|hash| model::entry::base64(hash.as_ref())).collect::<Vec<_>>(),
        "checkpoint": checkpoint,
        "vkey": app.signer().vkey().to_string(),
    }))
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
    app.require(ctx, "log-entries")?;
    let rows = app.store().read(move |tx| log::entries(tx, from, limit))?;
    Ok(rows
        .into_iter()
        .map(|row| EntryView {
            index: row.index,
            entry: serde_json::from_str(&row.entry).unwrap_or_default(),
            salt: model::entry::base64(&row.salt),
        })
        .collect())
}

/// Recomputes the whole log from its rows; every discrepancy is one line.
///
/// # Errors
/// Faults of the store.
pub fn fsck(app: &App) -> Result<Vec<String>, Failure> {
    Ok(app.store().read(store::fsck::check)?)
}
