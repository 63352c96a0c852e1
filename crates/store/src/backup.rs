//! Backups: a data backup without keys, a key backup without data. Each is a logical copy out of one
//! snapshot, so that no free page and no old version travels with it.
//!
//! Clauses: C11.1, C17; DESIGN §2b.

use std::path::Path;

use rusqlite::Connection;

use crate::connection;
use crate::fault::Fault;
use crate::files;
use crate::log;
use crate::migrations;
use crate::params;
use crate::plans::{BACKUP_PLAN, Backup};
use crate::store::Store;
use crate::tables::{fence_journal, meta};
use crate::transfer;
use crate::tx::Tx;

/// What a backup holds, written on it under `backup` in `meta`.
pub(crate) const DATA: &[u8] = b"data";
pub(crate) const KEYS: &[u8] = b"keys";
/// The key of the mark in `meta`.
pub(crate) const MARK: &str = "backup";

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Size of the log at that moment: a key backup serves every data backup of at most this size.
    pub log_size: u64,
    /// Number of the newest line of the fence journal at that moment.
    pub fence: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Writes a data backup: everything but the key tables and what only gives access. Replaces a file there.
///
/// # Errors
/// Storage faults; then no file stands under the name that was not there before.
pub fn data(store: &Store, path: &Path) -> Result<Summary, Fault> {
    copy(store, path, DATA, |kind| matches!(kind, Backup::Data | Backup::Both), false)
}

/// Writes a key backup: the living wrapped keys, tombstones, the fence journal, and the log's tiles,
/// commitments and newest checkpoint (no entry, no salt), so that no restore continues a shorter tree.
/// The epoch keys are not here; they are in the keystore.
///
/// # Errors
/// As [`data`].
pub fn keys(store: &Store, path: &Path) -> Result<Summary, Fault> {
    copy(store, path, KEYS, |kind| matches!(kind, Backup::Keys | Backup::Both), true)
}

fn copy(
    store: &Store,
    path: &Path,
    mark: &[u8],
    takes: impl Fn(Backup) -> bool,
    bare_log: bool,
) -> Result<Summary, Fault> {
    if store.is_stopped() {
        return Err(Fault::Stopped);
    }
    let part = files::draft(path)?;
    let fill = || -> Result<Summary, Fault> {
        let target = connection::fresh(&part)?;
        migrations::apply(&target)?;
        let Some(database) = store.database()? else {
            return store.read(|tx| transfer::out(tx, &target, mark, &takes, bare_log));
        };
        drop(target);
        let source = connection::copier(&database)?;
        connection::attach(&source, &part, "backup")?;
        source.execute_batch("PRAGMA backup.synchronous = OFF; BEGIN")?;
        let mut tx = Tx::new(&source, None);
        for (table, kind) in BACKUP_PLAN.iter().filter(|(_, kind)| takes(*kind)) {
            let sql = match *table {
                "meta" => "INSERT INTO backup.meta SELECT * FROM main.meta WHERE key <> 'schema'".to_owned(),
                "log_entries" if bare_log => "INSERT INTO backup.log_entries \
                     SELECT log_index, entry_id, commitment, NULL, NULL FROM main.log_entries"
                    .to_owned(),
                "log_pending" if bare_log => "INSERT INTO backup.log_pending \
                     SELECT entry_id, commitment, NULL, NULL FROM main.log_pending"
                    .to_owned(),
                table => format!("INSERT INTO backup.{table} SELECT * FROM main.{table}"),
            };
            debug_assert!(takes(*kind));
            tx.execute_unrecorded(&sql, &[])?;
        }
        tx.execute("INSERT INTO backup.meta (key, value) VALUES (?1, ?2)", params![MARK, mark])?;
        let log_size = log::state(&mut tx)?.map_or(0, |state| state.size);
        let fence = fence_journal::newest(&mut tx)?;
        tx.execute("COMMIT", &[])?;
        Ok(Summary { log_size, fence, bytes: 0 })
    };
    let summary = fill().inspect_err(|_| files::discard(&part))?;
    files::publish(&part, path).inspect_err(|_| files::discard(&part))?;
    Ok(Summary { bytes: files::bytes(path), ..summary })
}

/// The mark of a backup file, after its schema was checked.
pub(crate) fn inspect(path: &Path) -> Result<Vec<u8>, Fault> {
    if files::bytes(path) == 0 {
        return Err(Fault::Unrestorable("a backup file is missing or empty"));
    }
    let connection: Connection = connection::reader(path)?;
    let found = migrations::version(&connection)?;
    if found != migrations::newest() {
        return Err(Fault::Version { found, expected: migrations::newest() });
    }
    meta::get(&mut Tx::new(&connection, None), MARK)?
        .ok_or(Fault::Unrestorable("the file is a data folder's database, not a backup"))
}
