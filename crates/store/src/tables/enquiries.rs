//! Enquiries (заявки): what a person asked the company for.
//!
//! Clauses: C8.1, C8.2.

use model::{EnquiryId, FormId, Instant, PurposeId, SubjectId};

use crate::value::Row;
use crate::{Fault, Lock, Tx, params};

/// An enquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enquiry {
    /// Whose.
    pub subject: SubjectId,
    /// Its id.
    pub enquiry: EnquiryId,
    /// The reference number a person reads.
    pub number: String,
    /// The form it came by.
    pub form: FormId,
    /// Its purpose.
    pub purpose: PurposeId,
    /// Where it stands: a code of `app`.
    pub status: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// When its state last changed.
    pub changed_at: Instant,
}

fn enquiry_of(row: &Row) -> Result<Enquiry, Fault> {
    Ok(Enquiry {
        subject: row.id(0)?,
        enquiry: row.id(1)?,
        number: row.text(2)?.to_owned(),
        form: row.code(3)?,
        purpose: row.code(4)?,
        status: row.text(5)?.to_owned(),
        opened_at: row.instant(6)?,
        changed_at: row.instant(7)?,
    })
}

/// Inserts an enquiry with its number; [`Fault::Conflict`] when that is taken.
pub fn insert(tx: &mut Tx<'_>, enquiry: &Enquiry) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO enquiries (subject_id, enquiry_id, number, form, purpose, status, opened_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            &enquiry.subject,
            &enquiry.enquiry,
            &enquiry.number,
            &enquiry.form,
            &enquiry.purpose,
            &enquiry.status,
            enquiry.opened_at,
            enquiry.changed_at
        ],
    )?;
    let (kind, reference) = (super::numbers::ENQUIRY.to_owned(), *enquiry.enquiry.as_bytes());
    super::numbers::insert(
        tx,
        &super::numbers::Number { number: enquiry.number.clone(), kind, subject: enquiry.subject, reference },
    )
}

/// One enquiry.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, enquiry: EnquiryId) -> Result<Option<Enquiry>, Fault> {
    tx.query_opt_locked(
        "SELECT subject_id, enquiry_id, number, form, purpose, status, opened_at, changed_at
         FROM enquiries WHERE subject_id = ?1 AND enquiry_id = ?2",
        params![&subject, &enquiry],
        Lock::Row,
    )?
    .map(|row| enquiry_of(&row))
    .transpose()
}

/// One enquiry by its id alone, for operators.
pub fn find(tx: &mut Tx<'_>, enquiry: EnquiryId) -> Result<Option<Enquiry>, Fault> {
    tx.query_opt(
        "SELECT subject_id, enquiry_id, number, form, purpose, status, opened_at, changed_at
         FROM enquiries WHERE enquiry_id = ?1",
        params![&enquiry],
    )?
    .map(|row| enquiry_of(&row))
    .transpose()
}

/// Every enquiry of a subject, newest first.
pub fn list_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Enquiry>, Fault> {
    tx.query_all(
        "SELECT subject_id, enquiry_id, number, form, purpose, status, opened_at, changed_at
         FROM enquiries WHERE subject_id = ?1 ORDER BY enquiry_id DESC",
        params![&subject],
    )?
    .iter()
    .map(enquiry_of)
    .collect()
}

/// Enquiries of everyone, newest first, older than `after`, of one status if given.
pub fn list(
    tx: &mut Tx<'_>,
    status: Option<&str>,
    after: Option<EnquiryId>,
    limit: u32,
) -> Result<Vec<Enquiry>, Fault> {
    let after = after.unwrap_or(EnquiryId::from_bytes([0xff; 16]));
    let rows = match status {
        Some(status) => tx.query_all(
            "SELECT subject_id, enquiry_id, number, form, purpose, status, opened_at, changed_at
             FROM enquiries WHERE enquiry_id < ?1 AND status = ?2 ORDER BY enquiry_id DESC LIMIT ?3",
            params![&after, status, limit],
        )?,
        None => tx.query_all(
            "SELECT subject_id, enquiry_id, number, form, purpose, status, opened_at, changed_at
             FROM enquiries WHERE enquiry_id < ?1 ORDER BY enquiry_id DESC LIMIT ?2",
            params![&after, limit],
        )?,
    };
    rows.iter().map(enquiry_of).collect()
}

/// Changes the state.
pub fn set_status(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    enquiry: EnquiryId,
    status: &str,
    at: Instant,
) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE enquiries SET status = ?3, changed_at = ?4 WHERE subject_id = ?1 AND enquiry_id = ?2",
        params![&subject, &enquiry, status, at],
    )
}

/// Deletes up to `limit` enquiries of a subject with their numbers; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    let rows = tx.query_all(
        "SELECT enquiry_id, number FROM enquiries WHERE subject_id = ?1 ORDER BY enquiry_id LIMIT ?2",
        params![&subject, limit],
    )?;
    for row in &rows {
        super::numbers::delete(tx, row.text(1)?)?;
        tx.execute_one(
            "DELETE FROM enquiries WHERE subject_id = ?1 AND enquiry_id = ?2",
            params![&subject, row.bytes(0)?],
        )?;
    }
    Ok(rows.len())
}

/// How many enquiries there are of a status.
pub fn count(tx: &mut Tx<'_>, status: &str) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM enquiries WHERE status = ?1", params![status])?.int(0)
}
