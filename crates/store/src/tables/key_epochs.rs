//! Key epochs: which one is open. The epoch keys themselves live in the keystore.

use model::Instant;

use crate::value::Row;
use crate::{Fault, Lock, Tx, params};

/// The rollback of a deletion that came too early.
pub const IN_USE: &str = "epoch-in-use";

/// Where an epoch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochState {
    /// New buckets are wrapped by it.
    Open,
    /// A newer one is open; its buckets are being re-wrapped.
    Closing,
}

impl EpochState {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closing => "closing",
        }
    }
}

/// A key epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyEpoch {
    /// Its number, growing.
    pub epoch: u32,
    /// When it was opened.
    pub opened_at: Instant,
    /// Where it stands.
    pub state: EpochState,
}

fn epoch_of(row: &Row) -> Result<KeyEpoch, Fault> {
    let state = match row.text(2)? {
        "open" => EpochState::Open,
        "closing" => EpochState::Closing,
        _ => return Err(Fault::Corrupt("epoch state")),
    };
    Ok(KeyEpoch { epoch: row.int(0)?, opened_at: row.instant(1)?, state })
}

/// Opens an epoch: inserts it as the open one; every older one becomes `Closing`.
pub fn open(tx: &mut Tx<'_>, epoch: u32, at: Instant) -> Result<(), Fault> {
    tx.execute("UPDATE key_epochs SET state = 'closing' WHERE epoch < ?1", params![epoch])?;
    tx.execute_one(
        "INSERT INTO key_epochs (epoch, opened_at, state) VALUES (?1, ?2, 'open')",
        params![epoch, at],
    )
}

/// Keeps an epoch open until this transaction ends.
///
/// # Errors
/// [`Fault::Rollback`] `bucket-changed` when it is open no longer: seal again under the one that is.
pub(super) fn hold(tx: &mut Tx<'_>, epoch: u32) -> Result<(), Fault> {
    tx.query_opt_locked(
        "SELECT 1 FROM key_epochs WHERE epoch = ?1 AND state = 'open'",
        params![epoch],
        Lock::Row,
    )?
    .map(drop)
    .ok_or(Fault::Rollback("bucket-changed"))
}

/// The open epoch.
pub fn current(tx: &mut Tx<'_>) -> Result<Option<KeyEpoch>, Fault> {
    tx.query_opt(
        "SELECT epoch, opened_at, state FROM key_epochs WHERE state = 'open' ORDER BY epoch DESC LIMIT 1",
        &[],
    )?
    .map(|row| epoch_of(&row))
    .transpose()
}

/// Every epoch, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<KeyEpoch>, Fault> {
    tx.query_all("SELECT epoch, opened_at, state FROM key_epochs ORDER BY epoch", &[])?
        .iter()
        .map(epoch_of)
        .collect()
}

/// Removes a closing epoch.
///
/// # Errors
/// [`Fault::Rollback`] [`IN_USE`] while any bucket refers to it or it is open.
pub fn delete(tx: &mut Tx<'_>, epoch: u32) -> Result<(), Fault> {
    // Looked for under the lock: a bucket that comes at this moment is either seen below or finds the epoch gone.
    tx.query_opt_locked("SELECT 1 FROM key_epochs WHERE epoch = ?1", params![epoch], Lock::Row)?;
    if tx.query_opt("SELECT 1 FROM key_buckets WHERE epoch = ?1 LIMIT 1", params![epoch])?.is_some() {
        return Err(Fault::Rollback(IN_USE));
    }
    let actual =
        tx.execute("DELETE FROM key_epochs WHERE epoch = ?1 AND state = 'closing'", params![epoch])?;
    if actual == 1 { Ok(()) } else { Err(Fault::Rollback(IN_USE)) }
}
