//! Receipts, sealed under the person's key.

use model::{EntryId, ReceiptId, RecordId, Sealed, SubjectId};

use super::dossier::{self, Kind, Place};
use super::id_index;
use crate::value::StoredId as _;
use crate::{Fault, Tx, codec};

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

/// Inserts a receipt and its index row.
pub fn insert(tx: &mut Tx<'_>, row: &Receipt) -> Result<(), Fault> {
    let body = codec::encode_receipt(row);
    dossier::insert(tx, row.subject, Kind::Receipt, Place::of(row.receipt.as_bytes()), &body)
}

/// One receipt.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, receipt: ReceiptId) -> Result<Option<Receipt>, Fault> {
    dossier::fetch(tx, subject, Kind::Receipt, receipt.as_bytes())?
        .map(|body| codec::decode_receipt(subject, receipt, &body))
        .transpose()
}

/// The subject of a receipt id; still told after an erasure until the rows are gone.
pub fn subject_of(tx: &mut Tx<'_>, receipt: ReceiptId) -> Result<Option<SubjectId>, Fault> {
    id_index::subject_of(tx, receipt.as_bytes())
}

/// Every receipt of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Receipt>, Fault> {
    let rows = dossier::list(tx, subject, Kind::Receipt)?;
    rows.iter()
        .map(|row| codec::decode_receipt(subject, ReceiptId::from_stored(row.item), &row.body))
        .collect()
}
