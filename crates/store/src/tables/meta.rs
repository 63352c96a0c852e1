//! Small settings of the instance: schema version, marks, state that is nobody's data.

use crate::{Fault, Lock, Tx, params};

/// The rollback when a value to be held was changed by another.
pub const MOVED: &str = "setting-moved";

/// The value under a key.
pub fn get(tx: &mut Tx<'_>, key: &str) -> Result<Option<Vec<u8>>, Fault> {
    tx.query_opt("SELECT value FROM meta WHERE key = ?1", params![key])?
        .map(|mut row| row.take_bytes(0))
        .transpose()
}

/// Puts a value under a key, replacing the one there.
pub fn put(tx: &mut Tx<'_>, key: &str, value: &[u8]) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![key, value],
    )
}

/// Puts a value in the place of the one that was read, or of none; `false` when another came first.
pub fn swap(tx: &mut Tx<'_>, key: &str, from: Option<&[u8]>, to: Option<&[u8]>) -> Result<bool, Fault> {
    let changed = match (from, to) {
        (None, None) => return Ok(get(tx, key)?.is_none()),
        (None, Some(to)) => tx.execute(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
            params![key, to],
        )?,
        (Some(from), Some(to)) => {
            tx.execute("UPDATE meta SET value = ?3 WHERE key = ?1 AND value = ?2", params![key, from, to])?
        }
        (Some(from), None) => {
            tx.execute("DELETE FROM meta WHERE key = ?1 AND value = ?2", params![key, from])?
        }
    };
    Ok(changed == 1)
}

/// Makes sure that a value stands, until the transaction ends.
///
/// # Errors
/// [`Fault::Rollback`] [`MOVED`] when another stands there.
pub fn hold(tx: &mut Tx<'_>, key: &str, value: &[u8]) -> Result<(), Fault> {
    tx.query_opt_locked("SELECT 1 FROM meta WHERE key = ?1 AND value = ?2", params![key, value], Lock::Row)?
        .map(drop)
        .ok_or(Fault::Rollback(MOVED))
}
