//! One act per (principal, key): a keyed hash of the body and the ids made, never an answer.

use model::{Instant, SubjectId};

use crate::{Fault, Lock, Tx, params};

/// The status a row gets when the person it made is erased.
pub const GONE: u16 = 410;

/// A key that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Who used it, as text of the principal.
    pub principal: String,
    /// The key.
    pub key: String,
    /// A keyed hash of the body; empty once the person is erased.
    pub body_mac: Vec<u8>,
    /// The operation.
    pub operation: String,
    /// The HTTP status that was answered; [`GONE`] once the person is erased.
    pub status: u16,
    /// The ids made, in JSON.
    pub ids: String,
    /// The subject it is about, if one.
    pub subject: Option<SubjectId>,
    /// When.
    pub at: Instant,
}

/// Inserts a used key; [`Fault::Conflict`] when it is used already: fetch and replay.
pub fn insert(tx: &mut Tx<'_>, row: &Idempotency) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO idempotency (principal, key, body_mac, operation, status, ids, subject_id, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            &row.principal,
            &row.key,
            &row.body_mac,
            &row.operation,
            row.status,
            &row.ids,
            row.subject.as_ref(),
            row.at
        ],
    )
}

/// A used key.
pub fn fetch(tx: &mut Tx<'_>, principal: &str, key: &str) -> Result<Option<Idempotency>, Fault> {
    tx.query_opt_locked(
        "SELECT principal, key, body_mac, operation, status, ids, subject_id, at
         FROM idempotency WHERE principal = ?1 AND key = ?2",
        params![principal, key],
        Lock::Row,
    )?
    .map(|mut row| {
        Ok(Idempotency {
            principal: row.take_text(0)?,
            key: row.take_text(1)?,
            body_mac: row.take_bytes(2)?,
            operation: row.take_text(3)?,
            status: row.int(4)?,
            ids: row.take_text(5)?,
            subject: row.opt_id(6)?,
            at: row.instant(7)?,
        })
    })
    .transpose()
}

/// Forgets a subject: the rows stay, so that a replay is answered 410 and never makes the person anew, but
/// nothing in them leads to the person any more.
pub fn forget_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<usize, Fault> {
    let nothing: &[u8] = &[];
    tx.execute(
        "UPDATE idempotency SET subject_id = NULL, body_mac = ?2, ids = '', status = ?3 WHERE subject_id = ?1",
        params![&subject, nothing, GONE],
    )
}

/// Deletes every row about a subject; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<usize, Fault> {
    tx.execute("DELETE FROM idempotency WHERE subject_id = ?1", params![&subject])
}

/// Deletes up to `limit` keys used before an instant; gives how many.
pub fn sweep(tx: &mut Tx<'_>, before: Instant, limit: u32) -> Result<usize, Fault> {
    tx.execute(
        "DELETE FROM idempotency WHERE (principal, key) IN
         (SELECT principal, key FROM idempotency WHERE at < ?1 ORDER BY at LIMIT ?2)",
        params![before, limit],
    )
}
