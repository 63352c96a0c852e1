//! Signed-in people and staff: a keyed hash of the token, never the token, never an address or a browser (C15).

use model::{Instant, OperatorId, SubjectId};

use crate::value::Row;
use crate::{Fault, Tx, params};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// A keyed hash of the token.
    pub token_mac: [u8; 32],
    /// A code of `app`, such as `account` or `console`.
    pub kind: String,
    /// The person signed in, if one.
    pub subject: Option<SubjectId>,
    /// The member of staff signed in, if one.
    pub operator: Option<OperatorId>,
    /// The secret its forms carry.
    pub csrf: Vec<u8>,
    /// When it began.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

fn session_of(mut row: Row) -> Result<Session, Fault> {
    Ok(Session {
        token_mac: row.array(0)?,
        kind: row.take_text(1)?,
        subject: row.opt_id(2)?,
        operator: row.opt_id(3)?,
        csrf: row.take_bytes(4)?,
        created_at: row.instant(5)?,
        expires_at: row.instant(6)?,
    })
}

/// Inserts a session.
pub fn insert(tx: &mut Tx<'_>, session: &Session) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO sessions (token_mac, kind, subject_id, operator_id, csrf, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            &session.token_mac,
            &session.kind,
            session.subject.as_ref(),
            session.operator.as_ref(),
            &session.csrf,
            session.created_at,
            session.expires_at
        ],
    )
}

/// The session of a token, also when it has ended: the caller looks at `expires_at`.
pub fn fetch(tx: &mut Tx<'_>, token_mac: &[u8; 32]) -> Result<Option<Session>, Fault> {
    tx.query_opt(
        "SELECT token_mac, kind, subject_id, operator_id, csrf, created_at, expires_at
         FROM sessions WHERE token_mac = ?1",
        params![token_mac],
    )?
    .map(session_of)
    .transpose()
}

/// Ends a session; gives whether it stood.
pub fn delete(tx: &mut Tx<'_>, token_mac: &[u8; 32]) -> Result<bool, Fault> {
    Ok(tx.execute("DELETE FROM sessions WHERE token_mac = ?1", params![token_mac])? == 1)
}

/// Ends every session of a person; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<usize, Fault> {
    tx.execute("DELETE FROM sessions WHERE subject_id = ?1", params![&subject])
}

/// Ends every session of a member of staff; gives how many.
pub fn delete_by_operator(tx: &mut Tx<'_>, operator: OperatorId) -> Result<usize, Fault> {
    tx.execute("DELETE FROM sessions WHERE operator_id = ?1", params![&operator])
}

/// The sessions of a person, newest first.
pub fn list_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Session>, Fault> {
    tx.query_all(
        "SELECT token_mac, kind, subject_id, operator_id, csrf, created_at, expires_at
         FROM sessions WHERE subject_id = ?1 ORDER BY created_at DESC",
        params![&subject],
    )?
    .into_iter()
    .map(session_of)
    .collect()
}

/// The sessions of a member of staff, newest first.
pub fn list_by_operator(tx: &mut Tx<'_>, operator: OperatorId) -> Result<Vec<Session>, Fault> {
    tx.query_all(
        "SELECT token_mac, kind, subject_id, operator_id, csrf, created_at, expires_at
         FROM sessions WHERE operator_id = ?1 ORDER BY created_at DESC",
        params![&operator],
    )?
    .into_iter()
    .map(session_of)
    .collect()
}

/// Deletes sessions that ended before an instant; gives how many.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<usize, Fault> {
    tx.execute("DELETE FROM sessions WHERE expires_at <= ?1", params![before])
}
