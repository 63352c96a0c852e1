//! Rows from one family to the other: a server's rows into a backup file, a restored file into an empty server.
//!
//! Invariant: table by table in the order of the plan, every column as it stands; nothing is half there.

use rusqlite::Connection;

use crate::backup::{MARK, Summary};
use crate::fault::Fault;
use crate::log;
use crate::params;
use crate::plans::{BACKUP_PLAN, Backup};
use crate::tables::fence_journal;
use crate::tx::Tx;
use crate::value::{Param, Row, Value};

/// Rows of one flight to a server.
const ROWS: usize = 500;

/// Copies what a backup takes out of one snapshot of a server into a fresh file.
pub(crate) fn out(
    tx: &mut Tx<'_>,
    file: &Connection,
    mark: &[u8],
    takes: &impl Fn(Backup) -> bool,
    bare_log: bool,
) -> Result<Summary, Fault> {
    tx.take_time()?;
    let mut into = Tx::new(file, None);
    into.execute("BEGIN", &[])?;
    for (table, _) in BACKUP_PLAN.iter().filter(|(_, kind)| takes(*kind)) {
        let sql = match *table {
            "meta" => "SELECT key, value FROM meta WHERE key <> 'schema'".to_owned(),
            "log_entries" if bare_log => {
                "SELECT log_index, entry_id, commitment, NULL, NULL FROM log_entries".to_owned()
            }
            "log_pending" if bare_log => {
                "SELECT entry_id, commitment, NULL, NULL FROM log_pending".to_owned()
            }
            table => format!("SELECT * FROM {table}"),
        };
        tx.for_each(&sql, &[], |row| insert(&mut into, table, &row))?;
    }
    into.execute("INSERT INTO meta (key, value) VALUES (?1, ?2)", params![MARK, mark])?;
    let log_size = log::state(tx)?.map_or(0, |state| state.size);
    let fence = fence_journal::newest(tx)?;
    into.execute("COMMIT", &[])?;
    Ok(Summary { log_size, fence, bytes: 0 })
}

/// Copies a restored database into a server that holds nothing yet.
///
/// # Errors
/// [`Fault::Unrestorable`] when the server holds an instance already.
pub(crate) fn into(tx: &mut Tx<'_>, file: &Connection) -> Result<(), Fault> {
    tx.take_time()?;
    let size = log::state(tx)?.map_or(0, |state| state.size);
    if size > 0 || tx.query_opt("SELECT 1 FROM subjects LIMIT 1", &[])?.is_some() {
        return Err(Fault::Unrestorable("the database holds an instance already; choose an empty one"));
    }
    tx.execute("DELETE FROM log_state", &[])?;
    let mut from = Tx::new(file, None);
    for (table, _) in BACKUP_PLAN {
        let sql = match *table {
            "meta" => "SELECT key, value FROM meta WHERE key <> 'schema'".to_owned(),
            table => format!("SELECT * FROM {table}"),
        };
        let mut rows = 0;
        from.for_each(&sql, &[], |row| {
            rows += 1;
            insert(tx, table, &row)?;
            // What waits is bounded: a flight is sent and checked before the next is gathered.
            if rows % ROWS == 0 { tx.query_one("SELECT 1", &[]).map(drop) } else { Ok(()) }
        })?;
    }
    Ok(())
}

fn insert(into: &mut Tx<'_>, table: &str, row: &Row) -> Result<(), Fault> {
    let params: Vec<Param<'_>> = row.cells().iter().map(param).collect();
    let places: Vec<String> = (1..=params.len()).map(|place| format!("?{place}")).collect();
    into.execute_one_unrecorded(&format!("INSERT INTO {table} VALUES ({})", places.join(", ")), &params)
}

fn param(value: &Value) -> Param<'_> {
    match value {
        Value::Null => Param::Null,
        Value::Int(number) => Param::Int(*number),
        Value::Text(text) => Param::Text(text),
        Value::Blob(bytes) => Param::Blob(bytes),
    }
}
