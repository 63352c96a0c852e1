//! Keyrings: each person's record keys, sealed under a subject key that a bucket key wraps.

use model::{BucketId, SubjectId};

use crate::value::Row;
use crate::{Fault, Lock, Tx, params};

/// A keyring, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyringRow {
    /// Whose.
    pub subject: SubjectId,
    /// The bucket whose key wraps the subject key.
    pub bucket: BucketId,
    /// The wrapped subject key.
    pub wrapped_key: Vec<u8>,
    /// The record keys, sealed under the subject key.
    pub sealed: Vec<u8>,
}

fn keyring_of(mut row: Row) -> Result<KeyringRow, Fault> {
    Ok(KeyringRow {
        subject: row.id(0)?,
        bucket: row.id(1)?,
        wrapped_key: row.take_bytes(2)?,
        sealed: row.take_bytes(3)?,
    })
}

/// Inserts a new keyring; hold its bucket with `key_buckets::hold` in the same unit.
pub fn insert(tx: &mut Tx<'_>, keyring: &KeyringRow) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO keyrings (subject_id, bucket_id, wrapped_key, sealed) VALUES (?1, ?2, ?3, ?4)",
        params![&keyring.subject, &keyring.bucket, &keyring.wrapped_key, &keyring.sealed],
    )
}

/// The keyring of a subject.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Option<KeyringRow>, Fault> {
    tx.query_opt_locked(
        "SELECT subject_id, bucket_id, wrapped_key, sealed FROM keyrings WHERE subject_id = ?1",
        params![&subject],
        Lock::Row,
    )?
    .map(keyring_of)
    .transpose()
}

/// Replaces a keyring without looking; only where the caller read it in the same unit.
pub fn replace(tx: &mut Tx<'_>, keyring: &KeyringRow) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE keyrings SET bucket_id = ?2, wrapped_key = ?3, sealed = ?4 WHERE subject_id = ?1",
        params![&keyring.subject, &keyring.bucket, &keyring.wrapped_key, &keyring.sealed],
    )
}

/// Replaces a keyring that was read before the unit and sealed anew outside of it.
///
/// # Errors
/// [`Fault::Rollback`] `keyring-changed` when it is no longer the one read: read and seal again.
pub fn swap(tx: &mut Tx<'_>, read: &KeyringRow, new: &KeyringRow) -> Result<(), Fault> {
    let actual = tx.execute(
        "UPDATE keyrings SET bucket_id = ?2, wrapped_key = ?3, sealed = ?4
         WHERE subject_id = ?1 AND wrapped_key = ?5 AND sealed = ?6",
        params![&new.subject, &new.bucket, &new.wrapped_key, &new.sealed, &read.wrapped_key, &read.sealed],
    )?;
    if actual == 1 && read.subject == new.subject { Ok(()) } else { Err(Fault::Rollback("keyring-changed")) }
}

/// Deletes a keyring: from the end of its key epoch on, nothing opens what it sealed.
pub fn delete(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(), Fault> {
    tx.execute_one("DELETE FROM keyrings WHERE subject_id = ?1", params![&subject])
}

/// All keyrings of a bucket, at most 256.
pub fn list_by_bucket(tx: &mut Tx<'_>, bucket: BucketId) -> Result<Vec<KeyringRow>, Fault> {
    tx.query_all(
        "SELECT subject_id, bucket_id, wrapped_key, sealed FROM keyrings WHERE bucket_id = ?1 ORDER BY subject_id",
        params![&bucket],
    )?
    .into_iter()
    .map(keyring_of)
    .collect()
}
