//! The last letter: tells a person that an erasure is done, when the address it goes to is gone already.
//!
//! Before the shred the proven address is opened once, for this one use, and sealed anew as the payload of a
//! job about nobody we know: a fresh id with a keyring of its own, in the bucket place that the erased keyring
//! leaves. It stands in the erasure's own transaction. When the letter is sent or refused for good, or at the
//! end given by `retention.toml`, that keyring and the job are destroyed and the bucket is marked, so that
//! copies of the key die with the key epoch, exactly as those of an erased person.
//!
//! Invariants: no proven e-mail, no way to send, or no rule in the policy: no letter and nothing kept. No
//! operator reads it: it is opened for sending only. A letter never stops an erasure.
//!
//! Clauses: C10.7, C17.2, C17.3; CLAUSES "After an erasure".

use model::{
    EntryId, EntryKind, ErasureId, Instant, JobId, Locale, Operation, Private, ProcessingContext, Sealed,
    SubjectFacts, SubjectId, Witness as _,
};
use policy::{Decision, Draft};
use serde_json::json;
use store::tables::jobs::{self, Job, JobStatus, LAST_LETTER, LAST_LETTER_END};
use store::tables::key_buckets;
use store::tables::keyrings::{self, KeyringRow};
use store::tables::{consents, subjects};
use vault::{ValueRef, WrappedBucket};

use super::{Addressed, PAYLOAD_VERSION, Transport, Undelivered, host_of, put_off};
use crate::failure::clause_id;
use crate::held::{self, Held};
use crate::{App, Failure, code};

/// The template of the letter.
const TEMPLATE: &str = "erasure-done";

/// What the sealed payload holds.
#[derive(serde::Serialize, serde::Deserialize)]
struct Payload {
    to: String,
    variables: Vec<(String, String)>,
}

/// A last letter, sealed and ready to be written in the transaction of the erasure.
#[derive(Clone)]
pub(crate) struct LastLetter {
    bucket: WrappedBucket,
    keyring: KeyringRow,
    letter: Job,
    end: Job,
}

/// When the address set aside at this instant is destroyed at the latest; `None` where no letter is made.
pub(crate) fn kept_until(app: &App, held: &Held, at: Instant) -> Option<Instant> {
    let rule = app.policy().retention().last_letter.as_ref()?;
    let reachable = app.settings().smtp && proven_email(held).is_some();
    reachable.then(|| app.policy().period_ends_at(rule.period, at))
}

fn proven_email(held: &Held) -> Option<&store::tables::value_sets::StoredValue> {
    held.values()
        .map(|(_, value)| value)
        .filter(|value| value.category == code::EMAIL && value.proven)
        .max_by_key(|value| value.as_of)
}

/// Seals the address aside; `None` where no letter is made or the gate does not open the address now.
pub(crate) fn prepare(
    app: &App,
    ctx: &ProcessingContext,
    held: &Held,
    erasure: ErasureId,
    until: Instant,
) -> Result<Option<LastLetter>, Failure> {
    let Some(address) = proven_email(held) else { return Ok(None) };
    let locale = language(app, ctx, held.facts.subject)?;
    let system = app.system();
    let query = held::query(&system, code::RIGHTS, app.category_set(&[code::EMAIL])?, Operation::Use);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::Use, None)?;
    let (inner, subject) = (app.clone(), held.facts.subject);
    // Protected: on a full disk the erasure still comes with its letter.
    let witnessed = app.store().write_protected(move |tx| {
        let Some(facts) = subjects::facts(tx, subject)? else { return Ok(Err(Vec::new())) };
        drafts.decide(&inner, tx, &facts, &query)
    })?;
    let Ok(witnessed) = witnessed else { return Ok(None) };
    let reference = ValueRef { category: code::EMAIL, record: address.record, version: address.version };
    let to = app.vault().open(&witnessed, &held.keyring, &reference, &address.sealed)?;

    let base = &app.settings().base_url;
    let day = app.policy().calendar().almaty_date(ctx.at.micros()).to_string();
    let variables = vec![
        ("company".to_owned(), app.policy().controller().name.get(locale).to_owned()),
        ("link".to_owned(), format!("{base}/{locale}/receipts/verify")),
        ("date".to_owned(), day),
        ("number".to_owned(), erasure.to_string()),
    ];
    let text = Private::new(json!(Payload { to: to.expose().clone(), variables }).to_string());
    // Nobody's id: the job leads to no person, and no person leads to it.
    let addressee = SubjectId::new(ctx.at, app.entropy());
    let record = held::record(ctx.at, app);
    let mut keyring = app.vault().new_keyring(&held.bucket, addressee, app.entropy())?;
    let payload = keyring.seal(code::CORRESPONDENCE, record, PAYLOAD_VERSION, &text, app.entropy())?;
    let wrapped = app.vault().close_keyring(&held.bucket, &keyring, app.entropy())?;
    let id = JobId::new(ctx.at, app.entropy());
    let letter = Job {
        job: id,
        subject: Some(addressee),
        epoch: None,
        kind: LAST_LETTER.to_owned(),
        status: JobStatus::Waiting,
        due_at: ctx.at,
        attempts: 0,
        payload,
        record: Some(record),
        template: TEMPLATE.to_owned(),
        locale: locale.as_str().to_owned(),
        message_id: format!("<{id}@{}>", host_of(base)),
    };
    // The end stands in the data and not in the policy of some later day: the receipt has promised it.
    let end = Job {
        job: JobId::new(ctx.at, app.entropy()),
        kind: LAST_LETTER_END.to_owned(),
        due_at: until,
        payload: Sealed::from_bytes(Vec::new()),
        record: None,
        template: String::new(),
        locale: String::new(),
        message_id: String::new(),
        ..letter.clone()
    };
    Ok(Some(LastLetter { bucket: held.bucket.clone(), keyring: held::row_of(&wrapped), letter, end }))
}

/// The language to write in: that of the newest consent, since an erasure may be done by others.
fn language(app: &App, ctx: &ProcessingContext, subject: SubjectId) -> Result<Locale, Failure> {
    if held::is_self(ctx.actor.principal, subject) {
        return Ok(ctx.locale);
    }
    let rows = app.store().read(move |tx| consents::list(tx, subject))?;
    let known = rows.last().and_then(|row| {
        let record: serde_json::Value = serde_json::from_str(&row.record).ok()?;
        record["language"].as_str()?.parse().ok()
    });
    Ok(known.unwrap_or(ctx.locale))
}

impl LastLetter {
    /// Writes keyring and jobs; call it after the shred, whose keyring left the place in the bucket.
    pub(crate) fn store(&self, tx: &mut store::Tx<'_>) -> Result<(), store::Fault> {
        let bucket = key_buckets::fetch(tx, self.bucket.bucket)?;
        if bucket.is_none_or(|row| row.wrapped != self.bucket.wrapped) {
            return Err(store::Fault::Rollback(held::CHANGED));
        }
        keyrings::insert(tx, &self.keyring)?;
        jobs::enqueue(tx, &self.letter)?;
        jobs::enqueue(tx, &self.end)
    }
}

/// Sends the letter; afterwards its address is destroyed, unless it is to be tried again.
pub(super) fn deliver(app: &App, transport: &dyn Transport, row: &Job) -> Result<(), Failure> {
    match open(app, row) {
        Ok(addressed) => match transport.send(&addressed) {
            Ok(()) => destroy(app, row, "letter-sent"),
            Err(Undelivered::Later(_)) => put_off(app, row),
            Err(Undelivered::Never(_)) => destroy(app, row, "letter-given-up"),
        },
        Err(Failure::Store(fault)) => Err(fault.into()),
        Err(_) => destroy(app, row, "letter-given-up"),
    }
}

/// The end has come and the letter is not sent: its address is destroyed all the same.
pub(super) fn give_up(app: &App, row: &Job) -> Result<(), Failure> {
    destroy(app, row, "letter-given-up")
}

/// Opens the letter for sending: the gate is asked, and the log says that an address was used.
fn open(app: &App, row: &Job) -> Result<Addressed, Failure> {
    let (record, addressee) = row.record.zip(row.subject).ok_or(Failure::NotFound)?;
    let keyring = held::retry(|| {
        let read = app.store().read(move |tx| {
            let Some(keyring) = keyrings::fetch(tx, addressee)? else { return Ok(None) };
            Ok(key_buckets::fetch(tx, keyring.bucket)?.map(|bucket| (keyring, bucket)))
        })?;
        let (keyring, bucket) = read.ok_or(Failure::Gone)?;
        Ok(app.vault().open_keyring(&held::bucket_of(&bucket), &held::wrapped_of(&keyring))?)
    })?;
    let system = app.system();
    let categories = app.category_set(&[code::EMAIL, code::CORRESPONDENCE])?;
    let query = held::query(&system, code::RIGHTS, categories, Operation::Use);
    let id = EntryId::new(system.at, app.entropy());
    // No history: there is no person left to read it.
    let draft = Draft { id, kind: EntryKind::Use, payload: None, salt: app.salt(), history: Vec::new() };
    let inner = app.clone();
    let witnessed = app
        .store()
        .write(move |tx| {
            match policy::decide(inner.policy(), &SubjectFacts::new(addressee, false), &query) {
                Decision::Permit(grant) => Ok(Ok(grant.witness(inner.policy(), draft.clone(), tx)?)),
                Decision::Refuse(violations) => Ok(Err(violations)),
            }
        })?
        .map_err(Failure::Refused)?;
    let reference = ValueRef { category: code::CORRESPONDENCE, record, version: PAYLOAD_VERSION };
    let text = app.vault().open(&witnessed, &keyring, &reference, &row.payload)?;
    let payload: Payload = serde_json::from_str(text.expose())
        .map_err(|_| Failure::Keys("a letter's payload is damaged".into()))?;
    let locale: Locale = row.locale.parse().unwrap_or_default();
    let letter = app
        .wording()
        .render(locale, &row.template, &payload.variables)
        .ok_or(Failure::Conflict("no-template"))?;
    Ok(Addressed {
        to: Private::new(payload.to),
        from: app.settings().mail_from.clone(),
        letter,
        message_id: row.message_id.clone(),
        locale,
    })
}

/// Destroys the key of the address and everything about the letter, and says so in the log.
fn destroy(app: &App, row: &Job, note: &str) -> Result<(), Failure> {
    let Some(addressee) = row.subject else { return Ok(()) };
    let system = app.system();
    let line = app.bare_line(model::Entry {
        id: EntryId::new(system.at, app.entropy()),
        at: system.at,
        kind: EntryKind::Destruction,
        purpose: None,
        categories: vec![code::EMAIL],
        actor: system.actor,
        clause: clause_id("C10.7"),
        recipient: None,
        subjects: 1,
        payload: None,
        note: model::CategoryCode::new(note).ok(),
    });
    Ok(app.store().write_protected(move |tx| {
        // After a restore the key may be gone already: then only the rows are.
        if let Some(keyring) = keyrings::fetch(tx, addressee)? {
            keyrings::delete(tx, addressee)?;
            key_buckets::mark_dirty(tx, keyring.bucket)?;
        }
        jobs::delete_by_subject(tx, addressee)?;
        tx.append(line.clone())
    })?)
}
