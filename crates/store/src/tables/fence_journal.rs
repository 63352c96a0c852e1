//! What ended, in order: erasures, withdrawals, restrictions. A restore of an older data backup re-applies it.
//!
//! Clauses: C6.1, C16, C17.

use model::{Instant, SubjectFacts, SubjectId};

use crate::value::Row;
use crate::{Fault, Tx, codec, params};

/// What kind of end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FenceKind {
    /// The person was erased.
    Erasure,
    /// A consent, or a part of it, was withdrawn.
    Withdrawal,
    /// Processing was restricted or a restriction was lifted.
    Restriction,
    /// A single value was destroyed.
    Deletion,
}

impl FenceKind {
    const ALL: [Self; 4] = [Self::Erasure, Self::Withdrawal, Self::Restriction, Self::Deletion];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::Withdrawal => "withdrawal",
            Self::Restriction => "restriction",
            Self::Deletion => "deletion",
        }
    }
}

/// A line of the journal, to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// What ended.
    pub kind: FenceKind,
    /// For whom.
    pub subject: SubjectId,
    /// When.
    pub at: Instant,
    /// The facts after the act; `None` for an erasure. A restore sets them where they are newer.
    pub facts: Option<SubjectFacts>,
    /// More, as a code or JSON without values.
    pub detail: String,
}

/// A line of the journal with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenceRow {
    /// Its place, from 1.
    pub number: u64,
    /// The line.
    pub fence: Fence,
}

fn fence_of(row: &Row) -> Result<FenceRow, Fault> {
    let kind = row.text(1)?;
    let subject = row.id(2)?;
    Ok(FenceRow {
        number: row.int(0)?,
        fence: Fence {
            kind: FenceKind::ALL
                .into_iter()
                .find(|known| known.code() == kind)
                .ok_or(Fault::Corrupt("fence kind"))?,
            subject,
            at: row.instant(3)?,
            facts: row.opt_bytes(4)?.map(|bytes| codec::decode_facts(subject, bytes)).transpose()?,
            detail: row.text(5)?.to_owned(),
        },
    })
}

/// Appends a line, as the last thing that waits for others in its transaction: where several write, they take their
/// numbers one after the other. Meeting at the unique key instead, sixteen erasures at once ran out of tries.
pub fn insert(tx: &mut Tx<'_>, fence: &Fence) -> Result<(), Fault> {
    if !tx.is_embedded() {
        super::nodes::hold(tx)?;
    }
    let facts = fence.facts.as_ref().map(codec::encode_facts);
    tx.execute_one(
        "INSERT INTO fence_journal (number, kind, subject_id, at, facts, detail)
         SELECT COALESCE(MAX(number), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM fence_journal",
        params![fence.kind.code(), &fence.subject, fence.at, facts.as_ref(), &fence.detail],
    )
}

/// Lines after a number, in order.
pub fn list(tx: &mut Tx<'_>, after: u64, limit: u32) -> Result<Vec<FenceRow>, Fault> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    tx.query_all(
        "SELECT number, kind, subject_id, at, facts, detail FROM fence_journal
         WHERE number > ?1 ORDER BY number LIMIT ?2",
        params![after, limit],
    )?
    .iter()
    .map(fence_of)
    .collect()
}

/// The number of the newest line; 0 when there is none.
pub fn newest(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    tx.query_one("SELECT COALESCE(MAX(number), 0) FROM fence_journal", &[])?.int(0)
}

/// Deletes lines older than the oldest data backup kept, but never the newest one, whose number goes on.
pub fn prune(tx: &mut Tx<'_>, before: Instant) -> Result<usize, Fault> {
    tx.execute(
        "DELETE FROM fence_journal WHERE at < ?1 AND number < (SELECT MAX(number) FROM fence_journal)",
        params![before],
    )
}
