//! Requests about one's rights, with their deadlines.
//!
//! Clauses: C7, C16.

use model::{Instant, RequestId, SubjectId};

use crate::value::Row;
use crate::{Fault, Lock, Tx, params};

/// A request about rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose.
    pub subject: SubjectId,
    /// Its id.
    pub request: RequestId,
    /// The reference number a person reads.
    pub number: String,
    /// Its kind: a code of `app`, such as `erasure`.
    pub kind: String,
    /// Where it stands: a code of `app`.
    pub status: String,
    /// The effective deadline.
    pub due_at: Instant,
    /// When it was opened.
    pub opened_at: Instant,
    /// The rest in JSON, without any value of the person.
    pub record: String,
}

fn request_of(mut row: Row) -> Result<Request, Fault> {
    Ok(Request {
        subject: row.id(0)?,
        request: row.id(1)?,
        number: row.take_text(2)?,
        kind: row.take_text(3)?,
        status: row.take_text(4)?,
        due_at: row.instant(5)?,
        opened_at: row.instant(6)?,
        record: row.take_text(7)?,
    })
}

/// Inserts a request with its number; [`Fault::Conflict`] when that is taken.
pub fn insert(tx: &mut Tx<'_>, request: &Request) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO requests (subject_id, request_id, number, kind, status, due_at, opened_at, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            &request.subject,
            &request.request,
            &request.number,
            &request.kind,
            &request.status,
            request.due_at,
            request.opened_at,
            &request.record
        ],
    )?;
    let (kind, reference) = (super::numbers::REQUEST.to_owned(), *request.request.as_bytes());
    super::numbers::insert(
        tx,
        &super::numbers::Number { number: request.number.clone(), kind, subject: request.subject, reference },
    )
}

/// One request.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, request: RequestId) -> Result<Option<Request>, Fault> {
    tx.query_opt_locked(
        "SELECT subject_id, request_id, number, kind, status, due_at, opened_at, record
         FROM requests WHERE subject_id = ?1 AND request_id = ?2",
        params![&subject, &request],
        Lock::Row,
    )?
    .map(request_of)
    .transpose()
}

/// One request by its id alone, for operators and the API.
pub fn find(tx: &mut Tx<'_>, request: RequestId) -> Result<Option<Request>, Fault> {
    tx.query_opt(
        "SELECT subject_id, request_id, number, kind, status, due_at, opened_at, record
         FROM requests WHERE request_id = ?1",
        params![&request],
    )?
    .map(request_of)
    .transpose()
}

/// Every request of a subject, newest first.
pub fn list_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Request>, Fault> {
    tx.query_all(
        "SELECT subject_id, request_id, number, kind, status, due_at, opened_at, record
         FROM requests WHERE subject_id = ?1 ORDER BY request_id DESC",
        params![&subject],
    )?
    .into_iter()
    .map(request_of)
    .collect()
}

/// Requests of everyone, newest first, older than `after`, of one status if given.
pub fn list(
    tx: &mut Tx<'_>,
    status: Option<&str>,
    after: Option<RequestId>,
    limit: u32,
) -> Result<Vec<Request>, Fault> {
    let after = after.unwrap_or(RequestId::from_bytes([0xff; 16]));
    let rows = match status {
        Some(status) => tx.query_all(
            "SELECT subject_id, request_id, number, kind, status, due_at, opened_at, record
             FROM requests WHERE request_id < ?1 AND status = ?2 ORDER BY request_id DESC LIMIT ?3",
            params![&after, status, limit],
        )?,
        None => tx.query_all(
            "SELECT subject_id, request_id, number, kind, status, due_at, opened_at, record
             FROM requests WHERE request_id < ?1 ORDER BY request_id DESC LIMIT ?2",
            params![&after, limit],
        )?,
    };
    rows.into_iter().map(request_of).collect()
}

/// Changes state and record together.
///
/// # Errors
/// [`Fault::Affected`] when it no longer stands at `from`: no step is taken twice.
pub fn set_status(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    request: RequestId,
    from: &str,
    to: &str,
    record: &str,
) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE requests SET status = ?4, record = ?5
         WHERE subject_id = ?1 AND request_id = ?2 AND status = ?3",
        params![&subject, &request, from, to, record],
    )
}

/// Deletes up to `limit` requests of a subject with their numbers; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    let rows = tx.query_all(
        "SELECT request_id, number FROM requests WHERE subject_id = ?1 ORDER BY request_id LIMIT ?2",
        params![&subject, limit],
    )?;
    for row in &rows {
        super::numbers::delete(tx, row.text(1)?)?;
        tx.execute_one(
            "DELETE FROM requests WHERE subject_id = ?1 AND request_id = ?2",
            params![&subject, row.bytes(0)?],
        )?;
    }
    Ok(rows.len())
}
