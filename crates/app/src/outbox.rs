//! Letters on their way: sealed jobs that are opened only when they are sent or read by an operator, and
//! only after the gate was asked again.
//!
//! A letter's body names no person and no value; the address is opened from the vault at the last moment.
//! Legal notices go at least once under a stable Message-ID (RELIABILITY §2).
//!
//! Clauses: C4.3, C7, C8.4, C8.8, C11.4.

use std::sync::Arc;

use model::{
    CategoryCode, EntryKind, Instant, JobId, Locale, Operation, Private, ProcessingContext, PurposeId, RecordId,
    Sealed, SubjectId,
};
use serde_json::json;
use store::tables::{jobs, keyrings, subjects};

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
/// Jobs taken at once.
const CLAIM_MAX: u32 = 32;

/// A letter drafted and sealed before its transaction.
#[derive(Clone)]
pub(crate) struct MailDraft {
    row: jobs::Row,
}

impl MailDraft {
    /// The job row under the subject's epoch of this transaction.
    pub fn job(&self, epoch: u32) -> jobs::Row {
        jobs::Row { epoch, ..self.row.clone() }
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Payload {
    template: String,
    locale: Locale,
    variables: Vec<(String, String)>,
}

/// Drafts a letter to this person under a purpose.
pub(crate) fn draft(
    app: &App,
    ctx: &ProcessingContext,
    keyring: &mut vault::Keyring,
    template: &str,
    secrets: &[(&str, &Private<String>)],
    purpose: PurposeId,
) -> Result<MailDraft, Failure> {
    let base = &app.settings().base_url;
    let mut variables = vec![
        ("company".to_owned(), app.policy().controller().name(ctx.locale).to_owned()),
        ("link".to_owned(), format!("{base}/{}/account", ctx.locale)),
    ];
    for (name, value) in secrets {
        variables.push(((*name).to_owned(), value.expose().clone()));
    }
    let text = json!(Payload { template: template.to_owned(), locale: ctx.locale, variables }).to_string();
    let record = held::record(ctx.at, app);
    let sealed =
        keyring.seal(code::CORRESPONDENCE, record, PAYLOAD_VERSION, &Private::new(text), app.entropy())?;
    let id = JobId::new(ctx.at, app.entropy());
    let mut row = jobs::Row::new(id, keyring.subject(), 0, MAIL, ctx.at, ctx.at);
    row.purpose = Some(purpose);
    row.payload = Some(sealed);
    row.record = Some(record);
    Ok(MailDraft { row })
}

/// A waiting letter as an operator reads it.
pub struct Waiting {
    /// The job.
    pub job: JobId,
    /// Since when.
    pub since: Instant,
    /// Its state: `waiting`, `claimed`, `failed`.
    pub status: String,
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
    app.require(ctx, "mail-outbox")?;
    let rows = app.store().read(|tx| jobs::list(tx, MAIL, CLAIM_MAX * 4))?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let letter = match open(app, ctx, &row) {
            Ok(letter) => Some(letter),
            Err(Failure::Store(fault)) => return Err(fault.into()),
            Err(_) => None,
        };
        waiting.push(Waiting { job: row.job, since: row.created_at, status: row.status, attempts: row.attempts, letter });
    }
    Ok(waiting)
}

/// Opens a letter: the gate is asked now, not when it was written.
fn open(app: &App, ctx: &ProcessingContext, row: &jobs::Row) -> Result<Addressed, Failure> {
    let (Some(record), Some(sealed)) = (row.record, &row.payload) else { return Err(Failure::NotFound) };
    let subject = row.subject;
    let held = app.hold(subject)?;
    let purpose = row.purpose.unwrap_or(code::RIGHTS);
    let categories = app.category_set(&[code::EMAIL, code::CORRESPONDENCE])?;
    let query = app.query(ctx, purpose, categories, Operation::Use);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::Use, None)?;
    let inner = app.clone();
    let witnessed = app
        .store()
        .write(move |tx| {
            let Some(facts) = subjects::facts(tx, subject)? else { return Ok(Err(Vec::new())) };
            drafts.decide(&inner, tx, &facts, &query)
        })?
        .map_err(Failure::Refused)?;
    let payload = open_payload(app, &witnessed, &held.keyring, record, sealed)?;
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
        .render(payload.locale, &payload.template, &payload.variables)
        .ok_or(Failure::Conflict("no-template"))?;
    Ok(Addressed {
        to,
        from: app.settings().mail_from.clone(),
        letter,
        message_id: format!("<{}@{}>", row.job, host_of(&app.settings().base_url)),
        locale: payload.locale,
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

/// Runs the jobs that are due: letters (when a transport is there) and destructions. Returns how many.
///
/// # Errors
/// Faults of the store; the jobs stay and are claimed again after their lease.
pub fn run_due(app: &App, transport: Option<&dyn Transport>) -> Result<usize, Failure> {
    let mut done = 0;
    let kinds: Vec<&'static str> =
        if transport.is_some() { vec![MAIL, crate::retention::DESTROY_UNNEEDED] } else { vec![crate::retention::DESTROY_UNNEEDED] };
    let now = app.now();
    let claimed = app.store().write(move |tx| {
        let mut rows = Vec::new();
        for kind in &kinds {
            rows.extend(jobs::claim(tx, kind, now, CLAIM_MAX)?);
        }
        Ok(rows)
    })?;
    for row in claimed {
        match (row.kind.as_str(), transport) {
            (MAIL, Some(transport)) => deliver(app, transport, &row)?,
            _ => match crate::retention::destroy_unneeded(app, row.subject) {
                Ok(()) => finish(app, &row)?,
                Err(Failure::Store(fault)) => return Err(fault.into()),
                Err(_) => put_off(app, &row)?,
            },
        }
        done += 1;
    }
    Ok(done)
}

fn deliver(app: &App, transport: &dyn Transport, row: &jobs::Row) -> Result<(), Failure> {
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
fn finish(app: &App, row: &jobs::Row) -> Result<(), Failure> {
    let (job, subject, record) = (row.job, row.subject, row.record);
    app.retry(|| {
        let closed = match record.map(|record| (record, app.hold(subject))) {
            Some((record, Ok(mut held))) => {
                held.keyring.destroy(record);
                Some(app.close(&mut held)?)
            }
            _ => None,
        };
        Ok(app.store().write(move |tx| {
            if let Some((wrapped, guard)) = &closed {
                guard.check(tx)?;
                keyrings::replace(tx, &held::row_of(wrapped))?;
            }
            jobs::finish(tx, job)
        })?)
    })
}

fn fail(app: &App, row: &jobs::Row) -> Result<(), Failure> {
    let job = row.job;
    Ok(app.store().write(move |tx| jobs::fail(tx, job))?)
}

/// Puts the job off: a minute, then twice as long each time, at most a few hours.
fn put_off(app: &App, row: &jobs::Row) -> Result<(), Failure> {
    const FIRST_SECONDS: i64 = 60;
    const DOUBLINGS_MAX: u32 = 8;
    let wait = FIRST_SECONDS << row.attempts.min(DOUBLINGS_MAX);
    let due_at = app.now().plus_seconds(wait);
    let job = row.job;
    Ok(app.store().write(move |tx| jobs::put_off(tx, job, due_at))?)
}

/// How many letters wait: for metrics and `doctor`.
///
/// # Errors
/// Faults of the store.
pub fn count(app: &App) -> Result<u64, Failure> {
    Ok(app.store().read(|tx| jobs::count(tx, MAIL))?)
}
