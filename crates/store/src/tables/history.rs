//! Each person's own history: entries and salts sealed under that person's key. Written by
//! [`model::Witness::append`]; it holds no link to the log in clear.
//!
//! Clauses: C1.3, C7.

use model::{HistoryRow, Sealed, SubjectId};

use crate::{Fault, Tx, params};

pub(crate) fn insert(tx: &mut Tx<'_>, row: &HistoryRow) -> Result<(), Fault> {
    if tx.is_embedded() {
        // A statement that reads the table it writes makes a temporary one first, which costs more than to ask. On a
        // server to ask would be one more round trip.
        let last =
            tx.query_one("SELECT MAX(number) FROM history WHERE subject_id = ?1", params![&row.subject])?;
        let number = last.opt_int::<i64>(0)?.map_or(0, |last| last + 1);
        return tx.execute_one(
            "INSERT INTO history (subject_id, number, sealed) VALUES (?1, ?2, ?3)",
            params![&row.subject, number, row.sealed.as_bytes()],
        );
    }
    tx.execute_one(
        "INSERT INTO history (subject_id, number, sealed)
         SELECT ?1, COALESCE(MAX(number) + 1, 0), ?2 FROM history WHERE subject_id = ?1",
        params![&row.subject, row.sealed.as_bytes()],
    )
}

/// The lines of a person's history below number `before` (all when `None`), newest first, with their numbers.
pub fn list(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<(u64, Sealed)>, Fault> {
    let before = before.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX);
    tx.query_all(
        "SELECT number, sealed FROM history WHERE subject_id = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3",
        params![&subject, before, limit],
    )?
    .into_iter()
    .map(|mut row| Ok((row.int(0)?, Sealed::from_bytes(row.take_bytes(1)?))))
    .collect()
}

/// How many lines a person's history has.
pub fn count(tx: &mut Tx<'_>, subject: SubjectId) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM history WHERE subject_id = ?1", params![&subject])?.int(0)
}

/// Deletes up to `limit` lines of a person; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    tx.execute(
        "DELETE FROM history WHERE subject_id = ?1 AND number IN
         (SELECT number FROM history WHERE subject_id = ?1 ORDER BY number LIMIT ?2)",
        params![&subject, limit],
    )
}
