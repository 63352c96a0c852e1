//! Buckets of up to 256 subjects' keys, each wrapped by an epoch key.

use model::BucketId;

use crate::value::Row;
use crate::{Fault, Lock, Tx, params};

/// Most subjects in a bucket (DESIGN §2b).
pub const MEMBERS_MAX: u32 = 256;

/// A bucket key, wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBucket {
    /// Its id.
    pub bucket: BucketId,
    /// The epoch whose key wraps it.
    pub epoch: u32,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
    /// Whether a key in it was destroyed in this epoch: then it gets a new key at the end of it.
    pub dirty: bool,
}

fn bucket_of(mut row: Row) -> Result<KeyBucket, Fault> {
    Ok(KeyBucket { bucket: row.id(0)?, epoch: row.int(1)?, wrapped: row.take_bytes(2)?, dirty: row.flag(3)? })
}

/// Inserts a new bucket.
pub fn insert(tx: &mut Tx<'_>, bucket: &KeyBucket) -> Result<(), Fault> {
    super::key_epochs::hold(tx, bucket.epoch)?;
    tx.execute_one(
        "INSERT INTO key_buckets (bucket_id, epoch, wrapped, dirty) VALUES (?1, ?2, ?3, ?4)",
        params![&bucket.bucket, bucket.epoch, &bucket.wrapped, bucket.dirty],
    )
}

/// A bucket.
pub fn fetch(tx: &mut Tx<'_>, bucket: BucketId) -> Result<Option<KeyBucket>, Fault> {
    tx.query_opt_locked(
        "SELECT bucket_id, epoch, wrapped, dirty FROM key_buckets WHERE bucket_id = ?1",
        params![&bucket],
        Lock::Row,
    )?
    .map(bucket_of)
    .transpose()
}

/// The newest bucket and how many subjects are in it.
pub fn newest(tx: &mut Tx<'_>) -> Result<Option<(KeyBucket, u32)>, Fault> {
    let newest = tx
        .query_opt(
            "SELECT bucket_id, epoch, wrapped, dirty FROM key_buckets ORDER BY bucket_id DESC LIMIT 1",
            &[],
        )?
        .map(bucket_of)
        .transpose()?;
    let Some(newest) = newest else { return Ok(None) };
    let members = tx
        .query_one("SELECT COUNT(*) FROM keyrings WHERE bucket_id = ?1", params![&newest.bucket])?
        .int(0)?;
    Ok(Some((newest, members)))
}

/// Makes sure that a bucket stands in the epoch in which a keyring was sealed under it, until the transaction ends.
///
/// # Errors
/// [`Fault::Rollback`] `bucket-changed` when it was re-wrapped since: seal again under another.
pub fn hold(tx: &mut Tx<'_>, bucket: BucketId, epoch: u32) -> Result<(), Fault> {
    tx.query_opt_locked(
        "SELECT 1 FROM key_buckets WHERE bucket_id = ?1 AND epoch = ?2",
        params![&bucket, epoch],
        Lock::Row,
    )?
    .map(drop)
    .ok_or(Fault::Rollback("bucket-changed"))
}

/// Marks that a key in the bucket was destroyed, so that the bucket gets a new key at the end of the epoch.
pub fn mark_dirty(tx: &mut Tx<'_>, bucket: BucketId) -> Result<(), Fault> {
    tx.execute_one("UPDATE key_buckets SET dirty = 1 WHERE bucket_id = ?1", params![&bucket])
}

/// Puts the bucket under a newer epoch, clean.
///
/// # Errors
/// [`Fault::Rollback`] `bucket-changed` when it is no longer of `from_epoch`, or a key in it was destroyed
/// meanwhile although it was read clean (`was_dirty` is what the caller read).
pub fn replace(
    tx: &mut Tx<'_>,
    bucket: BucketId,
    from_epoch: u32,
    was_dirty: bool,
    epoch: u32,
    wrapped: &[u8],
) -> Result<(), Fault> {
    let actual = tx.execute(
        "UPDATE key_buckets SET epoch = ?4, wrapped = ?5, dirty = 0
         WHERE bucket_id = ?1 AND epoch = ?2 AND dirty = ?3",
        params![&bucket, from_epoch, was_dirty, epoch, wrapped],
    )?;
    if actual == 1 { Ok(()) } else { Err(Fault::Rollback("bucket-changed")) }
}

/// Buckets wrapped by an epoch.
pub fn list_by_epoch(tx: &mut Tx<'_>, epoch: u32, limit: u32) -> Result<Vec<KeyBucket>, Fault> {
    tx.query_all(
        "SELECT bucket_id, epoch, wrapped, dirty FROM key_buckets WHERE epoch = ?1
         ORDER BY bucket_id LIMIT ?2",
        params![epoch, limit],
    )?
    .into_iter()
    .map(bucket_of)
    .collect()
}

/// How many buckets an epoch still wraps.
pub fn count_by_epoch(tx: &mut Tx<'_>, epoch: u32) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM key_buckets WHERE epoch = ?1", params![epoch])?.int(0)
}

/// Deletes a bucket that no keyring refers to.
pub fn delete(tx: &mut Tx<'_>, bucket: BucketId) -> Result<(), Fault> {
    tx.execute_one(
        "DELETE FROM key_buckets WHERE bucket_id = ?1
         AND NOT EXISTS (SELECT 1 FROM keyrings WHERE keyrings.bucket_id = key_buckets.bucket_id)",
        params![&bucket],
    )
}
