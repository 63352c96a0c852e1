//! Where epoch keys and roots live: outside the database, behind one small trait.
//!
//! Invariants: an epoch key never leaves its keystore, which wraps and unwraps bucket keys itself; it is never
//! overwritten, and after [`Keystore::destroy_epoch`] returned it is gone for good: that is what kills every copy of
//! a key wrapped under it (RELIABILITY §1.1).

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use model::Entropy;

use crate::aead;
use crate::fault::{Piece, Unopened};
use crate::secret::Secret;

/// The secrets that are never rotated with the epochs; none of them opens a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// Blind indexes.
    Index,
    /// MACs and secrets of the server's own: sessions, sign-in codes, idempotency, TOTP.
    Server,
    /// The seed of the log's signing key.
    Log,
}

impl Root {
    /// Every root.
    pub const ALL: [Self; 3] = [Self::Index, Self::Server, Self::Log];

    /// The stable name, such as of its file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Server => "server",
            Self::Log => "log",
        }
    }
}

/// Why a keystore did not do it.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreFault {
    /// No key of this epoch: never made, or destroyed.
    #[error("the keystore has no key of epoch {0}: it was destroyed, or this is another keystore")]
    Missing(u32),
    /// A key of this epoch is there already; it is never overwritten.
    #[error("the keystore already has a key of epoch {0}: choose the next number")]
    Exists(u32),
    /// No such root.
    #[error("the keystore has no root `{}`: restore the keystore from its backup", .0.code())]
    RootMissing(Root),
    /// What the keystore holds is no key.
    #[error("the keystore is damaged at {0}: restore it from its backup")]
    Damaged(String),
    /// A wrapped key that none of the epoch's keys wrapped at this place.
    #[error(transparent)]
    Unopened(#[from] Unopened),
    /// The keystore does not answer.
    #[error("the keystore does not answer ({0}): see to that, then try again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl KeystoreFault {
    /// Whether the same call may succeed later without anybody's help.
    pub const fn is_retriable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Keeps epoch keys and roots. Implemented by files in `server` and by PKCS#11 tokens in `hsm`.
///
/// A wrapped key is a box of `aead.rs`, whoever made it: AES-256-GCM under the epoch's key, with the place as
/// associated data.
pub trait Keystore: Send + Sync {
    /// Wraps a key under the key of an epoch, for one place.
    ///
    /// # Errors
    /// [`KeystoreFault::Missing`] when the epoch has no key: it was never made or was destroyed.
    fn wrap(
        &self,
        epoch: u32,
        place: &[u8],
        key: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreFault>;
    /// Unwraps a key that was wrapped in an epoch for this place.
    ///
    /// # Errors
    /// [`KeystoreFault::Missing`] as for wrapping; [`KeystoreFault::Unopened`] when it is not what the epoch's key
    /// wrapped there.
    fn unwrap(&self, epoch: u32, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault>;
    /// Makes the key of a new epoch, kept durably before it returns.
    ///
    /// # Errors
    /// [`KeystoreFault::Exists`] when the epoch has a key; the old one stays.
    fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), KeystoreFault>;
    /// Destroys the key of an epoch, durably before it returns; no fault if it is gone already, so that
    /// a rotation cut short can be run again.
    ///
    /// # Errors
    /// When it cannot be said for sure that the key is gone.
    fn destroy_epoch(&self, epoch: u32) -> Result<(), KeystoreFault>;
    /// The epochs that have a key, ascending.
    ///
    /// # Errors
    /// When the keystore does not answer.
    fn epochs(&self) -> Result<Vec<u32>, KeystoreFault>;
    /// A root.
    ///
    /// # Errors
    /// [`KeystoreFault::RootMissing`] when it was never made.
    fn root(&self, name: Root) -> Result<Secret, KeystoreFault>;
}

/// The key of an epoch, for a keystore that holds it in memory while it is used.
pub struct EpochKey(Secret);

impl EpochKey {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self(Secret::random(entropy))
    }
    /// The one that a keystore kept.
    pub const fn kept(secret: Secret) -> Self {
        Self(secret)
    }
    /// The secret, for a keystore to keep.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }
    /// As [`Keystore::wrap`].
    ///
    /// # Errors
    /// None in practice: a key is never too long for the cipher.
    pub fn wrap(&self, place: &[u8], key: &Secret, entropy: &dyn Entropy) -> Result<Vec<u8>, KeystoreFault> {
        let sealed = aead::seal(&self.0, place, key.expose(), entropy);
        sealed.map_err(|_| Unopened::Broken(Piece::Bucket).into())
    }
    /// As [`Keystore::unwrap`].
    ///
    /// # Errors
    /// [`KeystoreFault::Unopened`].
    pub fn unwrap(&self, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault> {
        Ok(aead::unwrap(&self.0, place, wrapped, Piece::Bucket)?)
    }
}

/// A wrapped key made of what a cipher outside this process gave: nonce, and ciphertext with its tag.
pub fn wrapped_of(nonce: [u8; 12], sealed: &[u8]) -> Vec<u8> {
    aead::join(nonce, sealed)
}

/// Nonce, and ciphertext with its tag, of a wrapped key.
///
/// # Errors
/// When it is of another format, or too short.
pub fn parts_of(wrapped: &[u8]) -> Result<([u8; 12], &[u8]), Unopened> {
    aead::split(wrapped, Piece::Bucket)
}

/// A keystore in memory; for tests and the simulator.
pub struct MemoryKeystore {
    roots: BTreeMap<Root, Secret>,
    epochs: RwLock<BTreeMap<u32, EpochKey>>,
}

impl MemoryKeystore {
    /// Fresh roots and no epoch.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let roots = Root::ALL.into_iter().map(|root| (root, Secret::random(entropy))).collect();
        Self { roots, epochs: RwLock::default() }
    }

    fn with<R>(
        &self,
        epoch: u32,
        f: impl FnOnce(&EpochKey) -> Result<R, KeystoreFault>,
    ) -> Result<R, KeystoreFault> {
        let epochs = self.epochs.read().unwrap_or_else(PoisonError::into_inner);
        f(epochs.get(&epoch).ok_or(KeystoreFault::Missing(epoch))?)
    }
}

impl Keystore for MemoryKeystore {
    fn wrap(
        &self,
        epoch: u32,
        place: &[u8],
        key: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreFault> {
        self.with(epoch, |epoch_key| epoch_key.wrap(place, key, entropy))
    }

    fn unwrap(&self, epoch: u32, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault> {
        self.with(epoch, |epoch_key| epoch_key.unwrap(place, wrapped))
    }

    fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), KeystoreFault> {
        let key = EpochKey::random(entropy);
        let mut epochs = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
        if epochs.contains_key(&epoch) {
            return Err(KeystoreFault::Exists(epoch));
        }
        epochs.insert(epoch, key);
        Ok(())
    }

    fn destroy_epoch(&self, epoch: u32) -> Result<(), KeystoreFault> {
        self.epochs.write().unwrap_or_else(PoisonError::into_inner).remove(&epoch);
        Ok(())
    }

    fn epochs(&self) -> Result<Vec<u32>, KeystoreFault> {
        Ok(self.epochs.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect())
    }

    fn root(&self, name: Root) -> Result<Secret, KeystoreFault> {
        let root = self.roots.get(&name).ok_or(KeystoreFault::RootMissing(name))?;
        Ok(Secret::copy_of(root.expose()))
    }
}
