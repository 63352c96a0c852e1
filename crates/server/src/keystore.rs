//! The keystore in files: one folder, one file per key, apart from the database.
//!
//! Invariants: a key file is whole or absent; it is never overwritten by another key; destroying one
//! overwrites it, removes it and syncs before returning. Clauses: C10.7, C17; RELIABILITY §1.1.

#[cfg(test)]
mod contract;

use std::io;
use std::path::{Path, PathBuf};

use model::Entropy;
use sha2::{Digest as _, Sha256};
use vault::{EpochKey, Keystore, KeystoreFault, Root, SECRET_LEN, Secret};
use zeroize::Zeroizing;

use crate::files;

/// First bytes of a key file, with its version.
const HEAD: &[u8] = b"senim-key/v1\n";
/// Bytes of the check sum that finds a damaged or exchanged file.
const CHECK_LEN: usize = 8;
const SUFFIX: &str = ".key";
const EPOCH: &str = "epoch-";

/// Keys as files of one folder.
#[derive(Debug)]
pub struct FileKeystore {
    folder: PathBuf,
}

impl FileKeystore {
    /// The keystore in this folder; nothing is looked at yet.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether it holds a key.
    ///
    /// # Errors
    /// Of the file system.
    pub fn holds_any(&self) -> Result<bool, KeystoreFault> {
        Ok(!self.key_names()?.is_empty())
    }

    /// Makes the folder and the roots that are not there yet.
    ///
    /// # Errors
    /// Of the file system.
    pub fn create_roots(&self, entropy: &dyn Entropy) -> Result<(), KeystoreFault> {
        files::create_folder(&self.folder).map_err(unavailable)?;
        for root in Root::ALL {
            let name = root.code();
            if !self.path(name).exists() {
                self.write(name, &Secret::random(entropy)).map_err(unavailable)?;
            }
        }
        Ok(())
    }

    /// Copies every key to a folder of a key backup.
    ///
    /// # Errors
    /// Of the file system; a damaged key is not copied but reported.
    pub fn copy_to(&self, folder: &Path) -> Result<(), KeystoreFault> {
        files::create_folder(folder).map_err(unavailable)?;
        let copy = Self::at(folder);
        for name in self.key_names()? {
            let secret = self.read(&name)?.ok_or_else(|| KeystoreFault::Damaged(name.clone()))?;
            copy.write(&name, &secret).map_err(unavailable)?;
        }
        Ok(())
    }

    /// The key of an epoch, for the length of a call or for taking it elsewhere.
    ///
    /// # Errors
    /// [`KeystoreFault::Missing`]; a damaged file.
    pub fn epoch_key(&self, epoch: u32) -> Result<EpochKey, KeystoreFault> {
        self.read(&epoch_name(epoch))?.map(EpochKey::kept).ok_or(KeystoreFault::Missing(epoch))
    }

    fn key_names(&self) -> Result<Vec<String>, KeystoreFault> {
        let names = files::names(&self.folder).map_err(unavailable)?;
        Ok(names.into_iter().filter_map(|name| name.strip_suffix(SUFFIX).map(str::to_owned)).collect())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{SUFFIX}"))
    }

    fn write(&self, name: &str, secret: &Secret) -> io::Result<()> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEAD.len() + SECRET_LEN + CHECK_LEN));
        bytes.extend_from_slice(HEAD);
        bytes.extend_from_slice(secret.expose());
        bytes.extend_from_slice(&check(name, secret.expose()));
        files::write_new(&self.path(name), &bytes)
    }

    /// The key in a file, `None` when there is no file.
    fn read(&self, name: &str) -> Result<Option<Secret>, KeystoreFault> {
        let bytes = match files::read(&self.path(name)) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(unavailable(fault)),
        };
        let damaged = || KeystoreFault::Damaged(format!("{name}{SUFFIX}"));
        let rest = bytes.strip_prefix(HEAD).ok_or_else(damaged)?;
        let (key, sum) = rest.split_first_chunk::<SECRET_LEN>().ok_or_else(damaged)?;
        if sum != check(name, key) {
            return Err(damaged());
        }
        Ok(Some(Secret::copy_of(key)))
    }
}

fn check(name: &str, key: &[u8; SECRET_LEN]) -> [u8; CHECK_LEN] {
    let sum = Sha256::new()
        .chain_update(b"senim/keystore/v1\n")
        .chain_update(name.as_bytes())
        .chain_update(b"\n")
        .chain_update(key)
        .finalize();
    let mut short = [0; CHECK_LEN];
    short.copy_from_slice(&sum[..CHECK_LEN]);
    short
}

fn epoch_name(epoch: u32) -> String {
    format!("{EPOCH}{epoch}")
}

fn unavailable(fault: io::Error) -> KeystoreFault {
    KeystoreFault::Unavailable(Box::new(fault))
}

impl Keystore for FileKeystore {
    fn wrap(
        &self,
        epoch: u32,
        place: &[u8],
        key: &Secret,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreFault> {
        self.epoch_key(epoch)?.wrap(place, key, entropy)
    }

    fn unwrap(&self, epoch: u32, place: &[u8], wrapped: &[u8]) -> Result<Secret, KeystoreFault> {
        self.epoch_key(epoch)?.unwrap(place, wrapped)
    }

    fn create_epoch(&self, epoch: u32, entropy: &dyn Entropy) -> Result<(), KeystoreFault> {
        match self.write(&epoch_name(epoch), EpochKey::random(entropy).secret()) {
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Err(KeystoreFault::Exists(epoch)),
            other => other.map_err(unavailable),
        }
    }

    fn destroy_epoch(&self, epoch: u32) -> Result<(), KeystoreFault> {
        files::shred(&self.path(&epoch_name(epoch))).map_err(unavailable)
    }

    fn epochs(&self) -> Result<Vec<u32>, KeystoreFault> {
        let mut epochs: Vec<u32> =
            self.key_names()?.iter().filter_map(|name| name.strip_prefix(EPOCH)?.parse().ok()).collect();
        epochs.sort_unstable();
        Ok(epochs)
    }

    fn root(&self, name: Root) -> Result<Secret, KeystoreFault> {
        self.read(name.code())?.ok_or(KeystoreFault::RootMissing(name))
    }
}

#[cfg(test)]
mod tests {
    use model::platform::SeededEntropy;

    use super::*;
    use crate::files::scratch::Scratch;

    fn made(scratch: &Scratch) -> FileKeystore {
        let keystore = FileKeystore::at(&scratch.path().join("keystore"));
        keystore.create_roots(&SeededEntropy::new(1)).unwrap();
        keystore
    }

    const PLACE: &[u8] = b"place";

    fn wrapped(keystore: &FileKeystore, epoch: u32) -> (Secret, Vec<u8>) {
        let entropy = SeededEntropy::new(u64::from(epoch));
        let key = Secret::random(&entropy);
        let wrapped = keystore.wrap(epoch, PLACE, &key, &entropy).unwrap();
        (key, wrapped)
    }

    #[test]
    fn a_second_start_keeps_the_keys() {
        let scratch = Scratch::new();
        let keystore = made(&scratch);
        keystore.create_epoch(1, &SeededEntropy::new(2)).unwrap();
        let (key, wrapped) = wrapped(&keystore, 1);
        let again = FileKeystore::at(keystore.folder());
        assert!(again.unwrap(1, PLACE, &wrapped).unwrap().matches(&key));
        let root = again.root(Root::Index).unwrap();
        again.create_roots(&SeededEntropy::new(9)).unwrap();
        assert!(again.root(Root::Index).unwrap().matches(&root));
    }

    #[test]
    fn one_changed_byte_or_an_exchanged_file_is_found() {
        let scratch = Scratch::new();
        let keystore = made(&scratch);
        keystore.create_epoch(1, &SeededEntropy::new(2)).unwrap();
        keystore.create_epoch(2, &SeededEntropy::new(3)).unwrap();
        let (_, wrapped) = wrapped(&keystore, 1);
        let is_found = || matches!(keystore.unwrap(1, PLACE, &wrapped), Err(KeystoreFault::Damaged(_)));
        let whole = files::read(&keystore.path("epoch-1")).unwrap();
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] ^= 1;
            files::replace(&keystore.path("epoch-1"), &broken).unwrap();
            assert!(is_found(), "byte {at}");
        }
        files::replace(&keystore.path("epoch-1"), &files::read(&keystore.path("epoch-2")).unwrap()).unwrap();
        assert!(is_found());
    }

    #[test]
    fn a_copy_opens_the_same() {
        let scratch = Scratch::new();
        let keystore = made(&scratch);
        keystore.create_epoch(3, &SeededEntropy::new(2)).unwrap();
        let (key, wrapped) = wrapped(&keystore, 3);
        let folder = scratch.path().join("copy");
        keystore.copy_to(&folder).unwrap();
        let copy = FileKeystore::at(&folder);
        assert!(copy.unwrap(3, PLACE, &wrapped).unwrap().matches(&key));
        assert!(copy.root(Root::Log).unwrap().matches(&keystore.root(Root::Log).unwrap()));
    }
}
