//! Whose an id is: consents and receipts are asked for by their id alone, but kept by subject.

use model::SubjectId;

use crate::value::Param;
use crate::{Fault, Tx};

/// Files an id under its subject.
pub(super) fn insert<'a>(tx: &mut Tx<'_>, id: impl Into<Param<'a>>, subject: SubjectId) -> Result<(), Fault> {
    tx.execute_one("INSERT INTO id_index (id, subject_id) VALUES (?1, ?2)", &[id.into(), (&subject).into()])
}

/// The subject of an id; still told after an erasure until the rows are gone.
pub(super) fn subject_of<'a>(tx: &mut Tx<'_>, id: impl Into<Param<'a>>) -> Result<Option<SubjectId>, Fault> {
    tx.query_opt("SELECT subject_id FROM id_index WHERE id = ?1", &[id.into()])?
        .map(|row| row.id(0))
        .transpose()
}

/// Forgets an id.
pub(super) fn delete<'a>(tx: &mut Tx<'_>, id: impl Into<Param<'a>>) -> Result<(), Fault> {
    tx.execute_one("DELETE FROM id_index WHERE id = ?1", &[id.into()])
}
