//! What remains of an erased person: that, when, why, and keyed commitments from which nothing can be read.
//!
//! Clauses: C16.2, C17 ("After an erasure there remain only").

use model::{ClauseId, EntryId, ErasureId, Instant, SubjectId};

use crate::value::Row;
use crate::{Fault, Tx, params};

/// A tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Who was erased.
    pub subject: SubjectId,
    /// The erasure.
    pub erasure: ErasureId,
    /// When.
    pub erased_at: Instant,
    /// Why: a code.
    pub ground: String,
    /// Under which clause.
    pub clause: ClauseId,
    /// The log entry.
    pub entry: EntryId,
    /// Keyed commitments to receipts, kept as evidence; empty once destroyed.
    pub evidence: Vec<u8>,
    /// When the evidence is destroyed.
    pub evidence_until: Option<Instant>,
    /// What is retained and why, in JSON.
    pub retained: String,
    /// Whether the ciphertext rows are gone too.
    pub rows_gone: bool,
}

fn tombstone_of(mut row: Row) -> Result<Tombstone, Fault> {
    Ok(Tombstone {
        subject: row.id(0)?,
        erasure: row.id(1)?,
        erased_at: row.instant(2)?,
        ground: row.take_text(3)?,
        clause: row.code(4)?,
        entry: row.id(5)?,
        evidence: row.take_bytes(6)?,
        evidence_until: row.opt_instant(7)?,
        retained: row.take_text(8)?,
        rows_gone: row.flag(9)?,
    })
}

/// Inserts a tombstone; [`Fault::Conflict`] when the person is erased already.
pub fn insert(tx: &mut Tx<'_>, row: &Tombstone) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO tombstones (subject_id, erasure_id, erased_at, ground, clause, entry_id, evidence,
         evidence_until, retained, rows_gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            &row.subject,
            &row.erasure,
            row.erased_at,
            &row.ground,
            &row.clause,
            &row.entry,
            &row.evidence,
            row.evidence_until,
            &row.retained,
            row.rows_gone
        ],
    )
}

/// The tombstone of a person.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Option<Tombstone>, Fault> {
    tx.query_opt(
        "SELECT subject_id, erasure_id, erased_at, ground, clause, entry_id, evidence, evidence_until, retained,
         rows_gone FROM tombstones WHERE subject_id = ?1",
        params![&subject],
    )?
    .map(tombstone_of)
    .transpose()
}

/// Tombstones whose rows are still to be swept, oldest first.
pub fn list_pending(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Tombstone>, Fault> {
    tx.query_all(
        "SELECT subject_id, erasure_id, erased_at, ground, clause, entry_id, evidence, evidence_until, retained,
         rows_gone FROM tombstones WHERE rows_gone = 0 ORDER BY erased_at LIMIT ?1",
        params![limit],
    )?
    .into_iter()
    .map(tombstone_of)
    .collect()
}

/// Tombstones in the order of their subject ids, after one.
pub fn list(tx: &mut Tx<'_>, after: Option<SubjectId>, limit: u32) -> Result<Vec<Tombstone>, Fault> {
    let after = after.unwrap_or(SubjectId::from_bytes([0; 16]));
    tx.query_all(
        "SELECT subject_id, erasure_id, erased_at, ground, clause, entry_id, evidence, evidence_until, retained,
         rows_gone FROM tombstones WHERE subject_id > ?1 ORDER BY subject_id LIMIT ?2",
        params![&after, limit],
    )?
    .into_iter()
    .map(tombstone_of)
    .collect()
}

/// Marks that the ciphertext rows are gone.
pub fn set_rows_gone(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(), Fault> {
    tx.execute_one("UPDATE tombstones SET rows_gone = 1 WHERE subject_id = ?1", params![&subject])
}

/// Replaces what is kept as evidence, for instance when the receipt is made after the act.
pub fn set_evidence(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    evidence: &[u8],
    until: Option<Instant>,
    retained: &str,
) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE tombstones SET evidence = ?2, evidence_until = ?3, retained = ?4 WHERE subject_id = ?1",
        params![&subject, evidence, until, retained],
    )
}

/// Tombstones whose evidence reached its end.
pub fn list_evidence_due(tx: &mut Tx<'_>, now: Instant, limit: u32) -> Result<Vec<Tombstone>, Fault> {
    tx.query_all(
        "SELECT subject_id, erasure_id, erased_at, ground, clause, entry_id, evidence, evidence_until, retained,
         rows_gone FROM tombstones WHERE evidence_until <= ?1 ORDER BY evidence_until LIMIT ?2",
        params![now, limit],
    )?
    .into_iter()
    .map(tombstone_of)
    .collect()
}

/// Destroys the evidence of one tombstone.
pub fn destroy_evidence(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(), Fault> {
    set_evidence(tx, subject, &[], None, "[]")
}

/// How many people were erased.
pub fn count(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM tombstones", &[])?.int(0)
}
