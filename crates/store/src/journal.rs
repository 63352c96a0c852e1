//! The journal: what a batch did, as statements with their parameters, in one write and one sync. It makes answers durable
//! before the database's own commit, which touches each page whole and follows later: for many batches at once, without a
//! sync of its own.
//!
//! Invariant: a batch is answered after its record is synced, and its record stays until the database holds the batch
//! durably. Records are numbered without a gap; the number that the database holds stands in it, in the transaction of
//! what the records did, so that after a crash each is applied once. A record that does not do again what it did, row for
//! row, stops the recovery.

use std::collections::HashMap;
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
const MAGIC: [u8; 4] = *b"SNJ1";
/// Magic, number, length and digest.
const HEADER: usize = 4 + 8 + 4 + 32;
/// Where the database keeps the number of the last record it holds.
const MARK: &str = "journal";

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

/// What a batch did.
#[derive(Default)]
pub(crate) struct Record {
    body: Vec<u8>,
    /// Statements written out in the body, by their texts.
    texts: HashMap<String, u32>,
}

/// A place in a record to which what follows can be undone.
pub(crate) struct Place {
    bytes: usize,
    texts: u32,
}

impl Record {
    /// Adds a statement that changed so many rows.
    pub(crate) fn add(&mut self, sql: &str, params: &[Param<'_>], changed: usize) {
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        match self.texts.get(sql) {
            Some(known) => put_number(&mut self.body, *known),
            None => {
                put_number(&mut self.body, next);
                put_bytes(&mut self.body, sql.as_bytes());
                self.texts.insert(sql.to_owned(), next);
            }
        }
        put_number(&mut self.body, u32::try_from(changed).unwrap_or(u32::MAX));
        put_number(&mut self.body, u32::try_from(params.len()).unwrap_or(u32::MAX));
        for param in params {
            match *param {
                Param::Null => self.body.push(NULL),
                Param::Int(number) => {
                    self.body.push(INT);
                    self.body.extend(number.to_le_bytes());
                }
                Param::Text(text) => {
                    self.body.push(TEXT);
                    put_bytes(&mut self.body, text.as_bytes());
                }
                Param::Blob(bytes) => {
                    self.body.push(BLOB);
                    put_bytes(&mut self.body, bytes);
                }
            }
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place { bytes: self.body.len(), texts: u32::try_from(self.texts.len()).unwrap_or(u32::MAX) }
    }

    /// Forgets what was added since.
    pub(crate) fn undo_to(&mut self, place: &Place) {
        self.body.truncate(place.bytes);
        self.texts.retain(|_, number| *number < place.texts);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }
}

fn put_number(body: &mut Vec<u8>, number: u32) {
    body.extend(number.to_le_bytes());
}

fn put_bytes(body: &mut Vec<u8>, bytes: &[u8]) {
    put_number(body, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    body.extend(bytes);
}

/// Reads what [`Record`] wrote.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (head, tail) = self.0.split_at_checked(count).ok_or(Fault::Corrupt("journal record"))?;
        self.0 = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::Corrupt("journal record"))
    }

    fn number(&mut self) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.number()?;
        self.take(length as usize)
    }

    fn text(&mut self) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Fault::Corrupt("journal record"))
    }

    fn param(&mut self) -> Result<Param<'a>, Fault> {
        let [tag] = self.array()?;
        Ok(match tag {
            NULL => Param::Null,
            INT => Param::Int(i64::from_le_bytes(self.array()?)),
            TEXT => Param::Text(self.text()?),
            BLOB => Param::Blob(self.bytes()?),
            _ => return Err(Fault::Corrupt("journal record")),
        })
    }
}

/// Does again, in the open transaction, what a record says.
pub(crate) fn apply(connection: &Connection, body: &[u8]) -> Result<(), Fault> {
    let (mut reader, mut texts) = (Reader(body), Vec::new());
    while !reader.0.is_empty() {
        let number = reader.number()? as usize;
        if number == texts.len() {
            texts.push(reader.text()?);
        }
        let sql = *texts.get(number).ok_or(Fault::Corrupt("journal record"))?;
        let (changed, count) = (reader.number()?, reader.number()?);
        let params = (0..count).map(|_| reader.param()).collect::<Result<Vec<_>, _>>()?;
        let actual = connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?;
        if u32::try_from(actual) != Ok(changed) {
            return Err(Fault::Corrupt("journal record does other than it did"));
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
        connection.query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'meta'", [], |row| row.get(0))?;
    if is_new == 0 {
        return Ok(0);
    }
    let mut statement = connection.prepare("SELECT value FROM meta WHERE key = ?1")?;
    let mut rows = statement.query([MARK])?;
    match rows.next()? {
        Some(row) => row.get(0).map(u64::from_be_bytes).map_err(|_| Fault::Corrupt("journal mark")),
        None => Ok(0),
    }
}

/// The file.
pub(crate) struct Journal {
    file: File,
    /// Bytes that the file has.
    length: u64,
    /// Where the next record goes.
    at: u64,
    /// The last record's number.
    number: u64,
}

impl Journal {
    /// Brings the database to where the answers were, if a crash came between, and begins anew. Before anything else
    /// reads the database or changes its schema.
    pub(crate) fn recover(file: File, connection: &Connection) -> Result<Self, Fault> {
        let length = file.metadata()?.len();
        let mut journal = Self { file, length, at: 0, number: marked(connection)? };
        let mut missing = Vec::new();
        while let Some((number, body)) = journal.read()? {
            if number == journal.number + 1 + missing.len() as u64 {
                missing.push(body);
            } else if number > journal.number {
                return Err(Fault::Corrupt("journal and database are not of one folder, or the database is older"));
            }
        }
        if !missing.is_empty() {
            journal.number += missing.len() as u64;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            missing.iter().try_for_each(|body| apply(connection, body))?;
            mark(connection, journal.number)?;
            connection.execute_batch("COMMIT")?;
        }
        if length > 0 {
            match connection::checkpoint(connection, Reset::Cut) {
                Ok(false) => journal.cut()?,
                // What is there stays, and more follows behind it.
                Ok(true) | Err(Fault::Full | Fault::Busy) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(journal)
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
            return Err(Fault::Corrupt("the journal was written by another version of the program"));
        }
        if magic != MAGIC || end > self.length {
            return Ok(None);
        }
        let mut body = vec![0; length as usize];
        self.file.read_exact_at(&mut body, self.at + HEADER as u64)?;
        if digest_of(number, &body) != digest {
            return Ok(None);
        }
        self.at = end;
        Ok(Some((number, body)))
    }

    /// Whether it is time to begin anew.
    pub(crate) const fn is_long(&self) -> bool {
        self.at >= BYTES_LONG
    }

    /// Writes a record and syncs it: from then on what it says stands.
    pub(crate) fn append(&mut self, body: &[u8]) -> Result<(), Fault> {
        let number = self.number + 1;
        let length = u32::try_from(body.len()).map_err(|_| Fault::Full)?;
        let mut record = Vec::with_capacity(HEADER + body.len());
        record.extend(MAGIC);
        record.extend(number.to_le_bytes());
        record.extend(length.to_le_bytes());
        record.extend(digest_of(number, body));
        record.extend(body);
        let end = self.at + record.len() as u64;
        self.grow(end)?;
        self.file.write_all_at(&record, self.at)?;
        self.file.sync_data()?;
        (self.at, self.number) = (end, number);
        Ok(())
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
