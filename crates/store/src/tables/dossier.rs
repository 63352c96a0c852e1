//! What is written down about a person, each thing a row, in the order it came: value sets, consent records and their
//! chains, receipts, history. One table, because what is written together then lies together: a submission touches a
//! third fewer pages than with a table for each kind. What a body holds only the module of its kind knows.

use model::SubjectId;

use super::id_index;
use crate::value::Row;
use crate::{Fault, Tx, params};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The values of one act of collection (`value_sets`).
    Values = 1,
    /// A consent record (`consents`).
    Consent = 2,
    /// A link of a consent's chain (`consent_events`).
    ConsentEvent = 3,
    /// A receipt (`receipts`).
    Receipt = 4,
    /// A line of the history (`history`).
    History = 5,
}

impl Kind {
    /// Whether its id alone finds it, through `id_index`.
    const fn is_indexed(self) -> bool {
        matches!(self, Self::Consent | Self::Receipt)
    }

    const fn of_number(number: i64) -> Result<Self, Fault> {
        match number {
            1 => Ok(Self::Values),
            2 => Ok(Self::Consent),
            3 => Ok(Self::ConsentEvent),
            4 => Ok(Self::Receipt),
            5 => Ok(Self::History),
            _ => Err(Fault::Corrupt("dossier kind")),
        }
    }
}

/// Where a row stands: the id of what it is about, and a number where one id has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub item: &'a [u8; 16],
    pub number: u32,
}

impl<'a> Place<'a> {
    pub const fn of(item: &'a [u8; 16]) -> Self {
        Self { item, number: 0 }
    }
}

/// A row as it is listed.
pub(super) struct Entry {
    pub item: [u8; 16],
    pub number: u32,
    pub body: Vec<u8>,
}

fn entry_of(mut row: Row) -> Result<Entry, Fault> {
    Ok(Entry { item: row.array(0)?, number: row.int(1)?, body: row.take_bytes(2)? })
}

/// Inserts a row, with its index row where its id alone finds it.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    place: Place<'_>,
    body: &[u8],
) -> Result<(), Fault> {
    insert_in(tx, subject, kind, place, body, None)
}

/// As [`insert`], into a group of records: its number, and that of the last rule that the row does not meet.
pub(super) fn insert_in(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    place: Place<'_>,
    body: &[u8],
    group: Option<(u32, u32)>,
) -> Result<(), Fault> {
    let (group, since) = group.unzip();
    tx.execute_one(
        "INSERT INTO dossier (subject_id, kind, item, number, body, group_id, since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![&subject, kind as u8, place.item, place.number, body, group, since],
    )?;
    if kind.is_indexed() { id_index::insert(tx, place.item, subject) } else { Ok(()) }
}

/// Inserts a row with the next number of its item.
pub(super) fn append(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    item: &[u8; 16],
    body: &[u8],
) -> Result<(), Fault> {
    if tx.is_embedded() {
        // A statement that reads the table it writes makes a temporary one first, which costs more than to ask. On a
        // server to ask would be one more round trip.
        let last = tx.query_one(
            "SELECT MAX(number) FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3",
            params![&subject, kind as u8, item],
        )?;
        let number = last.opt_int::<u32>(0)?.map_or(0, |last| last + 1);
        return insert(tx, subject, kind, Place { item, number }, body);
    }
    tx.execute_one(
        "INSERT INTO dossier (subject_id, kind, item, number, body)
         SELECT ?1, ?2, ?3, COALESCE(MAX(number) + 1, 0), ?4
         FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3",
        params![&subject, kind as u8, item, body],
    )
}

/// The body of one row.
pub(super) fn fetch(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    item: &[u8; 16],
) -> Result<Option<Vec<u8>>, Fault> {
    tx.query_opt(
        "SELECT body FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 AND number = 0",
        params![&subject, kind as u8, item],
    )?
    .map(|mut row| row.take_bytes(0))
    .transpose()
}

/// Every row of a kind, by item and number: oldest first, since ids grow with time.
pub(super) fn list(tx: &mut Tx<'_>, subject: SubjectId, kind: Kind) -> Result<Vec<Entry>, Fault> {
    tx.query_all(
        "SELECT item, number, body FROM dossier WHERE subject_id = ?1 AND kind = ?2 ORDER BY item, number",
        params![&subject, kind as u8],
    )?
    .into_iter()
    .map(entry_of)
    .collect()
}

/// Every row of one item, by number.
pub(super) fn list_of_item(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    item: &[u8; 16],
) -> Result<Vec<Entry>, Fault> {
    tx.query_all(
        "SELECT item, number, body FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 ORDER BY number",
        params![&subject, kind as u8, item],
    )?
    .into_iter()
    .map(entry_of)
    .collect()
}

/// Up to `limit` rows of a kind, newest first, whose item is below `before`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    before: &[u8; 16],
    limit: u32,
) -> Result<Vec<Entry>, Fault> {
    tx.query_all(
        "SELECT item, number, body FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item < ?3
         ORDER BY item DESC, number DESC LIMIT ?4",
        params![&subject, kind as u8, before, limit],
    )?
    .into_iter()
    .map(entry_of)
    .collect()
}

/// Up to `limit` rows of one item, newest first, whose number is below `before`.
pub(super) fn page_of_item(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    place: Place<'_>,
    limit: u32,
) -> Result<Vec<Entry>, Fault> {
    tx.query_all(
        "SELECT item, number, body FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 AND number < ?4
         ORDER BY number DESC LIMIT ?5",
        params![&subject, kind as u8, place.item, place.number, limit],
    )?
    .into_iter()
    .map(entry_of)
    .collect()
}

/// How many rows of a kind a person has.
pub(super) fn count(tx: &mut Tx<'_>, subject: SubjectId, kind: Kind) -> Result<u64, Fault> {
    tx.query_one(
        "SELECT COUNT(*) FROM dossier WHERE subject_id = ?1 AND kind = ?2",
        params![&subject, kind as u8],
    )?
    .int(0)
}

/// Replaces the body of a row that stands.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    kind: Kind,
    item: &[u8; 16],
    body: &[u8],
) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE dossier SET body = ?4 WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 AND number = 0",
        params![&subject, kind as u8, item, body],
    )
}

/// Deletes one row that stands.
pub(super) fn delete(tx: &mut Tx<'_>, subject: SubjectId, kind: Kind, item: &[u8; 16]) -> Result<(), Fault> {
    tx.execute_one(
        "DELETE FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 AND number = 0",
        params![&subject, kind as u8, item],
    )
}

/// Deletes up to `limit` rows of a person with their index rows; gives how many.
pub(crate) fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    let rows = tx.query_all(
        "SELECT kind, item, number FROM dossier WHERE subject_id = ?1 ORDER BY kind, item, number LIMIT ?2",
        params![&subject, limit],
    )?;
    for row in &rows {
        let (kind, item): (i64, [u8; 16]) = (row.int(0)?, row.array(1)?);
        if Kind::of_number(kind)?.is_indexed() {
            id_index::delete(tx, &item)?;
        }
        tx.execute_one(
            "DELETE FROM dossier WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 AND number = ?4",
            params![&subject, kind, &item, row.int::<i64>(2)?],
        )?;
    }
    Ok(rows.len())
}

/// Hands the body of every row of a kind to `f`, one at a time, for scans of everything.
pub(crate) fn each(
    tx: &mut Tx<'_>,
    kind: Kind,
    mut f: impl FnMut(SubjectId, Vec<u8>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    tx.for_each("SELECT subject_id, body FROM dossier WHERE kind = ?1", params![kind as u8], |mut row| {
        f(row.id(0)?, row.take_bytes(1)?)
    })
}
