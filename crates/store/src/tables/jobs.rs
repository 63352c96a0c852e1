//! Slow or outgoing work, enqueued in the transaction that decided it.
//!
//! Invariant: a job with an epoch is claimed only while it equals the subject's consent epoch, read in the
//! same transaction: after a withdrawal is acknowledged nothing new leaves (DESIGN §2a).
//!
//! Clauses: C6.1, C17.

use model::{Instant, JobId, RecordId, Sealed, SubjectId};

use crate::value::Row;
use crate::{Fault, Lock, Tx, params};

/// What `subject_id` holds for work about nobody.
const NOBODY: SubjectId = SubjectId::from_bytes([0; 16]);

/// The kind of a letter that outlives its person: its `subject` is nobody's id with a keyring of its own.
pub const LAST_LETTER: &str = "last-letter";
/// The kind of the job that destroys a last letter's key when its end has come.
pub const LAST_LETTER_END: &str = "last-letter-end";

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStatus {
    /// Waiting for its time.
    Waiting,
    /// Taken by a worker; after a crash, nobody knows whether it was carried out.
    Claimed,
    /// Carried out.
    Done,
    /// Given up.
    Failed,
    /// Stopped before it was claimed.
    Cancelled,
}

impl JobStatus {
    const ALL: [Self; 5] = [Self::Waiting, Self::Claimed, Self::Done, Self::Failed, Self::Cancelled];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub job: JobId,
    /// Whom it is about, if one.
    pub subject: Option<SubjectId>,
    /// The consent epoch it was decided in; `None` when no withdrawal stops it (notices the law demands).
    pub epoch: Option<u32>,
    /// What is to be done: a code of `app`.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Not before this instant.
    pub due_at: Instant,
    /// How often it was claimed.
    pub attempts: u32,
    /// What it needs, sealed.
    pub payload: Sealed,
    /// The record whose key seals the payload.
    pub record: Option<RecordId>,
    /// The template of the message; empty when it is none.
    pub template: String,
    /// The language of the message; empty when it is none.
    pub locale: String,
    /// The stable Message-ID; empty when it is none.
    pub message_id: String,
}

const fn key(subject: Option<SubjectId>) -> SubjectId {
    match subject {
        Some(subject) => subject,
        None => NOBODY,
    }
}

fn job_of(mut row: Row) -> Result<Job, Fault> {
    let status = row.text(4)?;
    Ok(Job {
        subject: Some(row.id(0)?).filter(|subject| *subject != NOBODY),
        job: row.id(1)?,
        epoch: row.opt_int(2)?,
        status: JobStatus::ALL
            .into_iter()
            .find(|known| known.code() == status)
            .ok_or(Fault::Corrupt("job status"))?,
        kind: row.take_text(3)?,
        due_at: row.instant(5)?,
        attempts: row.int(6)?,
        payload: Sealed::from_bytes(row.take_bytes(7)?),
        record: row.opt_id(8)?,
        template: row.take_text(9)?,
        locale: row.take_text(10)?,
        message_id: row.take_text(11)?,
    })
}

/// Enqueues a job.
pub fn enqueue(tx: &mut Tx<'_>, job: &Job) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO jobs (subject_id, job_id, epoch, kind, status, due_at, attempts, payload, record_id,
         template, locale, message_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            &key(job.subject),
            &job.job,
            job.epoch,
            &job.kind,
            job.status.code(),
            job.due_at,
            job.attempts,
            job.payload.as_bytes(),
            job.record.as_ref(),
            &job.template,
            &job.locale,
            &job.message_id
        ],
    )
}

/// Claims up to `limit` jobs of a kind that are due, oldest first; jobs of an older consent epoch or of a subject that
/// no longer stands are cancelled instead. What is given back is claimed, each by this caller alone.
pub fn claim(tx: &mut Tx<'_>, kind: &str, now: Instant, limit: u32) -> Result<Vec<Job>, Fault> {
    let rows = tx.query_locked(
        "SELECT subject_id, job_id, epoch, kind, status, due_at, attempts, payload, record_id, template, locale,
                message_id
         FROM jobs WHERE status = 'waiting' AND due_at <= ?1 AND kind = ?3 ORDER BY due_at LIMIT ?2",
        params![now, limit, kind],
        Lock::Free,
    )?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let mut job = job_of(row)?;
        if take(tx, &mut job)? {
            claimed.push(job);
        }
    }
    Ok(claimed)
}

/// Whether a job of this kind waits and is due.
pub fn is_due(tx: &mut Tx<'_>, kind: &str, now: Instant) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM jobs WHERE status = 'waiting' AND due_at <= ?1 AND kind = ?2 LIMIT 1";
    Ok(tx.query_opt(sql, params![now, kind])?.is_some())
}

/// Claims one waiting job whatever its time; `None` when it is not waiting, or the fence cancelled it.
pub fn claim_one(tx: &mut Tx<'_>, subject: Option<SubjectId>, job: JobId) -> Result<Option<Job>, Fault> {
    let Some(mut found) = fetch(tx, subject, job)? else { return Ok(None) };
    if found.status != JobStatus::Waiting {
        return Ok(None);
    }
    Ok(take(tx, &mut found)?.then_some(found))
}

/// Marks a waiting job as claimed, or as cancelled when its consent epoch is over. The subject's row is held until the
/// claim is committed, so that a withdrawal is either seen here or acknowledged only after it.
fn take(tx: &mut Tx<'_>, job: &mut Job) -> Result<bool, Fault> {
    let is_current = match (job.epoch, job.subject) {
        (Some(decided), Some(subject)) => super::subjects::facts(tx, subject)?
            .is_some_and(|facts| facts.epoch == decided && facts.status == model::SubjectStatus::Live),
        _ => true,
    };
    let to = if is_current { JobStatus::Claimed } else { JobStatus::Cancelled };
    tx.execute_one(
        "UPDATE jobs SET status = ?3, attempts = attempts + ?4
         WHERE subject_id = ?1 AND job_id = ?2 AND status = 'waiting'",
        params![&key(job.subject), &job.job, to.code(), is_current],
    )?;
    job.status = to;
    job.attempts += u32::from(is_current);
    Ok(is_current)
}

/// One job.
pub fn fetch(tx: &mut Tx<'_>, subject: Option<SubjectId>, job: JobId) -> Result<Option<Job>, Fault> {
    tx.query_opt_locked(
        "SELECT subject_id, job_id, epoch, kind, status, due_at, attempts, payload, record_id, template, locale,
         message_id FROM jobs WHERE subject_id = ?1 AND job_id = ?2",
        params![&key(subject), &job], Lock::Row)?
    .map(job_of)
    .transpose()
}

/// Ends a claimed job as `Done` or `Failed`; its payload is wiped.
pub fn finish(
    tx: &mut Tx<'_>,
    subject: Option<SubjectId>,
    job: JobId,
    status: JobStatus,
) -> Result<(), Fault> {
    let nothing: &[u8] = &[];
    tx.execute_one(
        "UPDATE jobs SET status = ?3, payload = ?4 WHERE subject_id = ?1 AND job_id = ?2 AND status = 'claimed'",
        params![&key(subject), &job, status.code(), nothing],
    )
}

/// Puts a claimed job back to wait until `due_at`.
pub fn retry(tx: &mut Tx<'_>, subject: Option<SubjectId>, job: JobId, due_at: Instant) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE jobs SET status = 'waiting', due_at = ?3
         WHERE subject_id = ?1 AND job_id = ?2 AND status = 'claimed'",
        params![&key(subject), &job, due_at],
    )
}

/// Cancels every waiting job of a subject that carries an epoch; gives how many.
pub fn cancel_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<usize, Fault> {
    let nothing: &[u8] = &[];
    tx.execute(
        "UPDATE jobs SET status = 'cancelled', payload = ?2
         WHERE subject_id = ?1 AND status = 'waiting' AND epoch IS NOT NULL",
        params![&subject, nothing],
    )
}

/// Deletes every job of a subject; gives how many.
pub fn delete_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<usize, Fault> {
    tx.execute("DELETE FROM jobs WHERE subject_id = ?1", params![&subject])
}

/// Deletes up to `limit` jobs that ended before an instant; gives how many.
pub fn sweep(tx: &mut Tx<'_>, before: Instant, limit: u32) -> Result<usize, Fault> {
    tx.execute(
        "DELETE FROM jobs WHERE (subject_id, job_id) IN (SELECT subject_id, job_id FROM jobs
         WHERE status IN ('done', 'failed', 'cancelled') AND due_at < ?1 LIMIT ?2)",
        params![before, limit],
    )
}

/// Jobs of one status in the order of their time, for the outbox page and for recovery after a crash.
pub fn list(tx: &mut Tx<'_>, status: JobStatus, limit: u32) -> Result<Vec<Job>, Fault> {
    tx.query_all(
        "SELECT subject_id, job_id, epoch, kind, status, due_at, attempts, payload, record_id, template, locale,
         message_id FROM jobs WHERE status = ?1 ORDER BY due_at LIMIT ?2",
        params![status.code(), limit],
    )?
    .into_iter()
    .map(job_of)
    .collect()
}

/// Every job of a subject, oldest first.
pub fn list_by_subject(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Job>, Fault> {
    tx.query_all(
        "SELECT subject_id, job_id, epoch, kind, status, due_at, attempts, payload, record_id, template, locale,
         message_id FROM jobs WHERE subject_id = ?1 ORDER BY job_id",
        params![&subject],
    )?
    .into_iter()
    .map(job_of)
    .collect()
}
