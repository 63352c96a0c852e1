//! Where epoch keys and roots live: outside the database, behind one small trait.
//!
//! Invariant: an epoch key is never overwritten, and after [`Keystore::destroy_epoch`] returned it is
//! gone for good: that is what kills every copy of a key wrapped under it (RELIABILITY §1.1).

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use model::Entropy;

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
    /// The keystore does not answer.
    #[error("the keystore does not answer: see the cause, then try again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl KeystoreFault {
    /// Whether the same call may succeed later without anybody's help.
    pub const fn is_retriable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Keeps epoch keys and roots. Implemented by files and PKCS#11 in `server`.
pub trait Keystore: Send + Sync {
    /// The key of an epoch.
    ///
    /// # Errors
    /// [`KeystoreFault::Missing`] when it was never made or was destroyed.
    fn epoch_key(&self, epoch: u32) -> Result<Secret, KeystoreFault>;
    /// Keeps the key of a new epoch, durably before it returns.
    ///
    /// # Errors
    /// [`KeystoreFault::Exists`] when the epoch has a key; the old one stays.
    fn create_epoch(&self, epoch: u32, key: Secret) -> Result<(), KeystoreFault>;
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

/// A keystore in memory; for tests and the simulator.
pub struct MemoryKeystore {
    roots: BTreeMap<Root, Secret>,
    epochs: RwLock<BTreeMap<u32, Secret>>,
}

impl MemoryKeystore {
    /// Fresh roots and no epoch.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let roots = Root::ALL.into_iter().map(|root| (root, Secret::random(entropy))).collect();
        Self { roots, epochs: RwLock::default() }
    }
}

impl Keystore for MemoryKeystore {
    fn epoch_key(&self, epoch: u32) -> Result<Secret, KeystoreFault> {
        let epochs = self.epochs.read().unwrap_or_else(PoisonError::into_inner);
        epochs.get(&epoch).map(|key| Secret::copy_of(key.expose())).ok_or(KeystoreFault::Missing(epoch))
    }

    fn create_epoch(&self, epoch: u32, key: Secret) -> Result<(), KeystoreFault> {
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
