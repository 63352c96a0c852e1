//! Who was among those whom one entry is about: a mark of each, which only that person's keys make.
//!
//! Clauses: C7, C16.1; DESIGN §2a.

use model::{EntryId, Salt, SubjectId};

use crate::{Fault, Tx, params};

/// Bytes of a mark.
const MARK_LEN: usize = 16;

/// An entry about many people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRead {
    /// The entry.
    pub entry: EntryId,
    /// Its text.
    pub text: String,
    /// Its salt.
    pub salt: Salt,
    /// The marks, in their order: the entry carries the hash of all of them.
    pub marks: Vec<u8>,
}

impl BulkRead {
    /// Marks one after the other in their order.
    pub fn marks_of(mut marks: Vec<[u8; MARK_LEN]>) -> Vec<u8> {
        marks.sort_unstable();
        marks.concat()
    }

    /// Whether a mark is among them.
    pub fn has(&self, mark: &[u8; MARK_LEN]) -> bool {
        let (marks, _) = self.marks.as_chunks::<MARK_LEN>();
        marks.binary_search(mark).is_ok()
    }
}

/// Inserts one.
pub fn insert(tx: &mut Tx<'_>, read: &BulkRead) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO bulk_reads (entry_id, entry, salt, marks) VALUES (?1, ?2, ?3, ?4)",
        params![&read.entry, &read.text, &read.salt, &read.marks],
    )
}

/// Hands every one that was written since a person came, newest first, to `f`.
pub fn each_since(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    mut f: impl FnMut(BulkRead) -> Result<(), Fault>,
) -> Result<(), Fault> {
    tx.for_each(
        "SELECT entry_id, entry, salt, marks FROM bulk_reads WHERE entry_id >= ?1 ORDER BY entry_id DESC",
        params![&EntryId::first_at(subject.made_at())],
        |mut row| {
            let (text, marks) = (row.take_text(1)?, row.take_bytes(3)?);
            f(BulkRead { entry: row.id(0)?, text, salt: row.array(2)?, marks })
        },
    )
}
