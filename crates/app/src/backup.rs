//! Backups in pairs, and the structural erasure scan.
//!
//! A data backup holds no key; a key backup holds no value, and carries the fence journal. Restoring an
//! older data backup with the current keys brings back everyone living and nobody erased meanwhile, and
//! withdrawals made meanwhile hold: `store::restore` applies the fences before anything can be served.
//!
//! Clauses: C10.7, C17; DESIGN §2b, RELIABILITY §3.

use std::path::Path;

use model::{EntryId, EntryKind, SubjectId, Witness as _};
use store::backup::Summary;
use store::tables::value_sets::{self, StoredValue};
use store::tables::{lookups, subjects};

use crate::failure::clause_id;
use crate::{App, Failure};

/// Subjects looked at per read.
const PAGE: u32 = 500;

/// What a backup file holds.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BackupView {
    /// Size of the log at that moment: a key backup serves every data backup of at most this size.
    pub log_size: u64,
    /// Number of the newest fence at that moment.
    pub fence: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

impl From<Summary> for BackupView {
    fn from(summary: Summary) -> Self {
        Self { log_size: summary.log_size, fence: summary.fence, bytes: summary.bytes }
    }
}

/// Writes the data part of a backup: everything but keys. Its making is in the log, and in the backup.
///
/// # Errors
/// Faults of the store.
pub fn data(app: &App, file: &Path) -> Result<BackupView, Failure> {
    note(app, EntryKind::Backup, "data")?;
    Ok(store::backup::data(app.store(), file)?.into())
}

/// Writes the key part: wrapped keys, tombstones, fence journal, log state. The keystore's own files are
/// copied beside it by `server`.
///
/// # Errors
/// Faults of the store.
pub fn keys(app: &App, file: &Path) -> Result<BackupView, Failure> {
    Ok(store::backup::keys(app.store(), file)?.into())
}

/// A mark that changes whenever a key backup would differ: size of the log and newest fence.
///
/// # Errors
/// Faults of the store.
pub fn mark(app: &App) -> Result<(u64, u64), Failure> {
    Ok(app.store().read(|tx| {
        let size = store::log::state(tx)?.map_or(0, |state| state.size);
        Ok((size, store::tables::fence_journal::newest(tx)?))
    })?)
}

/// The first thing done on a restored folder: values whose key was destroyed after the data backup are
/// taken out (nothing opens them), and the restore is noted in the log. Gives how many values went.
///
/// # Errors
/// Faults of store or keystore: the folder must then not be served.
pub fn restored(app: &App) -> Result<usize, Failure> {
    let mut gone = 0;
    let mut after = None;
    loop {
        let page = app.store().read(move |tx| subjects::list(tx, after, PAGE))?;
        let Some(last) = page.last() else { break };
        after = Some(last.facts.subject);
        for subject in page.iter().map(|row| row.facts.subject) {
            gone += drop_keyless(app, subject)?;
        }
    }
    note(app, EntryKind::Restore, "restored")?;
    Ok(gone)
}

fn drop_keyless(app: &App, subject: SubjectId) -> Result<usize, Failure> {
    let held = app.hold(subject)?;
    let keyless = |value: &StoredValue| !held.keyring.contains(value.record);
    let mut gone = 0;
    for mut set in held.sets.clone() {
        let macs: Vec<_> = set
            .values
            .iter()
            .filter(|value| keyless(value))
            .map(|value| value.mac.map(|mac| (value.category, mac)))
            .collect();
        if macs.is_empty() {
            continue;
        }
        gone += macs.len();
        set.values.retain(|value| !keyless(value));
        let living: Vec<[u8; 32]> =
            held.values().filter(|(_, value)| !keyless(value)).filter_map(|(_, value)| value.mac).collect();
        app.store().write(move |tx| {
            if set.values.is_empty() {
                value_sets::delete(tx, subject, set.set)?;
            } else {
                value_sets::replace(tx, &set)?;
            }
            for (category, mac) in macs.iter().flatten().filter(|(_, mac)| !living.contains(mac)) {
                lookups::delete(tx, *category, mac, subject)?;
            }
            Ok(())
        })?;
    }
    Ok(gone)
}

fn note(app: &App, kind: EntryKind, note: &str) -> Result<(), Failure> {
    let at = app.now();
    let entry = model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind,
        purpose: None,
        categories: Vec::new(),
        actor: app.system().actor,
        clause: clause_id("C11.5"),
        recipient: None,
        subjects: 0,
        payload: None,
        note: model::CategoryCode::new(note).ok(),
    };
    let line = app.bare_line(entry);
    Ok(app.store().write(move |tx| tx.append(line.clone()))?)
}

/// The structural part of `senim erasure scan`: no row of a tombstoned subject, every sealed value with a
/// living key, every keyring its bucket, every bucket its epoch. One line per breach.
///
/// # Errors
/// Faults of the store.
pub fn scan_structure(app: &App) -> Result<Vec<String>, Failure> {
    let found = app.store().read(store::scan::structure)?;
    Ok(found.into_iter().map(|one| format!("{}: {} rows in {}", one.code, one.rows, one.table)).collect())
}
