//! Consent records.
//!
//! Clauses: C4, C6.2, C16.

use model::{ConsentId, Instant, NoticeId, SubjectId};

use super::id_index;
use crate::value::Row;
use crate::{Fault, Tx, params};

/// A consent record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Whose.
    pub subject: SubjectId,
    /// Its id.
    pub consent: ConsentId,
    /// The notice the person saw.
    pub notice: NoticeId,
    /// The record in JSON, without any value of the person.
    pub record: String,
    /// When it was given.
    pub given_at: Instant,
}

fn consent_of(mut row: Row) -> Result<Consent, Fault> {
    Ok(Consent {
        subject: row.id(0)?,
        consent: row.id(1)?,
        notice: row.id(2)?,
        record: row.take_text(3)?,
        given_at: row.instant(4)?,
    })
}

/// Inserts a record and its index row.
pub fn insert(tx: &mut Tx<'_>, consent: &Consent) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO consents (subject_id, consent_id, notice_id, record, given_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![&consent.subject, &consent.consent, &consent.notice, &consent.record, consent.given_at],
    )?;
    id_index::insert(tx, &consent.consent, consent.subject)
}

/// One record.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, consent: ConsentId) -> Result<Option<Consent>, Fault> {
    tx.query_opt(
        "SELECT subject_id, consent_id, notice_id, record, given_at FROM consents
         WHERE subject_id = ?1 AND consent_id = ?2",
        params![&subject, &consent],
    )?
    .map(consent_of)
    .transpose()
}

/// The subject of a consent id; still told after an erasure until the rows are gone.
pub fn subject_of(tx: &mut Tx<'_>, consent: ConsentId) -> Result<Option<SubjectId>, Fault> {
    id_index::subject_of(tx, &consent)
}

/// Every record of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Consent>, Fault> {
    tx.query_all(
        "SELECT subject_id, consent_id, notice_id, record, given_at FROM consents
         WHERE subject_id = ?1 ORDER BY consent_id",
        params![&subject],
    )?
    .into_iter()
    .map(consent_of)
    .collect()
}

/// Up to `limit` records of a subject, newest first, older than `before`.
pub fn page(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    before: Option<ConsentId>,
    limit: u32,
) -> Result<Vec<Consent>, Fault> {
    let before = before.unwrap_or(ConsentId::from_bytes([0xff; 16]));
    tx.query_all(
        "SELECT subject_id, consent_id, notice_id, record, given_at FROM consents
         WHERE subject_id = ?1 AND consent_id < ?2 ORDER BY consent_id DESC LIMIT ?3",
        params![&subject, &before, limit],
    )?
    .into_iter()
    .map(consent_of)
    .collect()
}

/// Deletes up to `limit` records of a subject with their index rows; gives how many records.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    let rows = tx.query_all(
        "SELECT consent_id FROM consents WHERE subject_id = ?1 ORDER BY consent_id LIMIT ?2",
        params![&subject, limit],
    )?;
    for row in &rows {
        let consent: ConsentId = row.id(0)?;
        id_index::delete(tx, &consent)?;
        tx.execute_one(
            "DELETE FROM consents WHERE subject_id = ?1 AND consent_id = ?2",
            params![&subject, &consent],
        )?;
    }
    Ok(rows.len())
}
