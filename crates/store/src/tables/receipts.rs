//! Receipts, sealed under the person's key.

use model::{EntryId, ReceiptId, RecordId, Sealed, SubjectId};

use super::id_index;
use crate::value::Row;
use crate::{Fault, Tx, params};

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Whose.
    pub subject: SubjectId,
    /// Its id.
    pub receipt: ReceiptId,
    /// What it is about: a code, such as `consent`.
    pub kind: String,
    /// The log entry it proves.
    pub entry: EntryId,
    /// The record whose key seals it.
    pub record: RecordId,
    /// Body, nonce and salt, sealed.
    pub sealed: Sealed,
}

fn receipt_of(mut row: Row) -> Result<Receipt, Fault> {
    Ok(Receipt {
        subject: row.id(0)?,
        receipt: row.id(1)?,
        kind: row.take_text(2)?,
        entry: row.id(3)?,
        record: row.id(4)?,
        sealed: Sealed::from_bytes(row.take_bytes(5)?),
    })
}

/// Inserts a receipt and its index row.
pub fn insert(tx: &mut Tx<'_>, row: &Receipt) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO receipts (subject_id, receipt_id, kind, entry_id, record_id, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![&row.subject, &row.receipt, &row.kind, &row.entry, &row.record, row.sealed.as_bytes()],
    )?;
    id_index::insert(tx, &row.receipt, row.subject)
}

/// One receipt.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, receipt: ReceiptId) -> Result<Option<Receipt>, Fault> {
    tx.query_opt(
        "SELECT subject_id, receipt_id, kind, entry_id, record_id, sealed FROM receipts
         WHERE subject_id = ?1 AND receipt_id = ?2",
        params![&subject, &receipt],
    )?
    .map(receipt_of)
    .transpose()
}

/// The subject of a receipt id; still told after an erasure until the rows are gone.
pub fn subject_of(tx: &mut Tx<'_>, receipt: ReceiptId) -> Result<Option<SubjectId>, Fault> {
    id_index::subject_of(tx, &receipt)
}

/// Every receipt of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Receipt>, Fault> {
    tx.query_all(
        "SELECT subject_id, receipt_id, kind, entry_id, record_id, sealed FROM receipts
         WHERE subject_id = ?1 ORDER BY receipt_id",
        params![&subject],
    )?
    .into_iter()
    .map(receipt_of)
    .collect()
}

/// Deletes up to `limit` receipts of a subject with their index rows; gives how many receipts.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<usize, Fault> {
    let rows = tx.query_all(
        "SELECT receipt_id FROM receipts WHERE subject_id = ?1 ORDER BY receipt_id LIMIT ?2",
        params![&subject, limit],
    )?;
    for row in &rows {
        let receipt: ReceiptId = row.id(0)?;
        id_index::delete(tx, &receipt)?;
        tx.execute_one(
            "DELETE FROM receipts WHERE subject_id = ?1 AND receipt_id = ?2",
            params![&subject, &receipt],
        )?;
    }
    Ok(rows.len())
}
