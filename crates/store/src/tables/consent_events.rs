//! The append-only chain of what happened to each consent.
//!
//! Clauses: C4, C6.1, C6.2.

use model::{ConsentEvent, ConsentId, EntryId, SubjectId};

use super::dossier::{self, Entry, Kind, Place};
use crate::value::StoredId as _;
use crate::{Fault, Tx, codec};

/// A link of a consent's chain as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEventRow {
    /// Whose.
    pub subject: SubjectId,
    /// The link.
    pub event: ConsentEvent,
    /// The log entry that records it.
    pub entry: Option<EntryId>,
}

fn event_of(subject: SubjectId, row: &Entry) -> Result<ConsentEventRow, Fault> {
    let (event, entry) = codec::decode_event(ConsentId::from_stored(row.item), row.number, &row.body)?;
    Ok(ConsentEventRow { subject, event, entry })
}

/// Appends a link; the number must be free.
pub fn insert(tx: &mut Tx<'_>, row: &ConsentEventRow) -> Result<(), Fault> {
    let place = Place { item: row.event.consent.as_bytes(), number: row.event.number };
    let body = codec::encode_event(&row.event, row.entry);
    dossier::insert(tx, row.subject, Kind::ConsentEvent, place, &body)
}

/// The chain of one consent, in order.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId, consent: ConsentId) -> Result<Vec<ConsentEventRow>, Fault> {
    let rows = dossier::list_of_item(tx, subject, Kind::ConsentEvent, consent.as_bytes())?;
    rows.iter().map(|row| event_of(subject, row)).collect()
}

/// Every link of a subject, by consent and number.
pub fn list_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<ConsentEventRow>, Fault> {
    dossier::list(tx, subject, Kind::ConsentEvent)?.iter().map(|row| event_of(subject, row)).collect()
}
