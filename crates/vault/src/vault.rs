//! The vault: makes, opens, closes and renews keys, and is the only way from ciphertext to plaintext.
//!
//! Invariants: a value opens only for who holds a witnessed grant for its subject and category, that is,
//! after the log entry about it was written (DESIGN invariant 4); the vault stores nothing; unwrapped bucket
//! keys stay at most 60 seconds, and no epoch key is ever here: the keystore wraps. The two roots it holds all its
//! life open no value of anybody.
//!
//! The rotation of an epoch (`app` carries it out, `store` holds the rows):
//! 1. [`Vault::create_epoch`]; from then on writers wrap new buckets in it;
//! 2. each clean bucket: [`Vault::rewrap_bucket`]; each bucket marked dirty (a key in it was destroyed, or a
//!    person erased): [`Vault::renew_bucket`] with its living keyrings, never `rewrap_bucket`;
//! 3. when no row names the old epoch any more and that is committed: [`Vault::destroy_epoch`].
//!
//! From then on every copy of a row of the old epoch, wherever it survived, is noise.
//!
//! Clauses: C1.3, C16, C17; L11.
//!
//! With a witnessed grant a value opens:
//! ```
//! use vault::{Keyring, OpenFault, ValueRef, Vault};
//! fn look(
//!     vault: &Vault,
//!     grant: &policy::Witnessed<policy::Grant>,
//!     keyring: &Keyring,
//!     at: &ValueRef,
//!     sealed: &model::Sealed,
//! ) -> Result<model::Private<String>, OpenFault> {
//!     vault.open(grant, keyring, at, sealed)
//! }
//! ```
//! A grant that nobody has witnessed does not do:
//! ```compile_fail,E0308
//! use vault::{Keyring, OpenFault, ValueRef, Vault};
//! fn look(
//!     vault: &Vault,
//!     grant: &policy::Grant,
//!     keyring: &Keyring,
//!     at: &ValueRef,
//!     sealed: &model::Sealed,
//! ) -> Result<model::Private<String>, OpenFault> {
//!     vault.open(grant, keyring, at, sealed)
//! }
//! ```
//! Nor does the keyring alone:
//! ```compile_fail,E0624
//! use vault::{Keyring, OpenFault, ValueRef};
//! fn look(
//!     keyring: &Keyring,
//!     at: &ValueRef,
//!     sealed: &model::Sealed,
//! ) -> Result<model::Private<String>, OpenFault> {
//!     keyring.unseal(at, sealed)
//! }
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{BucketId, CategoryCode, Clock, Entropy, Private, Salt, Sealed, SubjectId};
use policy::{Grant, Witnessed};
use zeroize::Zeroizing;

use crate::bucket::{self, WrappedBucket, WrappedKeyring};
use crate::cache::Cache;
use crate::fault::{Fault, OpenFault, Piece};
use crate::keyring::Keyring;
use crate::keystore::{Keystore, KeystoreFault, Root};
use crate::secret::{Secret, same};
use crate::value::ValueRef;
use crate::{aead, index, schedule};

/// The purpose that opens a person's history: the duties of the law towards them (C16).
const RIGHTS: &str = "rights";

/// Makes, opens, closes and renews keys; opens values for witnessed grants. Shared by all threads.
pub struct Vault {
    keystore: Arc<dyn Keystore>,
    clock: Arc<dyn Clock>,
    index: Secret,
    server: Secret,
    derived: index::Keys,
    cache: Mutex<Cache>,
}

impl Vault {
    /// A vault over a keystore. The clock measures how long unwrapped keys stay: give it the monotonic one,
    /// since a rehearsal clock may stand still.
    ///
    /// # Errors
    /// When the keystore lacks the roots `index` or `server`.
    pub fn new(keystore: Arc<dyn Keystore>, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let index = keystore.root(Root::Index)?;
        let server = keystore.root(Root::Server)?;
        Ok(Self { keystore, clock, index, server, derived: index::Keys::default(), cache: Mutex::default() })
    }

    // Epochs.

    /// Makes the key of a new epoch in the keystore.
    ///
    /// # Errors
    /// When the epoch has a key already or the keystore does not keep it.
    pub fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), Fault> {
        Ok(self.keystore.create_epoch(epoch, entropy)?)
    }
    /// Destroys an epoch's key, and every unwrapped key in memory. Only after no row refers to the epoch, and
    /// that is committed.
    ///
    /// # Errors
    /// When the keystore cannot say for sure that the key is gone: try again.
    pub fn destroy_epoch(&self, epoch: u32) -> Result<(), Fault> {
        let destroyed = self.keystore.destroy_epoch(epoch);
        self.forget_keys();
        Ok(destroyed?)
    }
    /// The epochs that have a key, ascending.
    ///
    /// # Errors
    /// When the keystore does not answer.
    pub fn epochs(&self) -> Result<Vec<u32>, Fault> {
        Ok(self.keystore.epochs()?)
    }

    // Buckets.

    /// A bucket with a fresh key in this epoch.
    ///
    /// # Errors
    /// When the epoch has no key.
    pub fn new_bucket(
        &self,
        epoch: u32,
        bucket: BucketId,
        entropy: &dyn Entropy,
    ) -> Result<WrappedBucket, Fault> {
        bucket::wrap(&*self.keystore, epoch, bucket, &Secret::random(entropy), entropy)
    }
    /// Whether the bucket still opens: `false` once the key of its epoch was destroyed.
    ///
    /// # Errors
    /// When the keystore does not answer, or the bucket is not what its epoch's key wraps.
    pub fn opens_bucket(&self, row: &WrappedBucket) -> Result<bool, Fault> {
        match self.bucket_key(row) {
            Ok(_) => Ok(true),
            Err(Fault::Keystore(KeystoreFault::Missing(_))) => Ok(false),
            Err(fault) => Err(fault),
        }
    }
    /// The same bucket key under the key of a later epoch; only for a bucket in which no key was destroyed.
    ///
    /// # Errors
    /// [`Fault::NotLater`]; when an epoch has no key; when the bucket does not open.
    pub fn rewrap_bucket(
        &self,
        row: &WrappedBucket,
        to_epoch: u32,
        entropy: &dyn Entropy,
    ) -> Result<WrappedBucket, Fault> {
        is_later(row, to_epoch)?;
        bucket::wrap(&*self.keystore, to_epoch, row.bucket, self.bucket_key(row)?.as_ref(), entropy)
    }
    /// A fresh bucket key in a later epoch, with the living keyrings of the bucket moved to it: after the old
    /// epoch's destruction nothing of the old bucket opens. A keyring left out is lost with the old epoch.
    ///
    /// # Errors
    /// [`Fault::NotLater`]; [`Fault::OtherBucket`]; when an epoch has no key; when a row does not open.
    pub fn renew_bucket(
        &self,
        row: &WrappedBucket,
        to_epoch: u32,
        keyrings: &[WrappedKeyring],
        entropy: &dyn Entropy,
    ) -> Result<(WrappedBucket, Vec<WrappedKeyring>), Fault> {
        is_later(row, to_epoch)?;
        let old = self.bucket_key(row)?;
        let new = Secret::random(entropy);
        let moved = keyrings.iter().map(|keyring| {
            of_bucket(row, keyring.bucket)?;
            bucket::move_keyring(&old, &new, keyring, entropy)
        });
        let moved = moved.collect::<Result<_, _>>()?;
        Ok((bucket::wrap(&*self.keystore, to_epoch, row.bucket, &new, entropy)?, moved))
    }

    // Keyrings.

    /// An empty keyring for a new data subject.
    ///
    /// # Errors
    /// When the bucket does not open: a keyring in it would be lost.
    pub fn new_keyring(
        &self,
        row: &WrappedBucket,
        subject: SubjectId,
        entropy: &dyn Entropy,
    ) -> Result<Keyring, Fault> {
        self.bucket_key(row)?;
        Ok(Keyring::new(subject, row.bucket, entropy))
    }
    /// Opens a keyring.
    ///
    /// # Errors
    /// [`Fault::OtherBucket`]; when the epoch has no key; when a row does not open.
    pub fn open_keyring(&self, row: &WrappedBucket, keyring: &WrappedKeyring) -> Result<Keyring, Fault> {
        of_bucket(row, keyring.bucket)?;
        Keyring::open(self.bucket_key(row)?.as_ref(), keyring)
    }
    /// Closes a keyring under a fresh subject key, to be stored in the place of the old one. If
    /// [`Keyring::was_reduced`], mark the bucket dirty in the same transaction.
    ///
    /// # Errors
    /// [`Fault::OtherBucket`]; when the epoch has no key; when the bucket does not open.
    pub fn close_keyring(
        &self,
        row: &WrappedBucket,
        keyring: &Keyring,
        entropy: &dyn Entropy,
    ) -> Result<WrappedKeyring, Fault> {
        of_bucket(row, keyring.bucket())?;
        keyring.close(self.bucket_key(row)?.as_ref(), entropy)
    }

    // Plaintext.

    /// Opens a value for a grant whose log entry is written.
    ///
    /// # Errors
    /// When the grant is of another subject or does not cover the category, the key was destroyed, or the
    /// ciphertext is not the one of this subject, category, record and version.
    pub fn open(
        &self,
        grant: &Witnessed<Grant>,
        keyring: &Keyring,
        at: &ValueRef,
        sealed: &Sealed,
    ) -> Result<Private<String>, OpenFault> {
        if grant.subject() != keyring.subject() {
            return Err(OpenFault::OtherSubject);
        }
        if !grant.covers(at.category) {
            return Err(OpenFault::CategoryNotGranted(at.category));
        }
        keyring.unseal(at, sealed)
    }
    /// Opens a line of the person's history, for a grant for the purpose `rights`: the entry's canonical text
    /// and its salt.
    ///
    /// # Errors
    /// When the grant is of another subject or purpose, or the line is not this person's.
    pub fn open_history(
        &self,
        grant: &Witnessed<Grant>,
        keyring: &Keyring,
        sealed: &Sealed,
    ) -> Result<(String, Salt), OpenFault> {
        if grant.subject() != keyring.subject() {
            return Err(OpenFault::OtherSubject);
        }
        if grant.purpose().as_str() != RIGHTS {
            return Err(OpenFault::PurposeNotGranted(grant.purpose()));
        }
        Ok(keyring.unseal_history(sealed)?)
    }

    // Indexes and the server's own.

    /// The blind index of a normalised value: HMAC-SHA-256 under the category's key.
    pub fn blind_index(&self, category: CategoryCode, normalised: &str) -> [u8; 32] {
        self.derived.blind(&self.index, category, normalised)
    }
    /// A MAC of the server's own, under a key per label: idempotency bodies, tokens, codes, receipt secrets.
    pub fn mac(&self, label: &str, message: &[u8]) -> [u8; 32] {
        self.derived.mac(&self.server, label, message)
    }
    /// Whether it is the MAC of this message, in constant time.
    pub fn mac_matches(&self, label: &str, message: &[u8], mac: &[u8]) -> bool {
        same(&self.mac(label, message), mac)
    }
    /// Seals a secret of the server's own, such as an operator's TOTP key, bound to a context such as the
    /// operator's id. Never for personal data: it knows no keyring, so it cannot be erased.
    ///
    /// # Errors
    /// [`Fault::TooLong`] above 16 MiB.
    pub fn seal_secret(
        &self,
        label: &str,
        context: &[u8],
        secret: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, Fault> {
        aead::seal(&schedule::server_key(&self.server, label), &schedule::server(context), secret, entropy)
    }
    /// Opens a secret of the server's own.
    ///
    /// # Errors
    /// When it was sealed under another label or context, or was changed.
    pub fn open_secret(
        &self,
        label: &str,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let key = schedule::server_key(&self.server, label);
        Ok(aead::open(&key, &schedule::server(context), sealed, Piece::ServerSecret)?)
    }

    // Keys in memory.

    /// Wipes unwrapped keys older than 60 seconds. Every use does so too; a server calls it every few seconds,
    /// so that keys do not outstay when nobody comes.
    pub fn sweep(&self) {
        let now = self.clock.now();
        self.cache().expire(now);
    }
    /// Wipes every unwrapped key.
    pub fn forget_keys(&self) {
        self.cache().clear();
    }
    /// How many unwrapped bucket keys are in memory.
    pub fn keys_in_memory(&self) -> usize {
        self.cache().len()
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // A panic elsewhere leaves at worst an entry too few.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bucket_key(&self, row: &WrappedBucket) -> Result<Arc<Secret>, Fault> {
        // INVARIANT: counted from before the unwrapping, so never longer than promised.
        let now = self.clock.now();
        if let Some(key) = self.cache().get(row, now) {
            return Ok(key);
        }
        // Not under the lock: a keystore may be a slow device.
        let key = Arc::new(bucket::unwrap(&*self.keystore, row)?);
        self.cache().put(row, Arc::clone(&key), now);
        Ok(key)
    }
}

const fn is_later(row: &WrappedBucket, to: u32) -> Result<(), Fault> {
    if to > row.epoch { Ok(()) } else { Err(Fault::NotLater { from: row.epoch, to }) }
}

fn of_bucket(row: &WrappedBucket, keyring: BucketId) -> Result<(), Fault> {
    if row.bucket == keyring { Ok(()) } else { Err(Fault::OtherBucket { keyring, given: row.bucket }) }
}
