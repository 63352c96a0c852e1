//! The append-only chain of what happened to each consent.
//!
//! Clauses: C4, C6.1, C6.2.

use model::{ConsentEvent, ConsentEventKind, ConsentId, EntryId, OperationSet, PurposeId, SubjectId};

use crate::value::{Row, join};
use crate::{Fault, Tx, params};

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

fn event_of(row: &Row) -> Result<ConsentEventRow, Fault> {
    Ok(ConsentEventRow {
        subject: row.id(0)?,
        event: ConsentEvent {
            consent: row.id(1)?,
            number: row.int(2)?,
            kind: ConsentEventKind::from_code(row.text(3)?).ok_or(Fault::Corrupt("consent event kind"))?,
            purposes: row.codes(4)?,
            operations: OperationSet::from_bits(row.int(5)?),
            at: row.instant(6)?,
            previous: row.array(7)?,
        },
        entry: row.opt_id(8)?,
    })
}

/// Appends a link; the number must be free.
pub fn insert(tx: &mut Tx<'_>, row: &ConsentEventRow) -> Result<(), Fault> {
    let event = &row.event;
    tx.execute_one(
        "INSERT INTO consent_events
         (subject_id, consent_id, number, kind, purposes, operations, at, previous, entry_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            &row.subject,
            &event.consent,
            event.number,
            event.kind.code(),
            &join(event.purposes.iter().map(PurposeId::as_str)),
            event.operations.bits(),
            event.at,
            &event.previous,
            row.entry.as_ref()
        ],
    )
}

/// The chain of one consent, in order.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId, consent: ConsentId) -> Result<Vec<ConsentEventRow>, Fault> {
    tx.query_all(
        "SELECT subject_id, consent_id, number, kind, purposes, operations, at, previous, entry_id
         FROM consent_events WHERE subject_id = ?1 AND consent_id = ?2 ORDER BY number",
        params![&subject, &consent],
    )?
    .iter()
    .map(event_of)
    .collect()
}

/// Every link of a subject, by consent and number.
pub fn list_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<ConsentEventRow>, Fault> {
    tx.query_all(
        "SELECT subject_id, consent_id, number, kind, purposes, operations, at, previous, entry_id
         FROM consent_events WHERE subject_id = ?1 ORDER BY consent_id, number",
        params![&subject],
    )?
    .iter()
    .map(event_of)
    .collect()
}

/// Deletes up to `limit` links of a subject; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    let rows = tx.query_all(
        "SELECT consent_id, number FROM consent_events WHERE subject_id = ?1 ORDER BY consent_id, number LIMIT ?2",
        params![&subject, limit],
    )?;
    for row in &rows {
        tx.execute_one(
            "DELETE FROM consent_events WHERE subject_id = ?1 AND consent_id = ?2 AND number = ?3",
            params![&subject, row.bytes(0)?, row.int::<i64>(1)?],
        )?;
    }
    Ok(rows.len())
}
