//! Staff accounts.

use model::{Instant, OperatorId, RoleId};

use crate::value::{Row, join};
use crate::{Fault, Lock, Tx, params};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorRow {
    /// The id.
    pub operator: OperatorId,
    /// The name to sign in with; unique.
    pub login: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// The TOTP secret, sealed.
    pub totp_sealed: Vec<u8>,
    /// The roles.
    pub roles: Vec<RoleId>,
    /// A code of `app`, such as `active`.
    pub status: String,
    /// When the account was made.
    pub created_at: Instant,
    /// The newest TOTP step used: a code is good once.
    pub totp_step: i64,
    /// Failures in a row.
    pub failures: u32,
    /// Until when the account rests after too many.
    pub locked_until: Option<Instant>,
}

fn operator_of(mut row: Row) -> Result<OperatorRow, Fault> {
    Ok(OperatorRow {
        operator: row.id(0)?,
        login: row.take_text(1)?,
        password_hash: row.take_text(2)?,
        totp_sealed: row.take_bytes(3)?,
        roles: row.codes(4)?,
        status: row.take_text(5)?,
        created_at: row.instant(6)?,
        totp_step: row.int(7)?,
        failures: row.int(8)?,
        locked_until: row.opt_instant(9)?,
    })
}

/// Inserts an account; [`Fault::Conflict`] when the login is taken.
pub fn insert(tx: &mut Tx<'_>, row: &OperatorRow) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO operators (operator_id, login, password_hash, totp_sealed, roles, status, created_at,
                                totp_step, failures, locked_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            &row.operator,
            &row.login,
            &row.password_hash,
            &row.totp_sealed,
            &join(row.roles.iter().map(RoleId::as_str)),
            &row.status,
            row.created_at,
            row.totp_step,
            row.failures,
            row.locked_until
        ],
    )
}

/// An account.
pub fn fetch(tx: &mut Tx<'_>, operator: OperatorId) -> Result<Option<OperatorRow>, Fault> {
    tx.query_opt_locked(
        "SELECT operator_id, login, password_hash, totp_sealed, roles, status, created_at,
                totp_step, failures, locked_until
         FROM operators WHERE operator_id = ?1",
        params![&operator],
        Lock::Row,
    )?
    .map(operator_of)
    .transpose()
}

/// The account with this login.
pub fn fetch_by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<OperatorRow>, Fault> {
    tx.query_opt_locked(
        "SELECT operator_id, login, password_hash, totp_sealed, roles, status, created_at,
                totp_step, failures, locked_until
         FROM operators WHERE login = ?1",
        params![login],
        Lock::Row,
    )?
    .map(operator_of)
    .transpose()
}

/// Replaces everything but id, login and time of making.
pub fn replace(tx: &mut Tx<'_>, row: &OperatorRow) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE operators SET password_hash = ?2, totp_sealed = ?3, roles = ?4, status = ?5,
                              totp_step = ?6, failures = ?7, locked_until = ?8
         WHERE operator_id = ?1",
        params![
            &row.operator,
            &row.password_hash,
            &row.totp_sealed,
            &join(row.roles.iter().map(RoleId::as_str)),
            &row.status,
            row.totp_step,
            row.failures,
            row.locked_until
        ],
    )
}

/// Deletes an account that was never made active.
pub fn delete(tx: &mut Tx<'_>, operator: OperatorId) -> Result<(), Fault> {
    tx.execute_one("DELETE FROM operators WHERE operator_id = ?1", params![&operator])
}

/// Every account, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<OperatorRow>, Fault> {
    tx.query_all(
        "SELECT operator_id, login, password_hash, totp_sealed, roles, status, created_at,
                totp_step, failures, locked_until
         FROM operators ORDER BY operator_id",
        &[],
    )?
    .into_iter()
    .map(operator_of)
    .collect()
}
