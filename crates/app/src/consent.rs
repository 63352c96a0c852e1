//! Consent: given with a submission, shown, withdrawn whole or in part; an append-only chain of events.
//!
//! A withdrawal is a fence: the epoch grows and waiting effects are cancelled in the same transaction,
//! so that after its commit nothing new leaves for an ended purpose (RELIABILITY §2).
//!
//! Clauses: C4, C6, C17.2, C17.5.

mod further;

pub use further::{Further, Given, give};

use model::{
    ConsentEvent, ConsentEventKind, ConsentId, ConsentStatus, EntryId, EntryKind, Instant, Operation,
    OperationSet, Part, ProcessingContext, PurposeId, ReceiptId, SubjectFacts, SubjectId, WithdrawalId,
    Witness as _,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::tables::consent_events::{self, ConsentEventRow};
use store::tables::consents::{self, Consent};
use store::tables::fence_journal::{self, Fence, FenceKind};
use store::tables::{jobs, receipts, subjects};

use crate::look::{Values, look};
use crate::receipt::{self, Unplaced};
use crate::{App, Failure, code, failure::violation, held, paging};

/// A consent record as shown to the person and over the API.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ConsentView {
    /// Its id.
    pub consent_id: ConsentId,
    /// When it was given.
    pub given_at: Instant,
    /// What stood on the page: notice, form, button, language, channel; no values.
    pub record: serde_json::Value,
    /// Each purpose asked for, with its status now.
    pub purposes: Vec<PurposeView>,
    /// The chain of events, oldest first.
    pub events: Vec<EventView>,
    /// The receipt made when it was given.
    pub receipt_id: Option<ReceiptId>,
}

/// One purpose of a consent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct PurposeView {
    /// Which.
    pub purpose: PurposeId,
    /// Its status now.
    pub status: ConsentStatus,
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
    /// Operations withdrawn while the rest lives.
    pub withdrawn_operations: Vec<&'static str>,
}

/// One link of the chain.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EventView {
    /// What happened.
    pub kind: &'static str,
    /// To which purposes.
    pub purposes: Vec<PurposeId>,
    /// When.
    pub at: Instant,
}

/// What to withdraw.
#[derive(Clone, Debug, Default)]
pub struct Withdrawal {
    /// Only these purposes; all of the consent's when empty.
    pub purposes: Vec<PurposeId>,
    /// Only these parts; everything when empty.
    pub parts: Vec<Part>,
}

/// A withdrawal that is done.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Withdrawn {
    /// Its id.
    pub withdrawal_id: WithdrawalId,
    /// The receipt file, unless its entry waits for integration.
    pub receipt: Option<String>,
    /// The receipt's id.
    pub receipt_id: ReceiptId,
    /// The purposes that ended by it.
    pub purposes: Vec<PurposeId>,
    /// When data that no purpose needs any more will have been destroyed, if any.
    pub destroyed_by: Option<Instant>,
}

pub(crate) fn hash(event: &ConsentEvent) -> [u8; 32] {
    Sha256::digest(event.canonical().as_bytes()).into()
}

/// A subject's consents, newest first, with the status of each purpose now.
///
/// # Errors
/// Not found, erased, or refused by the gate.
pub fn list(app: &App, ctx: &ProcessingContext, subject: SubjectId) -> Result<Vec<ConsentView>, Failure> {
    Ok(page(app, ctx, subject, None, u32::MAX)?.0)
}

/// A page of a subject's consents, newest first, older than `before`; and the last of the page, if more follow.
///
/// # Errors
/// As [`list`].
pub fn page(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    before: Option<ConsentId>,
    limit: u32,
) -> Result<(Vec<ConsentView>, Option<ConsentId>), Failure> {
    let none = Values::Of(policy::CategorySet::EMPTY);
    let wanted = paging::wanted(limit);
    let mut look = look(app, ctx, subject, code::RIGHTS, none, move |tx| rows(tx, subject, before, wanted))?;
    let next = paging::cut(&mut look.read, limit, |row| row.consent.consent);
    Ok((look.read.iter().map(|row| row.view(&look.facts, ctx.at)).collect(), next))
}

/// A consent with its events.
pub(crate) struct Chain {
    consent: Consent,
    events: Vec<ConsentEvent>,
}

impl Chain {
    pub fn view(&self, facts: &SubjectFacts, at: Instant) -> ConsentView {
        view(facts, &self.consent, &self.events, at)
    }
}

/// Consents with their events, newest first, older than `before`.
pub(crate) fn rows(
    tx: &mut store::Tx<'_>,
    subject: SubjectId,
    before: Option<ConsentId>,
    limit: u32,
) -> Result<Vec<Chain>, store::Fault> {
    consents::page(tx, subject, before, limit)?
        .into_iter()
        .map(|consent| Ok(Chain { events: events(tx, subject, consent.consent)?, consent }))
        .collect()
}

fn view(facts: &SubjectFacts, row: &Consent, events: &[ConsentEvent], at: Instant) -> ConsentView {
    let record: serde_json::Value = serde_json::from_str(&row.record).unwrap_or_default();
    let mut purposes: Vec<PurposeView> = Vec::new();
    for event in events {
        for &purpose in &event.purposes {
            if purposes.iter().any(|seen| seen.purpose == purpose) {
                continue;
            }
            let fact = facts.consent(purpose).filter(|fact| fact.consent == row.consent);
            let status = match (event.kind, fact) {
                (ConsentEventKind::Refused, _) => ConsentStatus::Refused,
                (_, Some(fact)) => fact.status(at),
                // A newer consent to the same purpose took its place.
                (_, None) => ConsentStatus::Expired,
            };
            purposes.push(PurposeView {
                purpose,
                status,
                expires_at: fact.and_then(|fact| fact.expires_at),
                withdrawn_operations: fact.map_or_else(Vec::new, |fact| names(fact.withdrawn)),
            });
        }
    }
    ConsentView {
        consent_id: row.consent,
        given_at: row.given_at,
        record,
        purposes,
        events: events
            .iter()
            .map(|event| EventView {
                kind: event.kind.code(),
                purposes: event.purposes.clone(),
                at: event.at,
            })
            .collect(),
        receipt_id: receipt_of(row),
    }
}

/// The events of a consent, oldest first.
pub(crate) fn events(
    tx: &mut store::Tx<'_>,
    subject: SubjectId,
    consent: ConsentId,
) -> Result<Vec<ConsentEvent>, store::Fault> {
    Ok(consent_events::list(tx, subject, consent)?.into_iter().map(|row| row.event).collect())
}

fn receipt_of(row: &Consent) -> Option<ReceiptId> {
    let record: serde_json::Value = serde_json::from_str(&row.record).ok()?;
    record["receipt_id"].as_str()?.parse().ok()
}

fn names(operations: OperationSet) -> Vec<&'static str> {
    Operation::ALL.into_iter().filter(|&one| operations.contains(one)).map(Operation::code).collect()
}

/// Whose consent it is.
///
/// # Errors
/// Not found.
pub fn subject_of(app: &App, consent: ConsentId) -> Result<SubjectId, Failure> {
    app.store().read(move |tx| consents::subject_of(tx, consent))?.ok_or(Failure::NotFound)
}

/// Renders the receipt of a consent.
///
/// # Errors
/// Not found, erased, or refused by the gate.
pub fn receipt(app: &App, ctx: &ProcessingContext, consent: ConsentId) -> Result<String, Failure> {
    let subject = subject_of(app, consent)?;
    let row = app.store().read(move |tx| consents::fetch(tx, subject, consent))?.ok_or(Failure::NotFound)?;
    receipt::render(app, ctx, receipt_of(&row).ok_or(Failure::NotFound)?)
}

/// Withdraws a consent, whole or in part, at once.
///
/// Never refused for want of room on the disk (the protected lane), and never refused by the gate to the
/// person himself; what the law lets a controller keep is a matter of C17.5 and of the erasure that follows.
///
/// # Errors
/// Not found, erased; `purpose-unknown` for a purpose that the consent does not hold.
pub fn withdraw(
    app: &App,
    ctx: &ProcessingContext,
    consent: ConsentId,
    what: &Withdrawal,
) -> Result<Withdrawn, Failure> {
    let subject = subject_of(app, consent)?;
    if !held::may_exercise_rights(app, ctx, subject, Operation::Restriction) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    held::retry(|| withdraw_once(app, ctx, subject, consent, what))
}

fn withdraw_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    consent: ConsentId,
    what: &Withdrawal,
) -> Result<Withdrawn, Failure> {
    let mut held = app.hold(subject)?;
    let purposes: Vec<PurposeId> = if what.purposes.is_empty() {
        held.facts
            .consents
            .iter()
            .filter(|fact| fact.consent == consent && fact.is_live(ctx.at))
            .map(|fact| fact.purpose)
            .collect()
    } else {
        what.purposes.clone()
    };
    for purpose in &purposes {
        if held.facts.consent(*purpose).is_none_or(|fact| fact.consent != consent) {
            return Err(Failure::Refused(vec![
                violation("purpose-unknown", "C6.1").of_field(purpose.as_str().to_owned()),
            ]));
        }
    }
    let operations = what.parts.iter().fold(OperationSet::EMPTY, |set, part| {
        OperationSet::from_bits(set.bits() | part.operations().bits())
    });
    let whole = what.parts.is_empty() || operations == OperationSet::ALL;
    let operations = if whole { OperationSet::ALL } else { operations };

    let withdrawal_id = WithdrawalId::new(ctx.at, app.entropy());
    let receipt_id = ReceiptId::new(ctx.at, app.entropy());
    let destroyed_by = whole
        .then(|| crate::retention::destroyed_by(app, ctx.at))
        .filter(|_| crate::retention::leaves_unneeded(app, &held, &purposes, ctx.at));
    let mut body = receipt::frame(app, "WithdrawalReceipt", receipt_id, ctx);
    body["withdrawal_id"] = json!(withdrawal_id);
    body["consent_record_id"] = json!(consent);
    body["pii_principal_id"] = json!(subject);
    body["purposes"] = json!(purposes);
    body["operations"] = json!(if whole { vec!["all"] } else { names(operations) });
    body["actor"] = json!(ctx.actor.role);
    body["effect"] = json!({
        "stopped_at": ctx.at,
        "destroyed_by": destroyed_by,
        "clause": "C17.2"
    });
    let unplaced = Unplaced::new(app, receipt_id, "withdrawal", &body);
    let entry_id = EntryId::new(ctx.at, app.entropy());
    let entry = model::Entry {
        id: entry_id,
        at: ctx.at,
        kind: EntryKind::Withdrawal,
        purpose: (purposes.len() == 1).then(|| purposes[0]),
        categories: Vec::new(),
        actor: ctx.actor,
        clause: crate::failure::clause_id("C17.2"),
        recipient: None,
        subjects: 1,
        payload: Some(unplaced.payload()),
        note: None,
    };
    let receipt_record = held::record(ctx.at, app);
    let receipt_row = unplaced.seal(app, &mut held.keyring, receipt_record, entry_id)?;
    let line = app.line(&held.keyring, entry)?;
    let mail = if held.values().any(|(_, value)| value.category == code::EMAIL) {
        Some(crate::outbox::draft(app, ctx, &mut held.keyring, "withdrawal-done", &[], code::RIGHTS, 0)?)
    } else {
        None
    };
    let closed = app.close(&held)?;
    let job = destroyed_by.map(|_| crate::retention::job(app, subject, ctx.at));
    let at = ctx.at;
    let ended = purposes.clone();
    let appended = receipt::Appended::of(&line);
    let index = app.store().write_protected(move |tx| {
        closed.store(tx)?;
        let Some(mut facts) = subjects::facts(tx, subject)? else {
            return Err(store::Fault::Rollback(held::CHANGED));
        };
        let events = events(tx, subject, consent)?;
        let event = ConsentEvent {
            consent,
            number: u32::try_from(events.len()).unwrap_or(u32::MAX),
            kind: ConsentEventKind::Withdrawn,
            purposes: ended.clone(),
            operations,
            at,
            previous: events.last().map_or([0; 32], hash),
        };
        for &purpose in &ended {
            if let Some(mut fact) = facts.consent(purpose).copied() {
                if whole {
                    fact.ended = Some(ConsentEventKind::Withdrawn);
                } else {
                    fact.withdrawn = OperationSet::from_bits(fact.withdrawn.bits() | operations.bits());
                }
                facts.set_consent(fact);
            }
        }
        // The fence: nothing that was queued under the old epoch may be claimed after this commit.
        facts.epoch += 1;
        subjects::set_facts(tx, &facts)?;
        let detail = fence_detail(&event);
        consent_events::insert(tx, &ConsentEventRow { subject, event, entry: Some(entry_id) })?;
        fence_journal::insert(
            tx,
            &Fence { kind: FenceKind::Withdrawal, subject, at, facts: Some(facts.clone()), detail },
        )?;
        receipts::insert(tx, &receipt_row)?;
        for job in job.iter().chain(&mail) {
            jobs::enqueue(tx, job)?;
        }
        tx.append(line.clone())?;
        Ok(tx.last_index())
    })?;
    let receipt = receipt::placed(app, unplaced, appended, index)?;
    Ok(Withdrawn { withdrawal_id, receipt, receipt_id, purposes, destroyed_by })
}

/// What the fence journal keeps, enough to repeat the withdrawal after a restore.
fn fence_detail(event: &ConsentEvent) -> String {
    json!({
        "consent": event.consent,
        "purposes": event.purposes,
        "operations": event.operations.bits(),
    })
    .to_string()
}
