//! Erasure (уничтожение): stop, shred, tombstone and receipt in one bounded transaction; ciphertext rows
//! follow in small units.
//!
//! Order inside the transaction: fence (epoch, journal) → keyring gone → lookups, sessions, codes, secrets,
//! jobs gone → tombstone with keyed commitments → entry. After its commit no key of this person is left in
//! the live database; residues of wrapped keys die with the key epoch (DESIGN §2b), and the receipt says when.
//!
//! Clauses: C10.7, C11.6, C17.2–C17.4; L12.

use model::{
    CategoryCode, EntryId, EntryKind, ErasureId, Instant, ProcessingContext, ReceiptId, SubjectId,
    Witness as _,
};
use serde_json::json;
use store::tables::fence_journal::{Fence, FenceKind};
use store::tables::tombstones::{self, Tombstone};
use store::tables::{receipts, subjects};

use crate::failure::clause_id;
use crate::held;
use crate::outbox::last;
use crate::receipt::{self, Unplaced};
use crate::{App, Failure};

/// What will be destroyed, shown before the person decides.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Consequences {
    /// Categories held.
    pub categories: Vec<CategoryCode>,
    /// Live consents that end.
    pub consents: usize,
    /// Enquiries not yet finished: they can no longer be answered.
    pub open_enquiries: usize,
    /// What is kept, on which ground, until when.
    pub retained: Vec<Retained>,
}

/// What remains after an erasure.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Retained {
    /// What.
    pub what: String,
    /// On which legal ground.
    pub ground: String,
    /// Until when; `None` for log entries, which name no person.
    pub until: Option<Instant>,
    /// When the last copies of its key are dead, for what is kept under one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residues_dead_by: Option<Instant>,
}

/// What is kept of an address until the letter about the erasure is sent.
pub const LAST_LETTER_ADDRESS: &str = "address-until-last-letter-is-sent";

/// An erasure that is done.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Erased {
    /// Its id.
    pub erasure_id: ErasureId,
    /// The receipt file; kept by nobody but the person.
    pub receipt: Option<String>,
    /// What remains and why.
    pub retained: Vec<Retained>,
    /// When the last copies of wrapped keys are dead.
    pub residues_dead_by: Instant,
}

/// What an erasure would do.
///
/// # Errors
/// Not one's own data, not found, erased.
pub fn consequences(app: &App, ctx: &ProcessingContext, subject: SubjectId) -> Result<Consequences, Failure> {
    if !held::may_exercise_rights(app, ctx, subject, model::Operation::Destruction) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    let held = app.hold(subject)?;
    let mut categories: Vec<CategoryCode> = held.values().map(|(_, value)| value.category).collect();
    categories.sort_unstable();
    categories.dedup();
    let open = crate::enquiry::list_own(app, subject)?
        .iter()
        .filter(|enquiry| matches!(enquiry.status.as_str(), "received" | "assigned" | "in-work"))
        .count();
    Ok(Consequences {
        categories,
        consents: held.facts.consents.iter().filter(|fact| fact.is_live(ctx.at)).count(),
        open_enquiries: open,
        retained: retained(app, ctx.at, ctx.locale, last::kept_until(app, &held, ctx.at)),
    })
}

fn retained(app: &App, at: Instant, locale: model::Locale, letter_until: Option<Instant>) -> Vec<Retained> {
    let retention = app.policy().retention();
    let evidence = &retention.evidence;
    let mut kept = vec![
        Retained {
            what: "log-entries-without-person".into(),
            ground: "law 94-V art. 22(1)(5)".into(),
            until: None,
            residues_dead_by: None,
        },
        Retained {
            what: "tombstone-and-receipt-commitments".into(),
            ground: evidence.ground.get(locale).to_owned(),
            until: Some(app.policy().period_ends_at(evidence.period, at)),
            residues_dead_by: None,
        },
    ];
    if let Some((until, rule)) = letter_until.zip(retention.last_letter.as_ref()) {
        let epoch = i64::from(app.policy().limits().key_epoch_hours) * 3_600;
        kept.push(Retained {
            what: LAST_LETTER_ADDRESS.into(),
            ground: rule.ground.get(locale).to_owned(),
            until: Some(until),
            residues_dead_by: Some(until.plus_seconds(epoch)),
        });
    }
    kept
}

/// Erases a person. `ground` is a code of `policy/retention.toml`: `demand`, `withdrawal`, `expiry`, ….
///
/// Runs in the protected lane: a full disk does not stop it.
///
/// # Errors
/// Not one's own data, not found, `Gone` when already erased, `restriction-active` while a dispute stands.
pub fn erase(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    ground: &str,
) -> Result<Erased, Failure> {
    let system = ctx.actor.principal == model::Principal::System;
    if !system && !held::may_exercise_rights(app, ctx, subject, model::Operation::Destruction) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    held::retry(|| erase_once(app, ctx, subject, ground))
}

fn erase_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    ground: &str,
) -> Result<Erased, Failure> {
    let held = app.hold(subject)?;
    if held.facts.restriction == Some(model::RestrictionKind::Dispute) {
        return Err(Failure::violation("restriction-active", "C17.1"));
    }
    let at = ctx.at;
    let clause = match ground {
        "demand" => "C17.3",
        "withdrawal" => "C17.2",
        "unlawful" => "C17.1",
        _ => "C17.4",
    };
    let mut categories: Vec<CategoryCode> = held.values().map(|(_, value)| value.category).collect();
    categories.sort_unstable();
    categories.dedup();
    let values = held.values().count();
    let erasure_id = ErasureId::new(at, app.entropy());
    let receipt_id = ReceiptId::new(at, app.entropy());
    let entry_id = EntryId::new(at, app.entropy());
    // Sealed before the shred, written with it: afterwards nobody could be told.
    let letter = match last::kept_until(app, &held, at) {
        Some(until) => match last::prepare(app, ctx, &held, erasure_id, until) {
            Ok(letter) => letter.map(|letter| (until, letter)),
            Err(Failure::Store(fault)) => return Err(fault.into()),
            // A letter that cannot be made, such as over a damaged value, stops no erasure.
            Err(_) => None,
        },
        None => None,
    };
    let retained = retained(app, at, ctx.locale, letter.as_ref().map(|(until, _)| *until));
    let residues_dead_by = crate::keys::epoch_ends(app)?;
    let mut body = receipt::frame(app, "DestructionReceipt", receipt_id, ctx);
    body["erasure_id"] = json!(erasure_id);
    body["pii_principal_id"] = json!(subject);
    body["ground"] = json!({ "code": ground, "clause": clause });
    body["destroyed"] =
        json!({ "categories": categories, "values": values, "method": "keys destroyed, rows deleted" });
    body["retained"] = json!(retained);
    body["residues_dead_by"] = json!(residues_dead_by);
    body["rows_gone_by"] = json!(at.plus_seconds(60));
    let unplaced = Unplaced::new(app, receipt_id, "destruction", &body);
    let entry = model::Entry {
        id: entry_id,
        at,
        kind: EntryKind::Destruction,
        purpose: None,
        categories,
        actor: ctx.actor,
        clause: clause_id(clause),
        recipient: None,
        subjects: 1,
        payload: Some(unplaced.payload()),
        note: CategoryCode::new(ground).ok(),
    };
    let line = app.bare_line(entry);
    let evidence_until = retained.iter().find_map(|kept| kept.until).unwrap_or(at);
    let letter = letter.map(|(_, letter)| letter);
    let retained_text = json!(retained).to_string();
    let ground_text = ground.to_owned();
    let guard_facts = held.facts.clone();
    let appended = receipt::Appended::of(&line);
    let index = app.store().write_protected(move |tx| {
        let Some(facts) = subjects::facts(tx, subject)? else {
            return Err(store::Fault::Rollback(held::CHANGED));
        };
        if facts != guard_facts {
            return Err(store::Fault::Rollback(held::CHANGED));
        }
        // Payloads of the person's receipts: a receipt shown later can be checked against them.
        let evidence: Vec<u8> = receipts::list(tx, subject)?
            .iter()
            .filter(|row| row.kind == "consent")
            .flat_map(|row| *row.entry.as_bytes())
            .collect();
        let fence = Fence { kind: FenceKind::Erasure, subject, at, facts: None, detail: ground_text.clone() };
        let tombstone = Tombstone {
            subject,
            erasure: erasure_id,
            erased_at: at,
            ground: ground_text.clone(),
            clause: clause_id(clause),
            entry: entry_id,
            evidence,
            evidence_until: Some(evidence_until),
            retained: retained_text.clone(),
            rows_gone: false,
        };
        store::erase::shred(tx, &tombstone, &fence)?;
        if let Some(letter) = &letter {
            letter.store(tx)?;
        }
        tx.append(line.clone())?;
        Ok(tx.last_index())
    })?;
    let receipt = receipt::placed(app, unplaced, appended, index)?;
    Ok(Erased { erasure_id, receipt, retained, residues_dead_by })
}

/// How many ciphertext rows one unit deletes (DESIGN §3).
const ROWS_PER_UNIT: u32 = 500;

/// Deletes the ciphertext rows of erased subjects, and evidence whose end has come. Returns how many
/// subjects were finished.
///
/// # Errors
/// Faults of the store; the next sweep goes on.
pub fn sweep(app: &App) -> Result<usize, Failure> {
    let mut finished = 0;
    let pending = app.store().read(|tx| tombstones::list_pending(tx, ROWS_PER_UNIT))?;
    for subject in pending.into_iter().map(|row| row.subject) {
        loop {
            if app
                .store()
                .write_protected(move |tx| store::erase::sweep_rows(tx, subject, ROWS_PER_UNIT))?
                .done
            {
                break;
            }
        }
        finished += 1;
    }
    let now = app.now();
    let expired = app.store().read(move |tx| tombstones::list_evidence_due(tx, now, ROWS_PER_UNIT))?;
    for subject in expired.into_iter().map(|row| row.subject) {
        let entry = model::Entry {
            id: EntryId::new(now, app.entropy()),
            at: now,
            kind: EntryKind::EvidenceDestroyed,
            purpose: None,
            categories: Vec::new(),
            actor: app.system().actor,
            clause: clause_id("C11.6"),
            recipient: None,
            subjects: 1,
            payload: None,
            note: None,
        };
        let line = app.bare_line(entry);
        app.store().write(move |tx| {
            tombstones::destroy_evidence(tx, subject)?;
            tx.append(line.clone())
        })?;
    }
    Ok(finished)
}
