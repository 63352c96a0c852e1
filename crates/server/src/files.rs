//! Files and folders: private by mode, durable before a call returns, destroyed by overwriting.
//!
//! Invariant: what is said to be written has been synced with its folder; nothing is readable by others.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Mode of folders of ours.
const FOLDER_MODE: u32 = 0o700;
/// Mode of files of ours.
const FILE_MODE: u32 = 0o600;
/// Bytes written at once when overwriting.
const SHRED_CHUNK: usize = 1 << 13;

/// The whole file.
///
/// # Errors
/// Of the file system.
#[expect(clippy::disallowed_methods, reason = "files are read in server, and here only")]
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// The whole file as text.
///
/// # Errors
/// Of the file system; no UTF-8.
#[expect(clippy::disallowed_methods, reason = "files are read in server, and here only")]
pub fn read_text(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// A file or folder, open for reading.
///
/// # Errors
/// Of the file system.
#[expect(clippy::disallowed_methods, reason = "files are opened in server, and here only")]
pub fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// A file to lock, made if it is not there.
///
/// # Errors
/// Of the file system.
#[expect(clippy::disallowed_methods, reason = "files are opened in server, and here only")]
pub fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(FILE_MODE).open(path)
}

/// Makes a folder and its parents, readable by this account only.
///
/// # Errors
/// Of the file system.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)?;
    path.parent()
        .map_or(Ok(()), |parent| if parent.as_os_str().is_empty() { Ok(()) } else { sync_folder(parent) })
}

/// Makes a folder's entries durable.
///
/// # Errors
/// Of the file system.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    open(path)?.sync_all()
}

fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => sync_folder(Path::new(".")),
    }
}

/// Writes a file that must not exist yet, durably, all or nothing.
///
/// # Errors
/// `AlreadyExists`; of the file system.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft_of(path);
    write_draft(&draft, bytes)?;
    // A link, unlike a rename, never replaces.
    let linked = std::fs::hard_link(&draft, path);
    remove(&draft)?;
    linked?;
    sync_parent(path)
}

/// Writes a file, replacing an earlier one, durably, all or nothing.
///
/// # Errors
/// Of the file system.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft_of(path);
    write_draft(&draft, bytes)?;
    rename(&draft, path)
}

/// Moves a file or folder within one folder, durably.
///
/// # Errors
/// Of the file system.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    sync_parent(to)
}

fn draft_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".draft");
    path.with_file_name(name)
}

#[expect(clippy::disallowed_methods, reason = "files are written in server, and here only")]
fn write_draft(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes a file; no fault if it is not there.
///
/// # Errors
/// Of the file system.
#[expect(clippy::disallowed_methods, reason = "files are removed in server, and here only")]
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Overwrites a file, removes it, and makes both durable; no fault if it is not there.
///
/// On media that write elsewhere (flash, copy-on-write) the old blocks may live on until they are reused:
/// what must be dead for certain is wrapped under a key of an epoch that ends.
///
/// # Errors
/// Of the file system: then the file must be taken as still alive.
#[expect(clippy::disallowed_methods, reason = "files are written in server, and here only")]
pub fn shred(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let zeros = [0_u8; SHRED_CHUNK];
    let mut left = file.metadata()?.len();
    while left > 0 {
        let chunk = usize::try_from(left).unwrap_or(SHRED_CHUNK).min(SHRED_CHUNK);
        file.write_all(&zeros[..chunk])?;
        left -= chunk as u64;
    }
    file.sync_all()?;
    drop(file);
    std::fs::remove_file(path)?;
    sync_parent(path)
}

/// Shreds every file below a folder and removes the folder; no fault if it is not there.
///
/// # Errors
/// Of the file system.
pub fn shred_folder(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    for file in walk(path)? {
        shred(&file)?;
    }
    std::fs::remove_dir_all(path)?;
    sync_parent(path)
}

/// Copies a file to a place where none is yet, durably.
///
/// # Errors
/// `AlreadyExists`; of the file system.
#[expect(clippy::disallowed_methods, reason = "files are written in server, and here only")]
pub fn copy_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = open(from)?;
    let mut target = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()?;
    sync_parent(to)
}

/// Every regular file below a folder (or the file itself), in order; links are not followed.
///
/// # Errors
/// Of the file system.
pub fn walk(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(&folder)? {
            let item = item?;
            let kind = item.file_type()?;
            if kind.is_dir() {
                folders.push(item.path());
            } else if kind.is_file() {
                found.push(item.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Names directly in a folder, in order; none when the folder is not there.
///
/// # Errors
/// Of the file system.
pub fn names(path: &Path) -> io::Result<Vec<String>> {
    let items = match std::fs::read_dir(path) {
        Ok(items) => items,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let mut names = Vec::new();
    for item in items {
        names.push(item?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Bytes as lower-case hexadecimal digits: names of files and instances.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A folder for one test, removed with it.
#[cfg(test)]
pub(crate) mod scratch {
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A folder that is removed when dropped.
    pub struct Scratch(PathBuf);

    impl Scratch {
        /// A fresh empty folder.
        pub fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("senim-test-{}-{number}", std::process::id()));
            super::create_folder(&path).unwrap();
            Self(path)
        }
        /// Where it is.
        pub fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::scratch::Scratch;
    use super::*;

    #[test]
    fn a_new_file_is_private_whole_and_never_replaces() {
        let scratch = Scratch::new();
        let path = scratch.path().join("one");
        write_new(&path, b"first").unwrap();
        assert_eq!(write_new(&path, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path).unwrap(), b"first");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(scratch.path()).unwrap(), ["one"], "no draft is left");
        replace(&path, b"second").unwrap();
        assert_eq!(read(&path).unwrap(), b"second");
    }

    #[test]
    fn shredding_overwrites_before_it_removes() {
        let scratch = Scratch::new();
        let path = scratch.path().join("secret");
        let witness = scratch.path().join("witness");
        write_new(&path, &vec![7; 100_000]).unwrap();
        // A second name for the same bytes shows what was left in them.
        std::fs::hard_link(&path, &witness).unwrap();
        shred(&path).unwrap();
        assert!(!path.exists());
        assert_eq!(read(&witness).unwrap(), vec![0; 100_000]);
        shred(&path).unwrap();
    }
}
