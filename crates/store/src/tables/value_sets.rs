//! Values collected together: separately sealed, in one row, because rows are what costs.
//!
//! Clauses: C2, C9.2, C11.1.

use model::{CategoryCode, Instant, RecordId, Sealed, SubjectId};

use crate::value::Row;
use crate::{Fault, Tx, codec, params};

/// One sealed value with what may stand beside it in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredValue {
    /// The record, whose key seals it.
    pub record: RecordId,
    /// Its category.
    pub category: CategoryCode,
    /// Its version, growing with each correction.
    pub version: u32,
    /// The time it was true at, as declared.
    pub as_of: Instant,
    /// Where it came from: a code of at most 255 bytes, never free text.
    pub source: String,
    /// The blind index under which `lookups` holds it, for identifiers.
    pub mac: Option<[u8; 32]>,
    /// Whether the contact was proven.
    pub proven: bool,
    /// The value.
    pub sealed: Sealed,
}

/// The values of one act of collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSet {
    /// Whose.
    pub subject: SubjectId,
    /// Its id: the record id of its first value.
    pub set: RecordId,
    /// The values, at most 65,535.
    pub values: Vec<StoredValue>,
}

fn set_of(row: &Row) -> Result<ValueSet, Fault> {
    Ok(ValueSet { subject: row.id(0)?, set: row.id(1)?, values: codec::decode_values(row.bytes(2)?)? })
}

/// Inserts a set.
pub fn insert(tx: &mut Tx<'_>, set: &ValueSet) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO value_sets (subject_id, set_id, body) VALUES (?1, ?2, ?3)",
        params![&set.subject, &set.set, &codec::encode_values(&set.values)],
    )
}

/// Every set of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<ValueSet>, Fault> {
    tx.query_all(
        "SELECT subject_id, set_id, body FROM value_sets WHERE subject_id = ?1 ORDER BY set_id",
        params![&subject],
    )?
    .iter()
    .map(set_of)
    .collect()
}

/// One set.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId) -> Result<Option<ValueSet>, Fault> {
    tx.query_opt(
        "SELECT subject_id, set_id, body FROM value_sets WHERE subject_id = ?1 AND set_id = ?2",
        params![&subject, &set],
    )?
    .map(|row| set_of(&row))
    .transpose()
}

/// Replaces the values of a set that stands.
pub fn replace(tx: &mut Tx<'_>, set: &ValueSet) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE value_sets SET body = ?3 WHERE subject_id = ?1 AND set_id = ?2",
        params![&set.subject, &set.set, &codec::encode_values(&set.values)],
    )
}

/// Deletes one set.
pub fn delete(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId) -> Result<(), Fault> {
    tx.execute_one("DELETE FROM value_sets WHERE subject_id = ?1 AND set_id = ?2", params![&subject, &set])
}

/// Deletes up to `limit` sets of a subject; gives how many.
pub fn delete_all(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    tx.execute(
        "DELETE FROM value_sets WHERE subject_id = ?1 AND set_id IN
         (SELECT set_id FROM value_sets WHERE subject_id = ?1 ORDER BY set_id LIMIT ?2)",
        params![&subject, limit],
    )
}

/// Moves a set to another subject, when records merge after their contacts were proven (C9.0); the values
/// must already be sealed for the new subject.
pub fn rehome(tx: &mut Tx<'_>, from: SubjectId, set: &ValueSet) -> Result<(), Fault> {
    delete(tx, from, set.set)?;
    insert(tx, set)
}
