//! The redo log: what a batch did, as statements with their parameters, in one write and one sync. It makes answers durable
//! before the database's own commit, which touches each page whole and follows later: for many batches at once, without a
//! sync of its own.
//!
//! Invariant: a batch is answered after its record is synced, and its record stays until the database holds the batch
//! durably. Records are numbered without a gap; the number that the database holds stands in it, in the transaction of
//! what the records did, so that after a crash each is applied once. A record that does not do again what it did, row for
//! row, stops the recovery.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::connection::{self, Reset};
use crate::fault::Fault;
use crate::value::Param;

/// Bytes after which it begins anew: about so much is acknowledged between two durable states of the database.
const BYTES_LONG: u64 = if cfg!(test) { 64 << 10 } else { 32 << 20 };
/// By how much the file grows: zeroes are written and synced first, so that a later sync finds the blocks there.
const GROWTH: usize = 1 << 20;
/// What a record begins with; the digit is the version of its form.
const MAGIC: [u8; 4] = *b"SNR1";
/// Magic, number, length and digest.
const HEADER: usize = 4 + 8 + 4 + 32;
/// Where the database keeps the number of the last record it holds.
const MARK: &str = "redo";

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

/// Records begin at blocks of the file system: a sync of blocks that are shared with the record before it took a quarter
/// longer.
const BLOCK: usize = 4096;
/// Bytes for which a record has room at first: a few submissions.
const ROOM: usize = 8 * BLOCK;

/// What a batch did.
pub(crate) struct Record {
    /// The header, empty until the record is written, and the statements.
    bytes: Vec<u8>,
    /// Statements written out, by their texts.
    texts: Vec<&'static str>,
}

impl Default for Record {
    fn default() -> Self {
        let mut bytes = Vec::with_capacity(ROOM);
        bytes.resize(HEADER, 0);
        Self { bytes, texts: Vec::new() }
    }
}

/// A place in a record to which what follows can be undone.
pub(crate) struct Place {
    bytes: usize,
    texts: usize,
}

impl Record {
    /// Adds a statement that changed so many rows.
    pub(crate) fn add(&mut self, sql: &'static str, params: &[Param<'_>], changed: usize) {
        // The same text stands in one place of the program: to compare where it stands is enough.
        let known = self.texts.iter().position(|text| std::ptr::eq(*text, sql));
        put_length(&mut self.bytes, known.unwrap_or(self.texts.len()));
        if known.is_none() {
            put_bytes(&mut self.bytes, sql.as_bytes());
            self.texts.push(sql);
        }
        put_length(&mut self.bytes, changed);
        put_length(&mut self.bytes, params.len());
        for param in params {
            match *param {
                Param::Null => self.bytes.push(NULL),
                Param::Int(number) => {
                    self.bytes.push(INT);
                    self.bytes.extend(number.to_le_bytes());
                }
                Param::Text(text) => {
                    self.bytes.push(TEXT);
                    put_bytes(&mut self.bytes, text.as_bytes());
                }
                Param::Blob(bytes) => {
                    self.bytes.push(BLOB);
                    put_bytes(&mut self.bytes, bytes);
                }
            }
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place { bytes: self.bytes.len(), texts: self.texts.len() }
    }

    /// Forgets what was added since.
    pub(crate) fn undo_to(&mut self, place: &Place) {
        self.bytes.truncate(place.bytes);
        self.texts.truncate(place.texts);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    /// The statements.
    fn body(&self) -> &[u8] {
        self.bytes.get(HEADER..).unwrap_or_default()
    }
}

/// Whatever is longer than this can say makes a record that is refused when it is written.
fn put_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_bytes(bytes: &mut Vec<u8>, part: &[u8]) {
    put_length(bytes, part.len());
    bytes.extend(part);
}

/// Reads what [`Record`] wrote.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (head, tail) = self.0.split_at_checked(count).ok_or(Fault::Corrupt("redo record"))?;
        self.0 = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::Corrupt("redo record"))
    }

    fn number(&mut self) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.number()?;
        self.take(length as usize)
    }

    fn text(&mut self) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Fault::Corrupt("redo record"))
    }

    fn param(&mut self) -> Result<Param<'a>, Fault> {
        let [tag] = self.array()?;
        Ok(match tag {
            NULL => Param::Null,
            INT => Param::Int(i64::from_le_bytes(self.array()?)),
            TEXT => Param::Text(self.text()?),
            BLOB => Param::Blob(self.bytes()?),
            _ => return Err(Fault::Corrupt("redo record")),
        })
    }
}

/// A record that is synced.
pub(crate) struct Written(Vec<u8>);

impl Written {
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Does again, in the open transaction, what the record says.
    pub(crate) fn apply(&self, connection: &Connection) -> Result<(), Fault> {
        apply(connection, self.0.get(HEADER..).unwrap_or_default())
    }
}

fn apply(connection: &Connection, body: &[u8]) -> Result<(), Fault> {
    let (mut reader, mut texts) = (Reader(body), Vec::new());
    while !reader.0.is_empty() {
        let number = reader.number()? as usize;
        if number == texts.len() {
            texts.push(reader.text()?);
        }
        let sql = *texts.get(number).ok_or(Fault::Corrupt("redo record"))?;
        let (changed, count) = (reader.number()?, reader.number()?);
        let params = (0..count).map(|_| reader.param()).collect::<Result<Vec<_>, _>>()?;
        let actual = connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?;
        if u32::try_from(actual) != Ok(changed) {
            return Err(Fault::Corrupt("redo record does other than it did"));
        }
    }
    Ok(())
}

/// Writes into the open transaction which record is the last that it holds.
pub(crate) fn mark(connection: &Connection, number: u64) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute((MARK, number.to_be_bytes()))?;
    Ok(())
}

/// The last record that the database holds.
fn marked(connection: &Connection) -> Result<u64, Fault> {
    let is_new: i64 =
        connection
            .query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'meta'", [], |row| row.get(0))?;
    if is_new == 0 {
        return Ok(0);
    }
    let mut statement = connection.prepare("SELECT value FROM meta WHERE key = ?1")?;
    let mut rows = statement.query([MARK])?;
    match rows.next()? {
        Some(row) => row.get(0).map(u64::from_be_bytes).map_err(|_| Fault::Corrupt("redo mark")),
        None => Ok(0),
    }
}

/// The file.
pub(crate) struct RedoLog {
    file: File,
    /// Bytes that the file has.
    length: u64,
    /// Where the next record goes.
    at: u64,
    /// The last record's number.
    number: u64,
}

impl RedoLog {
    /// Brings the database to where the answers were, if a crash came between, and begins anew. Before anything else
    /// reads the database or changes its schema.
    pub(crate) fn recover(file: File, connection: &Connection) -> Result<Self, Fault> {
        let length = file.metadata()?.len();
        let mut log = Self { file, length, at: 0, number: marked(connection)? };
        let mut missing = Vec::new();
        while let Some((number, body)) = log.read()? {
            if number == log.number + 1 + missing.len() as u64 {
                missing.push(body);
            } else if number > log.number {
                return Err(Fault::Corrupt(
                    "redo log and database are not of one folder, or the database is older",
                ));
            }
        }
        if !missing.is_empty() {
            log.number += missing.len() as u64;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            missing.iter().try_for_each(|body| apply(connection, body))?;
            mark(connection, log.number)?;
            connection.execute_batch("COMMIT")?;
        }
        if length > 0 {
            match connection::checkpoint(connection, Reset::Cut) {
                Ok(false) => log.cut()?,
                // What is there stays, and more follows behind it.
                Ok(true) | Err(Fault::Full | Fault::Busy) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(log)
    }

    /// The record here, if one follows on the one before it.
    fn read(&mut self) -> Result<Option<(u64, Vec<u8>)>, Fault> {
        if self.at + HEADER as u64 > self.length {
            return Ok(None);
        }
        let mut header = [0; HEADER];
        self.file.read_exact_at(&mut header, self.at)?;
        let mut reader = Reader(&header);
        let (magic, number) = (reader.array::<4>()?, u64::from_le_bytes(reader.array()?));
        let (length, digest) = (reader.number()?, reader.array::<32>()?);
        let end = self.at + HEADER as u64 + u64::from(length);
        if magic[..3] == MAGIC[..3] && magic != MAGIC {
            return Err(Fault::Corrupt("the redo log was written by another version of the program"));
        }
        if magic != MAGIC || end > self.length {
            return Ok(None);
        }
        let mut body = vec![0; length as usize];
        self.file.read_exact_at(&mut body, self.at + HEADER as u64)?;
        if digest_of(number, &body) != digest {
            return Ok(None);
        }
        self.at = end.next_multiple_of(BLOCK as u64);
        Ok(Some((number, body)))
    }

    /// Whether it is time to begin anew.
    pub(crate) const fn is_long(&self) -> bool {
        self.at >= BYTES_LONG
    }

    /// Writes a record and syncs it: from then on what it says stands.
    pub(crate) fn append(&mut self, mut record: Record) -> Result<Written, Fault> {
        let number = self.number + 1;
        let length = u32::try_from(record.body().len()).map_err(|_| Fault::Full)?;
        let digest = digest_of(number, record.body());
        let header = [&MAGIC[..], &number.to_le_bytes(), &length.to_le_bytes(), &digest].concat();
        record.bytes.splice(..HEADER, header);
        let filled = record.bytes.len();
        record.bytes.resize(filled.next_multiple_of(BLOCK), 0);
        let end = self.at + record.bytes.len() as u64;
        self.grow(end)?;
        self.file.write_all_at(&record.bytes, self.at)?;
        self.file.sync_data()?;
        (self.at, self.number) = (end, number);
        record.bytes.truncate(filled);
        Ok(Written(record.bytes))
    }

    fn grow(&mut self, end: u64) -> Result<(), Fault> {
        if end <= self.length {
            return Ok(());
        }
        while self.length < end {
            self.file.write_all_at(&vec![0; GROWTH], self.length)?;
            self.length += GROWTH as u64;
        }
        Ok(self.file.sync_all()?)
    }

    /// The last record's number.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Begins at the front again: the database holds durably all that was written here.
    pub(crate) const fn restart(&mut self) {
        self.at = 0;
    }

    /// Begins anew with an empty file, so that no copy of a row outlives the row in it.
    pub(crate) fn cut(&mut self) -> Result<(), Fault> {
        if self.length > 0 {
            self.file.set_len(0)?;
            self.file.sync_all()?;
        }
        (self.length, self.at) = (0, 0);
        Ok(())
    }
}

fn digest_of(number: u64, body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(number.to_le_bytes()).chain_update(body).finalize().into()
}
