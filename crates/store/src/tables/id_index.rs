//! Whose an id is: consents and receipts are asked for by their id alone, but kept by subject.

use model::SubjectId;

use crate::{Fault, Tx, params};

/// Files an id under its subject.
pub(super) fn insert(tx: &mut Tx<'_>, id: &[u8; 16], subject: SubjectId) -> Result<(), Fault> {
    tx.execute_one("INSERT INTO id_index (id, subject_id) VALUES (?1, ?2)", params![id, &subject])
}

/// The subject of an id; still told after an erasure until the rows are gone.
pub(super) fn subject_of(tx: &mut Tx<'_>, id: &[u8; 16]) -> Result<Option<SubjectId>, Fault> {
    tx.query_opt("SELECT subject_id FROM id_index WHERE id = ?1", params![id])?
        .map(|row| row.id(0))
        .transpose()
}

/// Forgets an id.
pub(super) fn delete(tx: &mut Tx<'_>, id: &[u8; 16]) -> Result<(), Fault> {
    tx.execute_one("DELETE FROM id_index WHERE id = ?1", params![id])
}
