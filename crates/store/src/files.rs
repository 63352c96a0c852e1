//! The data folder: one process, one file, nobody else may read it; and the reserve for a full disk.

#![expect(clippy::disallowed_methods, reason = "the database files of store (DESIGN §1, invariant 2)")]

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::fault::Fault;

/// Bytes kept free for withdrawals, restrictions and erasures on a full disk (DESIGN §1, invariant 6).
pub(crate) const RESERVE_BYTES: u64 = 64 << 20;

const DATABASE: &str = "senim.db";
const WRITE_AHEAD_LOG: &str = "senim.db-wal";
const REDO: &str = "senim.redo";
const LOCK: &str = "lock";
const RESERVE: &str = "reserve";

/// A data folder that this process holds alone.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Held as long as the folder is used; the operating system lets go of it if the process dies.
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be and takes its lock.
    pub(crate) fn hold(path: &Path) -> Result<Self, Fault> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        let lock = private().create(true).truncate(false).write(true).open(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Fault::Locked),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let folder = Self { path: path.to_owned(), _lock: lock };
        // Made before SQLite makes it, because the write-ahead log inherits its mode.
        private().create(true).truncate(false).write(true).open(folder.database())?;
        sync_folder(path)?;
        Ok(folder)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Bytes in the write-ahead log.
    pub(crate) fn wal_bytes(&self) -> u64 {
        fs::metadata(self.path.join(WRITE_AHEAD_LOG)).map_or(0, |meta| meta.len())
    }

    /// Makes durable what was committed into the write-ahead log.
    pub(crate) fn sync_wal(&self) -> Result<(), Fault> {
        File::open(self.path.join(WRITE_AHEAD_LOG))?.sync_data()?;
        sync_folder(&self.path)
    }

    /// The redo log, made if it is not there.
    pub(crate) fn redo(&self) -> Result<File, Fault> {
        let file =
            private().create(true).truncate(false).read(true).write(true).open(self.path.join(REDO))?;
        sync_folder(&self.path)?;
        Ok(file)
    }

    /// Takes the reserve from the disk; an error when there is no room for it.
    pub(crate) fn fill_reserve(&self, bytes: u64) -> Result<(), Fault> {
        let path = self.path.join(RESERVE);
        if fs::metadata(&path).is_ok_and(|meta| meta.len() == bytes) {
            return Ok(());
        }
        let fill = || -> Result<(), Fault> {
            let mut file = private().create(true).truncate(true).write(true).open(&path)?;
            // Not zeroes: a file system that compresses would keep nothing for us.
            let mut word = 0x9e37_79b9_7f4a_7c15_u64;
            let mut left = bytes;
            while left > 0 {
                let chunk: Vec<u8> = std::iter::repeat_with(|| {
                    word ^= word << 13;
                    word ^= word >> 7;
                    word ^= word << 17;
                    word.to_le_bytes()
                })
                .take(8192)
                .flatten()
                .collect();
                let take = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
                file.write_all(&chunk[..take])?;
                left -= take as u64;
            }
            Ok(file.sync_all()?)
        };
        fill().inspect_err(|_| {
            let _ = fs::remove_file(&path);
        })
    }

    /// Gives the reserve back to the disk.
    pub(crate) fn release_reserve(&self) {
        let path = self.path.join(RESERVE);
        // Removing may need a block of its own on some file systems, truncating does not.
        let _ = private().write(true).truncate(true).open(&path);
        let _ = fs::remove_file(&path);
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn sync_folder(path: &Path) -> Result<(), Fault> {
    Ok(File::open(path)?.sync_all()?)
}

/// An empty file of mode 0600 beside `path`, to be filled and then given its name with [`publish`].
pub(crate) fn draft(path: &Path) -> Result<PathBuf, Fault> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    private().create(true).truncate(true).write(true).open(&part)?;
    Ok(part)
}

/// Makes a filled draft durable under its name.
pub(crate) fn publish(part: &Path, path: &Path) -> Result<(), Fault> {
    File::open(part)?.sync_all()?;
    fs::rename(part, path)?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_folder(folder)
}

/// Removes a file that was begun and not finished.
pub(crate) fn discard(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Bytes of a file; 0 when there is none.
pub(crate) fn bytes(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.len())
}
