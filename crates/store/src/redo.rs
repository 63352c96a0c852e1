//! The redo log: what a batch did, as statements with their parameters, in one write and one sync. It makes answers durable
//! before the database's own commit, which touches each page whole and follows later: for many batches at once, without a
//! sync of its own.
//!
//! Invariant: a batch is answered after its record is synced, and its record stays until the database holds the batch
//! durably. Records are numbered without a gap; the number that the database holds stands in it, in the transaction of
//! what the records did, so that after a crash each is applied once. A record that does not do again what it did, row for
//! row, stops the recovery.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::connection::{self, Reset};
use crate::fault::Fault;
use crate::value::Param;

/// Bytes of the file, after which it begins anew: about so much is answered between two durable states of the database. All
/// are there from the start, since a sync of a file that grows costs many times one of blocks that it has.
const BYTES: u64 = if cfg!(test) { 64 << 10 } else { 8 << 20 };
/// How many zeroes are written at once.
const ZEROES: usize = 1 << 20;
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
    /// Where the next record goes.
    at: u64,
    /// Bytes at the front in which something may stand.
    used: u64,
    /// The last record's number.
    number: u64,
}

impl RedoLog {
    /// Brings the database to where the answers were, if a crash came between, and begins anew. Before anything else
    /// reads the database or changes its schema.
    pub(crate) fn recover(file: File, connection: &Connection) -> Result<Self, Fault> {
        let mut bytes = Vec::new();
        (&file).read_to_end(&mut bytes)?;
        let used = if bytes.iter().all(|byte| *byte == 0) { 0 } else { bytes.len() as u64 };
        let mut log = Self { file, at: 0, used, number: marked(connection)? };
        let mut missing = Vec::new();
        while let Some(Found { number, body, end }) = record_at(&bytes, log.at)? {
            if number == log.number + 1 + missing.len() as u64 {
                missing.push(body);
            } else if number > log.number {
                return Err(Fault::Corrupt(
                    "redo log and database are not of one folder, or the database is older",
                ));
            }
            log.at = end;
        }
        if !missing.is_empty() {
            log.number += missing.len() as u64;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            missing.iter().try_for_each(|body| apply(connection, body))?;
            mark(connection, log.number)?;
            connection.execute_batch("COMMIT")?;
        }
        if used > 0 {
            match connection::checkpoint(connection, Reset::Cut) {
                Ok(false) => log.cut()?,
                // What is there stays, and more follows behind it.
                Ok(true) | Err(Fault::Full | Fault::Busy) => {}
                Err(fault) => return Err(fault),
            }
        }
        if (bytes.len() as u64) < BYTES {
            log.blank(bytes.len() as u64, BYTES)?;
        }
        Ok(log)
    }

    /// Whether it is time to begin anew.
    pub(crate) const fn is_long(&self) -> bool {
        self.at >= BYTES
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
        self.file.write_all_at(&record.bytes, self.at)?;
        self.file.sync_data()?;
        (self.at, self.number, self.used) = (end, number, self.used.max(end));
        record.bytes.truncate(filled);
        Ok(Written(record.bytes))
    }

    /// The last record's number.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Begins at the front again: the database holds durably all that was written here.
    pub(crate) const fn restart(&mut self) {
        self.at = 0;
    }

    /// Begins anew and writes zeroes over all that stood there, so that no copy of a row outlives the row in it.
    pub(crate) fn cut(&mut self) -> Result<(), Fault> {
        if self.used > 0 {
            self.blank(0, self.used)?;
        }
        (self.at, self.used) = (0, 0);
        Ok(())
    }

    fn blank(&self, mut from: u64, to: u64) -> Result<(), Fault> {
        let zeroes = vec![0; ZEROES];
        while from < to {
            let part = usize::try_from(to - from).unwrap_or(ZEROES).min(ZEROES);
            self.file.write_all_at(zeroes.get(..part).unwrap_or_default(), from)?;
            from += part as u64;
        }
        Ok(self.file.sync_all()?)
    }
}

/// A record as it stands in the file.
struct Found<'a> {
    number: u64,
    body: &'a [u8],
    /// Where the next one begins.
    end: u64,
}

/// The record that begins there, if a whole one does.
fn record_at(bytes: &[u8], at: u64) -> Result<Option<Found<'_>>, Fault> {
    let Some(rest) = usize::try_from(at).ok().and_then(|at| bytes.get(at..)) else { return Ok(None) };
    if rest.len() < HEADER {
        return Ok(None);
    }
    let mut reader = Reader(rest);
    let (magic, number) = (reader.array::<4>()?, u64::from_le_bytes(reader.array()?));
    let (length, digest) = (reader.number()?, reader.array::<32>()?);
    if magic[..3] == MAGIC[..3] && magic != MAGIC {
        return Err(Fault::Corrupt("the redo log was written by another version of the program"));
    }
    let Some(body) = reader.0.get(..length as usize).filter(|_| magic == MAGIC) else { return Ok(None) };
    if digest_of(number, body) != digest {
        return Ok(None);
    }
    let end = (at + (HEADER + body.len()) as u64).next_multiple_of(BLOCK as u64);
    Ok(Some(Found { number, body, end }))
}

fn digest_of(number: u64, body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(number.to_le_bytes()).chain_update(body).finalize().into()
}
