//! Finding subjects by e-mail, phone or IIN through a keyed hash: not unique, gone at erasure.
//!
//! Clauses: C9.0.

use model::{CategoryCode, SubjectId};

use crate::{Fault, Tx, params};

/// Inserts a lookup; a row that stands already is left as it is.
pub fn insert(
    tx: &mut Tx<'_>,
    category: CategoryCode,
    mac: &[u8; 32],
    subject: SubjectId,
    proven: bool,
) -> Result<(), Fault> {
    tx.execute(
        "INSERT INTO lookups (category, mac, subject_id, proven) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (category, mac, subject_id) DO NOTHING",
        params![&category, mac, &subject, proven],
    )
    .map(drop)
}

/// The subjects under a keyed hash, oldest first, each with whether it is proven to hold the contact.
pub fn subjects(
    tx: &mut Tx<'_>,
    category: CategoryCode,
    mac: &[u8; 32],
    limit: u32,
) -> Result<Vec<(SubjectId, bool)>, Fault> {
    tx.query_all(
        "SELECT subject_id, proven FROM lookups WHERE category = ?1 AND mac = ?2 ORDER BY subject_id LIMIT ?3",
        params![&category, mac, limit],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, row.flag(1)?)))
    .collect()
}

/// Sets whether the subject is proven to hold the contact.
pub fn set_proven(
    tx: &mut Tx<'_>,
    category: CategoryCode,
    mac: &[u8; 32],
    subject: SubjectId,
    proven: bool,
) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE lookups SET proven = ?4 WHERE category = ?1 AND mac = ?2 AND subject_id = ?3",
        params![&category, mac, &subject, proven],
    )
}

/// Deletes a lookup; gives whether it stood (two values of one person may share one row).
pub fn delete(
    tx: &mut Tx<'_>,
    category: CategoryCode,
    mac: &[u8; 32],
    subject: SubjectId,
) -> Result<bool, Fault> {
    let actual = tx.execute(
        "DELETE FROM lookups WHERE category = ?1 AND mac = ?2 AND subject_id = ?3",
        params![&category, mac, &subject],
    )?;
    Ok(actual == 1)
}
