//! What the whole of the vault promises, told as stories; formats frozen as bytes.

mod gate;
mod golden;
mod keys;
mod swaps;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::platform::{MockClock, SeededEntropy};
use model::{BucketId, CategoryCode, Entropy, Instant, Private, RecordId, Sealed, SubjectId};

use crate::{Keyring, Keystore, KeystoreFault, MemoryKeystore, Root, Secret, ValueRef, Vault};

const SUBJECT: SubjectId = SubjectId::from_bytes([0x51; 16]);
const BUCKET: BucketId = BucketId::from_bytes([0xb0; 16]);

fn record(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

fn email(number: u8) -> ValueRef {
    ValueRef { category: CategoryCode::new("email").unwrap(), record: record(number), version: 1 }
}

fn text(value: &str) -> Private<String> {
    Private::new(value.to_owned())
}

/// A keystore that counts how often it unwraps a key.
struct Counting(MemoryKeystore, AtomicUsize);

impl Keystore for Counting {
    fn wrap(
        &self,
        epoch: u32,
        place: &[u8],
        key: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreFault> {
        self.0.wrap(epoch, place, key, entropy)
    }
    fn unwrap(&self, epoch: u32, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.unwrap(epoch, place, wrapped)
    }
    fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), KeystoreFault> {
        self.0.create_epoch(epoch, entropy)
    }
    fn destroy_epoch(&self, epoch: u32) -> Result<(), KeystoreFault> {
        self.0.destroy_epoch(epoch)
    }
    fn epochs(&self) -> Result<Vec<u32>, KeystoreFault> {
        self.0.epochs()
    }
    fn root(&self, name: Root) -> Result<Secret, KeystoreFault> {
        self.0.root(name)
    }
}

/// A vault in epoch 1 with everything it was given.
struct Platform {
    entropy: SeededEntropy,
    clock: Arc<MockClock>,
    keystore: Arc<Counting>,
    vault: Vault,
}

impl Platform {
    fn new(seed: u64) -> Self {
        let entropy = SeededEntropy::new(seed);
        let clock = Arc::new(MockClock::at(Instant::from_micros(1_795_424_400_000_000)));
        let keystore = Arc::new(Counting(MemoryKeystore::new(&entropy), AtomicUsize::new(0)));
        let vault = Vault::new(keystore.clone(), clock.clone()).unwrap();
        vault.create_epoch(1, &entropy).unwrap();
        Self { entropy, clock, keystore, vault }
    }

    fn seal(&self, keyring: &mut Keyring, at: &ValueRef, value: &str) -> Sealed {
        keyring.seal(at.category, at.record, at.version, &text(value), &self.entropy).unwrap()
    }

    fn asked(&self) -> usize {
        self.keystore.1.load(Ordering::SeqCst)
    }
}

fn opened(keyring: &Keyring, at: &ValueRef, sealed: &Sealed) -> Option<String> {
    keyring.unseal(at, sealed).ok().map(|value| value.expose().clone())
}
