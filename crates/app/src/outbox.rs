//! Letters on their way: sealed jobs that are opened only when they are sent or read by an operator, and
//! only after the gate was asked again.
//!
//! A letter's body names no person and no value; the address is opened from the vault at the last moment.
//! Legal notices go at least once under a stable Message-ID (RELIABILITY §2).
//!
//! Clauses: C4.3, C7, C8.4, C8.8, C11.4.

pub(crate) mod last;

use std::sync::Arc;

use model::{
    EntryKind, Instant, JobId, Locale, Operation, Private, ProcessingContext, PurposeId, RecordId, Sealed,
};
use policy::Ability;
use serde_json::json;
use store::Tx;
use store::tables::jobs::{self, Job, JobStatus, LAST_LETTER, LAST_LETTER_END};
use store::tables::subjects;

use crate::{App, Failure, code, held};

/// Renders the letters of `assets/i18n` in three languages; given by `server`.
pub trait Letters: Send + Sync {
    /// Subject and body of a template, or `None` when there is no such template.
    fn render(&self, locale: Locale, template: &str, variables: &[(String, String)]) -> Option<Letter>;
}

/// The wording of letters, shared.
pub type Wording = Arc<dyn Letters>;

/// A letter without its address.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// A letter ready to leave.
pub struct Addressed {
    /// To whom.
    pub to: Private<String>,
    /// From whom.
    pub from: String,
    /// What it says.
    pub letter: Letter,
    /// The same at each attempt, so that a repeated letter is seen as one.
    pub message_id: String,
    /// Its language.
    pub locale: Locale,
}

/// What carries letters away: `courier` over SMTP.
pub trait Transport: Send + Sync {
    /// Hands the letter over.
    ///
    /// # Errors
    /// [`Undelivered::Later`] to try again, [`Undelivered::Never`] when the receiver refused for good.
    fn send(&self, letter: &Addressed) -> Result<(), Undelivered>;
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// Try again later; a short code without personal data.
    #[error("not delivered yet: {0}")]
    Later(String),
    /// The receiver refused for good.
    #[error("refused for good: {0}")]
    Never(String),
}

/// The kind of letter jobs.
pub(crate) const MAIL: &str = "mail";
/// Version of the sealed payload record.
const PAYLOAD_VERSION: u32 = 1;
/// Waiting jobs looked at, at most.
const LIST_MAX: u32 = 1_000;
/// Jobs taken at once.
const CLAIM_MAX: u32 = 32;

#[derive(serde::Serialize, serde::Deserialize)]
struct Payload {
    purpose: PurposeId,
    variables: Vec<(String, String)>,
}

/// Drafts and seals a letter to this person. One for the duty `rights` is stopped by no withdrawal; any other
/// carries the consent epoch it was decided in.
pub(crate) fn draft(
    app: &App,
    ctx: &ProcessingContext,
    keyring: &mut vault::Keyring,
    template: &str,
    secrets: &[(&str, &Private<String>)],
    purpose: PurposeId,
    epoch: u32,
) -> Result<Job, Failure> {
    let base = &app.settings().base_url;
    let mut variables = vec![
        ("company".to_owned(), app.policy().controller().name.get(ctx.locale).to_owned()),
        ("link".to_owned(), format!("{base}/{}/account", ctx.locale)),
    ];
    for (name, value) in secrets {
        variables.push(((*name).to_owned(), value.expose().clone()));
    }
    let text = json!(Payload { purpose, variables }).to_string();
    let record = held::record(ctx.at, app);
    let sealed =
        keyring.seal(code::CORRESPONDENCE, record, PAYLOAD_VERSION, &Private::new(text), app.entropy())?;
    let id = JobId::new(ctx.at, app.entropy());
    Ok(Job {
        job: id,
        subject: Some(keyring.subject()),
        epoch: (purpose != code::RIGHTS).then_some(epoch),
        kind: MAIL.to_owned(),
        status: JobStatus::Waiting,
        due_at: ctx.at,
        attempts: 0,
        payload: sealed,
        record: Some(record),
        template: template.to_owned(),
        locale: ctx.locale.as_str().to_owned(),
        message_id: format!("<{id}@{}>", host_of(base)),
    })
}

/// A waiting letter as an operator reads it.
pub struct Waiting {
    /// The job.
    pub job: JobId,
    /// When it is due.
    pub due_at: Instant,
    /// Attempts so far.
    pub attempts: u32,
    /// The letter with its address; `None` when the gate refused to open it.
    pub letter: Option<Addressed>,
}

/// The waiting letters, opened for the operator who may see them; each opening is logged.
///
/// # Errors
/// The role's refusal; faults of the store.
pub fn list(app: &App, ctx: &ProcessingContext) -> Result<Vec<Waiting>, Failure> {
    app.require(ctx, Ability::MailOutbox)?;
    let rows = app.store().read(|tx| jobs::list(tx, JobStatus::Waiting, LIST_MAX))?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.kind == MAIL) {
        let letter = match open(app, ctx, &row) {
            Ok(letter) => Some(letter),
            Err(Failure::Store(fault)) => return Err(fault.into()),
            Err(_) => None,
        };
        waiting.push(Waiting { job: row.job, due_at: row.due_at, attempts: row.attempts, letter });
    }
    Ok(waiting)
}

/// Opens a letter: the gate is asked now, not when it was written.
fn open(app: &App, ctx: &ProcessingContext, row: &Job) -> Result<Addressed, Failure> {
    let (Some(record), Some(subject)) = (row.record, row.subject) else { return Err(Failure::NotFound) };
    let held = app.hold(subject)?;
    // A letter with an epoch serves a consented purpose, named in its payload and checked below.
    let purpose = code::RIGHTS;
    let categories = app.category_set(&[code::EMAIL, code::CORRESPONDENCE])?;
    let query = held::query(ctx, purpose, categories, Operation::Use);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::Use, None)?;
    let inner = app.clone();
    let witnessed = app
        .store()
        .write(move |tx| {
            let Some(facts) = subjects::facts(tx, subject)? else { return Ok(Err(Vec::new())) };
            drafts.decide(&inner, tx, &facts, &query)
        })?
        .map_err(Failure::Refused)?;
    let payload = open_payload(app, &witnessed, &held.keyring, record, &row.payload)?;
    if payload.purpose != code::RIGHTS && !held.facts.is_consented(payload.purpose, ctx.at) {
        return Err(Failure::violation("consent-missing", "C6.1"));
    }
    let locale: Locale = row.locale.parse().unwrap_or_default();
    let address = held
        .values()
        .map(|(_, value)| value)
        .filter(|value| value.category == code::EMAIL)
        .max_by_key(|value| value.as_of)
        .ok_or(Failure::Conflict("no-channel"))?;
    let reference =
        vault::ValueRef { category: code::EMAIL, record: address.record, version: address.version };
    let to = app.vault().open(&witnessed, &held.keyring, &reference, &address.sealed)?;
    let letter = app
        .wording()
        .render(locale, &row.template, &payload.variables)
        .ok_or(Failure::Conflict("no-template"))?;
    Ok(Addressed {
        to,
        from: app.settings().mail_from.clone(),
        letter,
        message_id: row.message_id.clone(),
        locale,
    })
}

fn open_payload(
    app: &App,
    witnessed: &policy::Witnessed<policy::Grant>,
    keyring: &vault::Keyring,
    record: RecordId,
    sealed: &Sealed,
) -> Result<Payload, Failure> {
    let reference = vault::ValueRef { category: code::CORRESPONDENCE, record, version: PAYLOAD_VERSION };
    let text = app.vault().open(witnessed, keyring, &reference, sealed)?;
    serde_json::from_str(text.expose()).map_err(|_| Failure::Keys("a letter's payload is damaged".into()))
}

fn host_of(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split([':', '/']).next().unwrap_or("localhost")
}

/// Runs the jobs that are due: letters (when a transport is there), as many as one look takes, and all destructions.
/// Returns how many.
///
/// # Errors
/// Faults of the store; the jobs stay and are claimed again after their lease.
pub fn run_due(app: &App, transport: Option<&dyn Transport>) -> Result<usize, Failure> {
    let mut done = crate::retention::run_due(app)?;
    let now = app.now();
    let kinds = match transport {
        Some(_) => &[MAIL, LAST_LETTER, LAST_LETTER_END][..],
        None => &[LAST_LETTER_END],
    };
    let is_due = |tx: &mut Tx<'_>| {
        kinds.iter().try_fold(false, |found, kind| Ok(found || jobs::is_due(tx, kind, now)?))
    };
    if !app.store().read(is_due)? {
        return Ok(done);
    }
    let claimed = app.store().write(move |tx| {
        let mut claimed = Vec::new();
        for kind in kinds {
            claimed.extend(jobs::claim(tx, kind, now, CLAIM_MAX)?);
        }
        Ok(claimed)
    })?;
    for row in claimed {
        match (row.kind.as_str(), transport) {
            (MAIL, Some(transport)) => deliver(app, transport, &row)?,
            (LAST_LETTER, Some(transport)) => last::deliver(app, transport, &row)?,
            _ => last::give_up(app, &row)?,
        }
        done += 1;
    }
    Ok(done)
}

fn deliver(app: &App, transport: &dyn Transport, row: &Job) -> Result<(), Failure> {
    match open(app, &app.system(), row) {
        Ok(addressed) => match transport.send(&addressed) {
            Ok(()) => finish(app, row),
            Err(Undelivered::Later(_)) => put_off(app, row),
            Err(Undelivered::Never(_)) => fail(app, row),
        },
        Err(Failure::Store(fault)) => Err(fault.into()),
        // The gate refuses now, or the person is gone: nothing leaves.
        Err(_) => fail(app, row),
    }
}

/// Takes the job away together with the key of its payload.
pub(crate) fn finish(app: &App, row: &Job) -> Result<(), Failure> {
    end(app, row, JobStatus::Done)
}

fn end(app: &App, row: &Job, status: JobStatus) -> Result<(), Failure> {
    let (job, subject) = (row.job, row.subject);
    held::retry(|| {
        let closed = match row.record.zip(subject).map(|(record, subject)| (record, app.hold(subject))) {
            Some((record, Ok(mut held))) => {
                held.keyring.destroy(record);
                Some(app.close(&held)?)
            }
            _ => None,
        };
        let outcome = app.store().write(move |tx| {
            if let Some(closed) = &closed {
                closed.store(tx)?;
            }
            jobs::finish(tx, subject, job, status)
        });
        match outcome {
            // The person was erased meanwhile, and the job with him.
            Err(store::Fault::Affected { .. } | store::Fault::Missing(_)) => Ok(()),
            other => Ok(other?),
        }
    })
}

fn fail(app: &App, row: &Job) -> Result<(), Failure> {
    end(app, row, JobStatus::Failed)
}

/// Puts the job off: a minute, then twice as long each time, at most a few hours.
pub(crate) fn put_off(app: &App, row: &Job) -> Result<(), Failure> {
    const FIRST_SECONDS: i64 = 60;
    const DOUBLINGS_MAX: u32 = 8;
    let wait = FIRST_SECONDS << row.attempts.min(DOUBLINGS_MAX);
    let due_at = app.now().plus_seconds(wait);
    let (job, subject) = (row.job, row.subject);
    Ok(app.store().write(move |tx| jobs::retry(tx, subject, job, due_at))?)
}

/// How many letters wait: for metrics and `doctor`.
///
/// # Errors
/// Faults of the store.
pub fn count(app: &App) -> Result<usize, Failure> {
    let rows = app.store().read(|tx| jobs::list(tx, JobStatus::Waiting, LIST_MAX))?;
    Ok(rows.iter().filter(|row| is_letter(row)).count())
}

fn is_letter(job: &Job) -> bool {
    job.kind == MAIL || job.kind == LAST_LETTER
}

/// Jobs that a crash left claimed are claimed again: all letters so far are legal notices, sent at least once.
///
/// # Errors
/// Faults of the store.
pub fn recover(app: &App) -> Result<usize, Failure> {
    let now = app.now();
    Ok(app.store().write(move |tx| {
        let left = jobs::list(tx, JobStatus::Claimed, LIST_MAX)?;
        for row in &left {
            jobs::retry(tx, row.subject, row.job, now)?;
        }
        Ok(left.len())
    })?)
}
