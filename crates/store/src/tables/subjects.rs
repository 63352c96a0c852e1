//! Data subjects: the facts the gate decides on, never a value.
//!
//! Clauses: C1.2, C6.1, C9.0, C17.

use model::{BucketId, Facts, Instant, SubjectFacts, SubjectId};

use crate::value::Row;
use crate::{Fault, Lock, Tx, codec, params};

/// A data subject as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The facts.
    pub facts: SubjectFacts,
    /// The bucket that wraps the keyring.
    pub bucket: BucketId,
    /// When the subject came to be.
    pub created_at: Instant,
}

fn facts_of(row: &Row) -> Result<SubjectFacts, Fault> {
    let mut facts = SubjectFacts::new(row.id(0)?, false);
    facts.status = codec::status(row.int(1)?)?;
    facts.epoch = row.int(2)?;
    facts.restriction = codec::restriction(row.int(3)?)?;
    codec::decode_flags(row.bytes(4)?, &mut facts)?;
    Ok(facts)
}

fn subject_of(row: &Row) -> Result<Subject, Fault> {
    Ok(Subject { facts: facts_of(row)?, bucket: row.id(5)?, created_at: row.instant(6)? })
}

/// Inserts a new subject; `secret_mac` is the key of its row in `secrets`, if it gets one.
pub fn insert(
    tx: &mut Tx<'_>,
    facts: &SubjectFacts,
    bucket: BucketId,
    at: Instant,
    secret_mac: Option<&[u8; 32]>,
) -> Result<(), Fault> {
    tx.facts_changed(facts.subject, Some(facts));
    tx.execute_one(
        "INSERT INTO subjects (subject_id, bucket_id, status, epoch, restriction, facts, created_at, secret_mac)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            &facts.subject,
            &bucket,
            facts.status as u8,
            facts.epoch,
            codec::restriction_number(facts.restriction),
            &codec::encode_flags(facts),
            at,
            secret_mac
        ],
    )
}

/// The facts of a subject; `None` when there is none (unknown or erased: see `tombstones`).
pub fn facts(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Option<SubjectFacts>, Fault> {
    tx.query_opt_locked(
        "SELECT subject_id, status, epoch, restriction, facts FROM subjects WHERE subject_id = ?1",
        params![&subject],
        Lock::Row,
    )?
    .map(|row| facts_of(&row))
    .transpose()
}

/// Lets a decision look at the facts of a subject: from memory where this transaction's database has one writer, else
/// from the row. `None` when there is none (unknown or erased: see `tombstones`).
pub fn with_facts<R>(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    look: impl FnOnce(Option<&dyn Facts>) -> R,
) -> Result<R, Fault> {
    if let Some(known) = tx.resident(subject).and_then(|resident| resident.get(subject)) {
        return Ok(look(Some(&known)));
    }
    let facts = facts(tx, subject)?;
    if let (Some(resident), Some(facts)) = (tx.resident(subject), &facts) {
        resident.put(facts);
    }
    Ok(look(facts.as_ref().map(|facts| facts as &dyn Facts)))
}

/// A subject whole.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Option<Subject>, Fault> {
    tx.query_opt_locked(
        "SELECT subject_id, status, epoch, restriction, facts, bucket_id, created_at
         FROM subjects WHERE subject_id = ?1",
        params![&subject],
        Lock::Row,
    )?
    .map(|row| subject_of(&row))
    .transpose()
}

/// Replaces the facts of a subject that stands.
pub fn set_facts(tx: &mut Tx<'_>, facts: &SubjectFacts) -> Result<(), Fault> {
    tx.facts_changed(facts.subject, Some(facts));
    tx.execute_one(
        "UPDATE subjects SET status = ?2, epoch = ?3, restriction = ?4, facts = ?5 WHERE subject_id = ?1",
        params![
            &facts.subject,
            facts.status as u8,
            facts.epoch,
            codec::restriction_number(facts.restriction),
            &codec::encode_flags(facts)
        ],
    )
}

/// Deletes the row of a subject.
pub fn delete(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(), Fault> {
    tx.facts_changed(subject, None);
    tx.execute_one("DELETE FROM subjects WHERE subject_id = ?1", params![&subject])
}

/// Subjects in the order of their ids, after one.
pub fn list(tx: &mut Tx<'_>, after: Option<SubjectId>, limit: u32) -> Result<Vec<Subject>, Fault> {
    let after = after.unwrap_or(SubjectId::from_bytes([0; 16]));
    tx.query_all(
        "SELECT subject_id, status, epoch, restriction, facts, bucket_id, created_at
         FROM subjects WHERE subject_id > ?1 ORDER BY subject_id LIMIT ?2",
        params![&after, limit],
    )?
    .iter()
    .map(subject_of)
    .collect()
}

/// How many subjects there are.
pub fn count(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    tx.query_one("SELECT COUNT(*) FROM subjects", &[])?.int(0)
}
