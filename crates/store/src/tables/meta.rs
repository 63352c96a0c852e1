//! Small settings of the instance: schema version, marks, state that is nobody's data.

use crate::{Fault, Tx, params};

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
