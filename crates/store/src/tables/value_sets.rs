//! Values collected together: separately sealed, in one row of the dossier, because rows are what costs.
//!
//! Clauses: C2, C9.2, C11.1.

use model::{CategoryCode, Instant, PurposeId, RecordId, Sealed, SubjectId, Terms};

use super::dossier::{self, Kind, Place};
use super::terms::{self, Membership};
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
    /// The group whose terms it stands under; none for what the person wrote about a right or an enquiry.
    pub place: Option<Membership>,
}

impl ValueSet {
    /// Whether the person objects to its use for this purpose.
    pub fn is_objected(&self, purpose: PurposeId) -> bool {
        self.place.is_some_and(|place| place.group.terms.objects_to(purpose.as_str()))
    }

    /// Whether its terms let nobody use it any more at this instant: it is to be destroyed, or was kept long enough.
    pub fn is_over(&self, at: Instant) -> bool {
        self.place.is_some_and(|place| {
            place.group.is_ended || place.group.terms.ends_at(self.set.made_at()).is_some_and(|end| end <= at)
        })
    }
}

/// Inserts a set.
pub fn insert(tx: &mut Tx<'_>, set: &ValueSet) -> Result<(), Fault> {
    let body = codec::encode_values(&set.values);
    let place = set.place.map(|place| (place.group.group, place.since));
    dossier::insert_in(tx, set.subject, Kind::Values, Place::of(set.set.as_bytes()), &body, place)
}

/// Inserts a set under terms: into the group that such a record joins now.
pub fn insert_under(tx: &mut Tx<'_>, set: &ValueSet, terms: &Terms) -> Result<(), Fault> {
    let place = terms::join(tx, terms)?;
    let body = codec::encode_values(&set.values);
    let place = Some((place.group.group, place.since));
    dossier::insert_in(tx, set.subject, Kind::Values, Place::of(set.set.as_bytes()), &body, place)
}

fn set_of(mut row: Row) -> Result<ValueSet, Fault> {
    let place = if row.is_null(4)? {
        None
    } else {
        Some(Membership { group: terms::group_of(&row, 4)?, since: row.int(3)? })
    };
    let values = codec::decode_values(&row.take_bytes(2)?)?;
    Ok(ValueSet { subject: row.id(0)?, set: row.id(1)?, values, place })
}

/// Every set of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<ValueSet>, Fault> {
    tx.query_all(
        "SELECT d.subject_id, d.item, d.body, d.since, t.group_id, t.terms, t.rule, t.ended
         FROM dossier d LEFT JOIN terms t ON t.group_id = d.group_id
         WHERE d.subject_id = ?1 AND d.kind = ?2 ORDER BY d.item",
        params![&subject, Kind::Values as u8],
    )?
    .into_iter()
    .map(set_of)
    .collect()
}

/// One set.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId) -> Result<Option<ValueSet>, Fault> {
    tx.query_opt(
        "SELECT d.subject_id, d.item, d.body, d.since, t.group_id, t.terms, t.rule, t.ended
         FROM dossier d LEFT JOIN terms t ON t.group_id = d.group_id
         WHERE d.subject_id = ?1 AND d.kind = ?2 AND d.item = ?3 AND d.number = 0",
        params![&subject, Kind::Values as u8, &set],
    )?
    .map(set_of)
    .transpose()
}

/// Puts a set under the terms of another group.
pub fn set_place(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    set: RecordId,
    place: &Membership,
) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE dossier SET group_id = ?4, since = ?5 WHERE subject_id = ?1 AND kind = ?2 AND item = ?3 AND number = 0",
        params![&subject, Kind::Values as u8, &set, place.group.group, place.since],
    )
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
