//! Buckets: the rung between epoch and subject, so that the end of an epoch re-wraps one key for up to
//! 256 people, and only where somebody's key was destroyed all of theirs.
//!
//! Clauses: C17 (destruction that also kills old copies); RELIABILITY §1.1.

use model::{BucketId, Entropy, SubjectId};

use crate::aead;
use crate::fault::{Fault, Piece};
use crate::keystore::Keystore;
use crate::schedule;
use crate::secret::Secret;

/// How many subjects share a bucket key.
pub const BUCKET_CAPACITY: usize = 256;

/// A bucket key as it is stored: sealed under the key of its epoch, 61 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WrappedBucket {
    /// The bucket.
    pub bucket: BucketId,
    /// The epoch whose key wraps it.
    pub epoch: u32,
    /// The wrapped bucket key.
    pub wrapped: Vec<u8>,
}

/// A keyring as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKeyring {
    /// Whose.
    pub subject: SubjectId,
    /// The bucket whose key wraps the subject key.
    pub bucket: BucketId,
    /// The subject key, sealed under the bucket key, 61 bytes.
    pub wrapped_key: Vec<u8>,
    /// The keyring, sealed under the subject key.
    pub sealed: Vec<u8>,
}

pub(crate) fn wrap(
    keystore: &dyn Keystore,
    epoch: u32,
    bucket: BucketId,
    key: &Secret,
    entropy: &dyn Entropy,
) -> Result<WrappedBucket, Fault> {
    let wrapped = keystore.wrap(epoch, &schedule::bucket(epoch, bucket), key, entropy)?;
    Ok(WrappedBucket { bucket, epoch, wrapped })
}

pub(crate) fn unwrap(keystore: &dyn Keystore, row: &WrappedBucket) -> Result<Secret, Fault> {
    Ok(keystore.unwrap(row.epoch, &schedule::bucket(row.epoch, row.bucket), &row.wrapped)?)
}

/// The same keyring under another key of its bucket; the sealed part stays as it is.
pub(crate) fn move_keyring(
    from: &Secret,
    to: &Secret,
    row: &WrappedKeyring,
    entropy: &dyn Entropy,
) -> Result<WrappedKeyring, Fault> {
    let place = schedule::subject(row.bucket, row.subject);
    let key = aead::unwrap(from, &place, &row.wrapped_key, Piece::SubjectKey)?;
    let wrapped_key = aead::seal(to, &place, key.expose(), entropy)?;
    Ok(WrappedKeyring { wrapped_key, ..row.clone() })
}
