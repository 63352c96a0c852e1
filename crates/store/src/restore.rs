//! Restore: a data backup and a key backup at least as new make a new folder.
//!
//! Invariant: nobody erased since comes back, nothing withdrawn since is live again, and the log continues at
//! the newest checkpoint of the key backup, never at a shorter tree.
//!
//! Clauses: C6.1, C16, C17; DESIGN §2b, §2c.

use std::path::Path;

use model::{SubjectFacts, SubjectId};

use crate::backup::{DATA, KEYS, MARK, inspect};
use crate::connection;
use crate::erase;
use crate::fault::Fault;
use crate::files::{self, Folder};
use crate::migrations;
use crate::params;
use crate::plans::{BACKUP_PLAN, Backup};
use crate::postgres::Server;
use crate::tables::{consents, fence_journal, jobs, subjects, tombstones};
use crate::transfer;
use crate::tx::Tx;

/// What a restore did; the first entry after it should name these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Size of the log in the data backup.
    pub data_log_size: u64,
    /// Size of the log now, from the key backup; between the two only commitments are known.
    pub log_size: u64,
    /// People erased since the data backup, erased again here; their rows are still to be swept.
    pub erased_again: u64,
    /// Lines of the fence journal whose facts were set again.
    pub fences_applied: u64,
    /// Keyrings of people who came after the data backup, and of last letters whose jobs did; their data are lost,
    /// so the keys were removed.
    pub keyrings_removed: u64,
}

/// Builds the database of a new, empty folder; open it with [`crate::Store::open`] afterwards, which holds
/// the log against its key.
///
/// # Errors
/// [`Fault::Unrestorable`] when the files are no pair, the folder is not empty, or the keys are older than
/// the data; then the folder is left without a database.
pub fn restore(data: &Path, keys: &Path, folder: &Path) -> Result<Restored, Fault> {
    if inspect(data)? != DATA {
        return Err(Fault::Unrestorable("the first file is not a data backup"));
    }
    if inspect(keys)? != KEYS {
        return Err(Fault::Unrestorable("the second file is not a key backup"));
    }
    let folder = Folder::hold(folder)?;
    let database = folder.database();
    if files::bytes(&database) > 0 {
        return Err(Fault::Unrestorable("the folder holds a database; choose an empty one"));
    }
    let part = files::draft(&database)?;
    let restored = build(data, keys, &part).inspect_err(|_| files::discard(&part))?;
    files::publish(&part, &database)?;
    Ok(restored)
}

/// As [`restore`], into a server that holds nothing yet; `folder` is this node's own and must be empty too.
///
/// # Errors
/// As [`restore`]; [`Fault::Database`] when the server cannot be used.
pub fn restore_to_server(
    data: &Path,
    keys: &Path,
    folder: &Path,
    server: &Server,
) -> Result<Restored, Fault> {
    let restored = restore(data, keys, folder)?;
    let held = Folder::hold(folder)?;
    let database = held.database();
    let moved = connection::copier(&database)
        .and_then(|file| crate::postgres::fill(server, |tx| transfer::into(tx, &file)));
    // On the server or not at all: this folder keeps no second copy.
    files::discard(&database);
    moved.map(|()| restored)
}

fn build(data: &Path, keys: &Path, part: &Path) -> Result<Restored, Fault> {
    let connection = connection::fresh(part)?;
    migrations::apply(&connection)?;
    connection::attach(&connection, data, "data")?;
    connection::attach(&connection, keys, "keys")?;
    let mut tx = Tx::new(&connection, None);
    tx.execute("BEGIN IMMEDIATE", &[])?;
    let (data_log_size, log_size) = compare(&mut tx)?;
    for (table, kind) in BACKUP_PLAN {
        let sql = match (*table, *kind) {
            ("meta", _) => {
                format!("INSERT INTO main.meta SELECT * FROM data.meta WHERE key NOT IN ('schema', '{MARK}')")
            }
            ("log_entries", _) => {
                tx.execute("INSERT INTO main.log_entries SELECT * FROM data.log_entries", &[])?;
                "INSERT INTO main.log_entries SELECT * FROM keys.log_entries WHERE log_index >= \
                 (SELECT size FROM data.log_state WHERE id = 1)"
                    .to_owned()
            }
            (table, Backup::Data) => format!("INSERT INTO main.{table} SELECT * FROM data.{table}"),
            (table, Backup::Keys | Backup::Both) => {
                format!("INSERT INTO main.{table} SELECT * FROM keys.{table}")
            }
            (_, Backup::Neither) => continue,
        };
        tx.execute_unrecorded(&sql, &[])?;
    }
    let erased_again = erase_again(&mut tx)?;
    let fences_applied = fence_again(&mut tx)?;
    let keyrings_removed = tx.execute(
        // The key of a last letter stays if its job came back with it.
        "DELETE FROM main.keyrings WHERE NOT EXISTS
         (SELECT 1 FROM main.subjects s WHERE s.subject_id = keyrings.subject_id) AND NOT EXISTS
         (SELECT 1 FROM main.jobs j WHERE j.subject_id = keyrings.subject_id AND j.kind = ?1)",
        params![jobs::LAST_LETTER],
    )? as u64;
    let keyless: u64 = tx
        .query_one(
            "SELECT COUNT(*) FROM main.subjects s WHERE NOT EXISTS
             (SELECT 1 FROM main.keyrings k WHERE k.subject_id = s.subject_id)",
            &[],
        )?
        .int(0)?;
    if keyless > 0 {
        return Err(Fault::Unrestorable(
            "people without keys: the key backup does not belong to the data backup",
        ));
    }
    tx.execute("COMMIT", &[])?;
    Ok(Restored { data_log_size, log_size, erased_again, fences_applied, keyrings_removed })
}

/// The sizes of both logs, after it is sure that the keys are not older and tell the same history.
fn compare(tx: &mut Tx<'_>) -> Result<(u64, u64), Fault> {
    let row = tx.query_one(
        "SELECT d.size, k.size,
                (SELECT COALESCE(MAX(number), 0) FROM data.fence_journal),
                (SELECT COALESCE(MAX(number), 0) FROM keys.fence_journal)
         FROM data.log_state d, keys.log_state k WHERE d.id = 1 AND k.id = 1",
        &[],
    )?;
    let (data, keys): (u64, u64) = (row.int(0)?, row.int(1)?);
    if keys < data || row.int::<u64>(3)? < row.int::<u64>(2)? {
        return Err(Fault::Unrestorable("the key backup is older than the data backup; take a newer one"));
    }
    let differing: u64 = tx
        .query_one(
            "SELECT COUNT(*) FROM data.log_entries d LEFT JOIN keys.log_entries k ON k.log_index = d.log_index
             WHERE k.commitment IS NULL OR k.commitment <> d.commitment",
            &[],
        )?
        .int(0)?;
    if differing > 0 {
        return Err(Fault::Unrestorable(
            "the backups tell different histories; they are not of one instance",
        ));
    }
    Ok((data, keys))
}

/// Erases again everyone who was erased after the data backup was made.
fn erase_again(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    let rows = tx.query_all(
        "SELECT t.subject_id FROM main.tombstones t WHERE NOT EXISTS
         (SELECT 1 FROM data.tombstones d WHERE d.subject_id = t.subject_id AND d.rows_gone = 1)",
        &[],
    )?;
    for row in &rows {
        let subject: SubjectId = row.id(0)?;
        erase::forget(tx, subject)?;
        tx.execute("UPDATE main.tombstones SET rows_gone = 0 WHERE subject_id = ?1", params![&subject])?;
        debug_assert!(tombstones::fetch(tx, subject)?.is_some());
    }
    Ok(rows.len() as u64)
}

/// Sets the facts after each act that ended something, where they are newer than those of the data backup.
fn fence_again(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    let (mut after, mut applied) = (0, 0);
    loop {
        let lines = fence_journal::list(tx, after, 1000)?;
        let Some(last) = lines.last() else { return Ok(applied) };
        after = last.number;
        for line in lines {
            let Some(mut facts) = line.fence.facts else { continue };
            let held = subjects::facts(tx, facts.subject)?;
            if held.is_some_and(|held| held.epoch < facts.epoch) {
                only_recorded(tx, &mut facts)?;
                subjects::set_facts(tx, &facts)?;
                jobs::cancel_by_subject(tx, facts.subject)?;
                applied += 1;
            }
        }
    }
}

/// A live consent given after the data backup has no record any more: without evidence it is none, until the person
/// gives it again.
fn only_recorded(tx: &mut Tx<'_>, facts: &mut SubjectFacts) -> Result<(), Fault> {
    let mut recorded = Vec::new();
    for fact in &facts.consents {
        if fact.ended.is_some() || consents::fetch(tx, facts.subject, fact.consent)?.is_some() {
            recorded.push(*fact);
        }
    }
    facts.consents = recorded;
    Ok(())
}
