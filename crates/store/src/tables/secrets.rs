//! The secret printed on a receipt, as a keyed hash: a way to sign in without a contact.

use model::{Instant, SubjectId};

use crate::{Fault, Tx, params};

/// A receipt's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// A keyed hash of it.
    pub secret_mac: [u8; 32],
    /// Whom it signs in.
    pub subject: SubjectId,
    /// When it was made.
    pub created_at: Instant,
}

/// Inserts a secret.
pub fn insert(tx: &mut Tx<'_>, secret: &Secret) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO secrets (secret_mac, subject_id, created_at) VALUES (?1, ?2, ?3)",
        params![&secret.secret_mac, &secret.subject, secret.created_at],
    )
}

/// The secret with this keyed hash.
pub fn fetch(tx: &mut Tx<'_>, secret_mac: &[u8; 32]) -> Result<Option<Secret>, Fault> {
    tx.query_opt(
        "SELECT secret_mac, subject_id, created_at FROM secrets WHERE secret_mac = ?1",
        params![secret_mac],
    )?
    .map(|row| Ok(Secret { secret_mac: row.array(0)?, subject: row.id(1)?, created_at: row.instant(2)? }))
    .transpose()
}

/// Deletes one secret; gives whether it stood.
pub fn delete(tx: &mut Tx<'_>, secret_mac: &[u8; 32]) -> Result<bool, Fault> {
    Ok(tx.execute("DELETE FROM secrets WHERE secret_mac = ?1", params![secret_mac])? == 1)
}

/// Deletes the secret of a person, found through the subject's own row: no index to keep for it.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(), Fault> {
    let row = tx.query_opt("SELECT secret_mac FROM subjects WHERE subject_id = ?1", params![&subject])?;
    let Some(row) = row else { return Ok(()) };
    if !row.is_null(0)? {
        delete(tx, &row.array(0)?)?;
    }
    Ok(())
}
