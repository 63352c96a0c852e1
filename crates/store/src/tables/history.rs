//! Each person's own history: entries and salts sealed under that person's key. Written by
//! [`model::Witness::append`]; it holds no link to the log in clear, and no time.
//!
//! Clauses: C1.3, C7.

use model::{HistoryRow, Sealed, SubjectId};

use super::dossier::{self, Kind, Place};
use crate::{Fault, Tx};

/// A person has one history: its lines differ by their number alone.
const ITEM: [u8; 16] = [0; 16];

/// Adds a line whose entry stands in the log already.
pub fn insert(tx: &mut Tx<'_>, row: &HistoryRow) -> Result<(), Fault> {
    dossier::append(tx, row.subject, Kind::History, &ITEM, row.sealed.as_bytes())
}

/// The lines of a person's history below number `before` (all when `None`), newest first, with their numbers.
pub fn list(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    before: Option<u32>,
    limit: u32,
) -> Result<Vec<(u32, Sealed)>, Fault> {
    let place = Place { item: &ITEM, number: before.unwrap_or(u32::MAX) };
    let rows = dossier::page_of_item(tx, subject, Kind::History, place, limit)?;
    Ok(rows.into_iter().map(|row| (row.number, Sealed::from_bytes(row.body))).collect())
}

/// How many lines a person's history has.
pub fn count(tx: &mut Tx<'_>, subject: SubjectId) -> Result<u64, Fault> {
    dossier::count(tx, subject, Kind::History)
}
