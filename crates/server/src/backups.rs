//! Pairs of backups as files: data copies by date, and one key backup that is always the newest.
//!
//! ```text
//! DIR/data-20261123T090000.000000Z.db    everything but keys; kept for the policy's limit
//! DIR/data-20261123T090000.000000Z.json  what it holds
//! KEYS/keys.db  KEYS/keystore/*.key  KEYS/about.toml  KEYS/keys.json
//! ```
//! With a token there is no `keystore`: its epoch keys cannot be copied, and the note names the token.
//! Invariant: an older key backup never outlives a newer one, since it would bring erased people's keys back:
//! it is overwritten and removed. Clauses: C10.7, C17; DESIGN §2b, RELIABILITY §3.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use model::Instant;
use serde::{Deserialize, Serialize};
use vault::Keystore as _;

use crate::data_folder::ABOUT;
use crate::files;
use crate::wiring::Instance;

const DATA_HEAD: &str = "data-";
const DATABASE: &str = ".db";
const NOTE: &str = ".json";
/// The database of a key backup.
pub const KEYS_DATABASE: &str = "keys.db";
/// The keystore's copy in a key backup.
pub const KEYSTORE: &str = "keystore";
/// Names tried for a data backup made within the same microsecond.
const NAMES_MAX: u32 = 1_000;
/// Written last: a key backup without it is not whole.
const KEYS_NOTE: &str = "keys.json";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Of which instance.
    pub instance: String,
    /// When it was made.
    pub at: Instant,
    /// Size of the log at that moment.
    pub log_size: u64,
    /// Number of the newest fence at that moment.
    pub fence: u64,
    /// Bytes of the database file.
    pub bytes: u64,
    /// Key epochs whose keys are needed to open it; none in a data backup.
    pub epochs: Vec<u32>,
    /// The token that holds those keys, when they are not in the backup itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

fn read_note(path: &Path) -> anyhow::Result<Note> {
    let bytes = files::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{}: damaged", path.display()))
}

/// A data backup that was found.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// Its database file.
    pub file: PathBuf,
    /// What it holds.
    pub note: Note,
}

/// Makes a data backup.
///
/// # Errors
/// Of the store or the file system; nothing is left then.
pub fn data(instance: &Instance, folder: &Path) -> anyhow::Result<Found> {
    files::create_folder(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    let at = instance.app.now();
    let stamp = at.to_timestamp().strftime("%Y%m%dT%H%M%S%.6fZ").to_string();
    let file = (0..NAMES_MAX)
        .map(|number| if number == 0 { stamp.clone() } else { format!("{stamp}-{number}") })
        .map(|stamp| folder.join(format!("{DATA_HEAD}{stamp}{DATABASE}")))
        .find(|path| !path.exists())
        .context("no name is free")?;
    let view = app::backup::data(&instance.app, &file)?;
    let note = Note {
        instance: instance.about.id.clone(),
        at,
        log_size: view.log_size,
        fence: view.fence,
        bytes: view.bytes,
        epochs: Vec::new(),
        token: None,
    };
    files::replace(&file.with_extension("json"), &serde_json::to_vec_pretty(&note)?)?;
    Ok(Found { file, note })
}

/// Brings the key backup up to date: the new one is whole before the old one is destroyed.
///
/// # Errors
/// Of the store, the keystore or the file system; then the old one stays.
pub fn keys(instance: &Instance, folder: &Path) -> anyhow::Result<Note> {
    let _held = instance.keys_at_rest.lock().map_err(|_| anyhow::anyhow!("a rotation failed; restart"))?;
    settle(folder)?;
    let (next, old) = beside(folder);
    files::create_folder(&next).with_context(|| format!("{}: cannot be made", next.display()))?;
    let at = instance.app.now();
    let view = app::backup::keys(&instance.app, &next.join(KEYS_DATABASE))?;
    instance.keystore.copy_to(&next.join(KEYSTORE))?;
    files::copy_new(&instance.config.data.join(ABOUT), &next.join(ABOUT))?;
    let note = Note {
        instance: instance.about.id.clone(),
        at,
        log_size: view.log_size,
        fence: view.fence,
        bytes: view.bytes,
        epochs: instance.keystore.epochs()?,
        token: instance.keystore.token()?,
    };
    files::write_new(&next.join(KEYS_NOTE), &serde_json::to_vec_pretty(&note)?)?;
    if folder.exists() {
        files::rename(folder, &old)?;
    }
    files::rename(&next, folder)?;
    files::shred_folder(&old)?;
    Ok(note)
}

/// Names that stand beside the key backup only while it is replaced.
fn beside(folder: &Path) -> (PathBuf, PathBuf) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (folder.with_file_name(format!("{name}.next")), folder.with_file_name(format!("{name}.old")))
}

/// Finishes a replacement that was cut short: exactly one whole key backup, or none, is left.
///
/// # Errors
/// Of the file system.
pub fn settle(folder: &Path) -> anyhow::Result<()> {
    let (next, old) = beside(folder);
    if !folder.exists() {
        if next.join(KEYS_NOTE).exists() {
            files::rename(&next, folder)?;
        } else if old.exists() {
            files::rename(&old, folder)?;
        }
    }
    files::shred_folder(&next)?;
    files::shred_folder(&old)?;
    Ok(())
}

/// The data backups in a folder, oldest first.
///
/// # Errors
/// Of the file system; a backup without its note is left out.
pub fn list(folder: &Path) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    for name in files::names(folder)? {
        let Some(stem) = name.strip_prefix(DATA_HEAD).and_then(|rest| rest.strip_suffix(NOTE)) else {
            continue;
        };
        let file = folder.join(format!("{DATA_HEAD}{stem}{DATABASE}"));
        if let (true, Ok(note)) = (file.exists(), read_note(&folder.join(&name))) {
            found.push(Found { file, note });
        }
    }
    found.sort_by(|one, two| (one.note.at, &one.file).cmp(&(two.note.at, &two.file)));
    Ok(found)
}

/// What the key backup in this folder holds; `None` when there is none.
///
/// # Errors
/// A damaged note.
pub fn keys_note(folder: &Path) -> anyhow::Result<Option<Note>> {
    let path = folder.join(KEYS_NOTE);
    if path.exists() { read_note(&path).map(Some) } else { Ok(None) }
}

/// Destroys data backups older than the limit; the newest stays. Returns how many.
///
/// # Errors
/// Of the file system.
pub fn prune(folder: &Path, before: Instant) -> anyhow::Result<usize> {
    let mut found = list(folder)?;
    found.pop();
    let mut gone = 0;
    for old in found.into_iter().filter(|old| old.note.at < before) {
        files::shred(&old.file)?;
        files::remove(&old.file.with_extension("json"))?;
        gone += 1;
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    fn note(at: &str) -> Note {
        Note {
            instance: "one".into(),
            at: at.parse().unwrap(),
            log_size: 1,
            fence: 0,
            bytes: 3,
            epochs: vec![],
            token: None,
        }
    }

    fn planted(folder: &Path, stamp: &str, at: &str) {
        files::write_new(&folder.join(format!("data-{stamp}.db")), b"abc").unwrap();
        files::write_new(&folder.join(format!("data-{stamp}.json")), &serde_json::to_vec(&note(at)).unwrap())
            .unwrap();
    }

    #[test]
    fn old_data_backups_go_but_never_the_newest() {
        let scratch = Scratch::new();
        planted(scratch.path(), "b", "2026-11-02T00:00:00Z");
        planted(scratch.path(), "a", "2026-11-01T00:00:00Z");
        planted(scratch.path(), "c", "2026-11-03T00:00:00Z");
        files::write_new(&scratch.path().join("data-d.db"), b"no note").unwrap();
        let limit = "2026-11-20T00:00:00Z".parse().unwrap();
        assert_eq!(prune(scratch.path(), "2026-11-02T00:00:00Z".parse().unwrap()).unwrap(), 1);
        assert_eq!(prune(scratch.path(), limit).unwrap(), 1);
        let left = list(scratch.path()).unwrap();
        assert_eq!(left.len(), 1);
        assert!(left[0].file.ends_with("data-c.db"));
    }

    #[test]
    fn a_replacement_cut_short_leaves_one_whole_key_backup() {
        let whole = |folder: &Path, at: &str| {
            files::create_folder(folder).unwrap();
            files::write_new(&folder.join(KEYS_NOTE), &serde_json::to_vec(&note(at)).unwrap()).unwrap();
        };
        let (newer, older) = ("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z");
        for step in 0..4 {
            let scratch = Scratch::new();
            let folder = scratch.path().join("keys");
            let (next, old) = beside(&folder);
            let expected = match step {
                // While the new one is written.
                0 => {
                    whole(&folder, older);
                    files::create_folder(&next).unwrap();
                    older
                }
                // Before the old one is moved.
                1 => {
                    whole(&folder, older);
                    whole(&next, newer);
                    older
                }
                // Between the two moves.
                2 => {
                    whole(&old, older);
                    whole(&next, newer);
                    newer
                }
                // Before the old one is destroyed.
                _ => {
                    whole(&folder, newer);
                    whole(&old, older);
                    newer
                }
            };
            settle(&folder).unwrap();
            assert_eq!(keys_note(&folder).unwrap().unwrap().at, expected.parse().unwrap(), "step {step}");
            assert_eq!(files::names(scratch.path()).unwrap(), ["keys"]);
        }
    }
}
