//! How a connection to the one `SQLite` file is set up: the only place with pragmas and other words that
//! another database would not understand.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};

use crate::fault::Fault;

/// Marks the file as ours ("Snim").
const APPLICATION_ID: i32 = 0x536e_696d;
/// Statements kept prepared per connection; more than all of ours together.
const STATEMENTS: usize = 400;

/// Bytes of a page of a new file; one that is there keeps its own. A commit writes each page that it touches whole, twice:
/// half of the usual size costs a submission half the bytes, a quarter of it more pages than it saves.
const PAGE_BYTES: u32 = 2048;

fn open(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // The last connection must not checkpoint on its way out: after a storage error nothing is touched again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A statement is planned once, not again for each value bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(&format!(
        "PRAGMA page_size = {PAGE_BYTES};
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = OFF;",
    ))?;
    Ok(connection)
}

/// The writer's connection; there is one.
pub(crate) fn writer(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    let id: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))?;
    if id != APPLICATION_ID && tables > 0 {
        return Err(Fault::Version { found: 0, expected: crate::migrations::newest() });
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Fault::Io("no write-ahead log here; choose a local file system".into()));
    }
    // A small cache: what it misses is in the system's own, a few microseconds away, while after each page that a
    // commit splits in the middle SQLite looks through all of the cache (`pcache1TruncateUnsafe`). With eight times as
    // much a submission took a third longer, with 10,000 people as with 40,000.
    // A commit needs no sync: the redo log had one. What is copied back out of the write-ahead log is synced first.
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA cache_size = -8192;",
    )?;
    Ok(connection)
}

/// A reader's connection.
pub(crate) fn reader(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2048;")?;
    Ok(connection)
}

/// A connection that copies out of the file into an attached one.
pub(crate) fn copier(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// A new file that nobody else sees yet: durable only when it is published.
pub(crate) fn fresh(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;")?;
    let _: String = connection.query_row("PRAGMA journal_mode = MEMORY", [], |row| row.get(0))?;
    Ok(connection)
}

/// Lets another file be named in statements. The name is one of our own constants.
pub(crate) fn attach(connection: &Connection, path: &Path, name: &str) -> Result<(), Fault> {
    let path = path.to_str().ok_or(Fault::Io("path is not UTF-8; choose another".into()))?;
    connection.execute(&format!("ATTACH DATABASE ?1 AS {name}"), [path])?;
    Ok(())
}

/// How many pages the file may have; `None` lifts the limit. Never below what it has.
pub(crate) fn limit_pages(connection: &Connection, bytes: Option<u64>) -> Result<(), Fault> {
    let page = page_bytes(connection)?;
    let pages = bytes.map_or(4_294_967_294, |bytes| (bytes / page).clamp(1, 4_294_967_294));
    let _: i64 = connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get(0))?;
    Ok(())
}

/// Bytes of a page.
pub(crate) fn page_bytes(connection: &Connection) -> Result<u64, Fault> {
    let page: i64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    Ok(u64::try_from(page).unwrap_or(1).max(1))
}

/// What becomes of the write-ahead log once it is copied back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reset {
    /// The next commit writes over it from its beginning: a sync of blocks that the file already has costs a
    /// fraction of one that makes the file longer.
    Reuse,
    /// Cut to nothing, so that no copy of a row outlives the row in it.
    Cut,
}

/// Copies the write-ahead log back and resets it; gives whether a reader was in the way.
pub(crate) fn checkpoint(connection: &Connection, reset: Reset) -> Result<bool, Fault> {
    let sql = match reset {
        Reset::Reuse => "PRAGMA wal_checkpoint(RESTART)",
        Reset::Cut => "PRAGMA wal_checkpoint(TRUNCATE)",
    };
    let busy: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(busy != 0)
}

/// A connection that only copies the write-ahead log back.
pub(crate) fn checkpointer(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -64;",
    )?;
    Ok(connection)
}

/// Copies back what the write-ahead log holds while others read and write; gives how many pages it had when that began,
/// and how many of them are left.
pub(crate) fn copy_back(connection: &Connection) -> Result<(u64, u64), Fault> {
    let (busy, pages, copied): (i64, i64, i64) = connection
        .prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if busy != 0 {
        return Err(Fault::Busy);
    }
    let count = |pages| u64::try_from(pages).unwrap_or(0);
    Ok((count(pages), count(pages - copied)))
}

/// Pages that stand in the write-ahead log since its last reset, as the last commit on this connection left it.
pub(crate) fn count_wal_pages(connection: &mut Connection) -> Result<Arc<AtomicU64>, Fault> {
    let pages = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&pages);
    connection.wal_hook(Some(move |_: &mut Wal, pages| {
        seen.store(u64::try_from(pages).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }))?;
    Ok(pages)
}
