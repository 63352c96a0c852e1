//! Values collected together: separately sealed, in one row of the dossier, because rows are what costs.
//!
//! Clauses: C2, C9.2, C11.1.

use model::{CategoryCode, Instant, RecordId, Sealed, SubjectId};

use super::dossier::{self, Kind, Place};
use crate::value::StoredId as _;
use crate::{Fault, Tx, codec};

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

/// Inserts a set.
pub fn insert(tx: &mut Tx<'_>, set: &ValueSet) -> Result<(), Fault> {
    let body = codec::encode_values(&set.values);
    dossier::insert(tx, set.subject, Kind::Values, Place::of(set.set.as_bytes()), &body)
}

/// Every set of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<ValueSet>, Fault> {
    dossier::list(tx, subject, Kind::Values)?
        .into_iter()
        .map(|row| {
            let set = RecordId::from_stored(row.item);
            Ok(ValueSet { subject, set, values: codec::decode_values(&row.body)? })
        })
        .collect()
}

/// One set.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId) -> Result<Option<ValueSet>, Fault> {
    dossier::fetch(tx, subject, Kind::Values, set.as_bytes())?
        .map(|body| Ok(ValueSet { subject, set, values: codec::decode_values(&body)? }))
        .transpose()
}

/// Replaces the values of a set that stands.
pub fn replace(tx: &mut Tx<'_>, set: &ValueSet) -> Result<(), Fault> {
    let body = codec::encode_values(&set.values);
    dossier::replace(tx, set.subject, Kind::Values, set.set.as_bytes(), &body)
}

/// Deletes one set.
pub fn delete(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId) -> Result<(), Fault> {
    dossier::delete(tx, subject, Kind::Values, set.as_bytes())
}

/// Moves a set to another subject, when records merge after their contacts were proven (C9.0); the values
/// must already be sealed for the new subject.
pub fn rehome(tx: &mut Tx<'_>, from: SubjectId, set: &ValueSet) -> Result<(), Fault> {
    delete(tx, from, set.set)?;
    insert(tx, set)
}
