//! Printed reference numbers and what stands behind them.

use model::SubjectId;

use crate::{Fault, Tx, params};

/// The kind of a number that names an enquiry.
pub const ENQUIRY: &str = "enquiry";
/// The kind of a number that names a request about rights.
pub const REQUEST: &str = "request";

/// A reference number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The text a person reads.
    pub number: String,
    /// What it names: a code, such as `enquiry` or `request`.
    pub kind: String,
    /// Whose.
    pub subject: SubjectId,
    /// The id of what it names.
    pub reference: [u8; 16],
}

/// Inserts a number; [`Fault::Conflict`] when it is taken.
pub fn insert(tx: &mut Tx<'_>, number: &Number) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO numbers (number, kind, subject_id, reference) VALUES (?1, ?2, ?3, ?4)",
        params![&number.number, &number.kind, &number.subject, &number.reference],
    )
}

/// What a number names.
pub fn fetch(tx: &mut Tx<'_>, number: &str) -> Result<Option<Number>, Fault> {
    tx.query_opt(
        "SELECT number, kind, subject_id, reference FROM numbers WHERE number = ?1",
        params![number],
    )?
    .map(|row| {
        Ok(Number {
            number: row.text(0)?.to_owned(),
            kind: row.text(1)?.to_owned(),
            subject: row.id(2)?,
            reference: row.array(3)?,
        })
    })
    .transpose()
}

/// Deletes a number; gives whether it stood.
pub fn delete(tx: &mut Tx<'_>, number: &str) -> Result<bool, Fault> {
    Ok(tx.execute("DELETE FROM numbers WHERE number = ?1", params![number])? == 1)
}
