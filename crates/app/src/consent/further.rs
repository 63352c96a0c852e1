//! A further consent of somebody whose data are held: recorded by a door on the person's word, with how it was
//! obtained, by whom, and a receipt.
//!
//! Invariants: nothing is collected and no value is opened; the receipt names the person by the record, never by a
//! value, for it is handed to the door. No transfer is consented to: that needs a box of its own (C11.3).
//!
//! Clauses: C4.1, C6.1, C6.2, C20.

use model::{
    CategoryCode, ConsentEvent, ConsentEventKind, ConsentFact, ConsentId, EntryId, EntryKind, LogLine,
    Operation, OperationSet, Part, ProcessingContext, PurposeId, ReceiptId, SubjectId, Violation,
    Witness as _,
};
use policy::{Basis, CategorySet, Decision, Query};
use serde_json::json;
use store::tables::consent_events::{self, ConsentEventRow};
use store::tables::consents::{self, Consent};
use store::tables::{jobs, receipts, subjects};

use crate::failure::{clause_id, violation};
use crate::held::Held;
use crate::intake::Idempotency;
use crate::notice::Notice;
use crate::receipt::{self, Unplaced};
use crate::{App, Failure, code, held, replay};

/// What the idempotency row calls this act.
const OPERATION: &str = "consent";

/// What the person agreed to, as the door heard it; still unchecked.
pub struct Further {
    /// Purposes agreed to, one by one.
    pub purposes: Vec<PurposeId>,
    /// Version of the notice the person was shown.
    pub notice_version: String,
    /// The declaration of full age and capacity, if it was made again; once made it stands.
    pub adult: Option<bool>,
    /// How it was obtained: a code such as `api`, `phone`, `paper`.
    pub channel: CategoryCode,
    /// The idempotency key of an API call.
    pub idempotency: Option<Idempotency>,
}

/// A further consent that is stored.
#[derive(Clone, Debug)]
pub struct Given {
    /// The consent record.
    pub consent_id: ConsentId,
    /// The consent receipt's id.
    pub receipt_id: ReceiptId,
    /// The receipt file, unless its entry waits for integration.
    pub receipt: Option<String>,
}

/// The ids that a repeated call is answered from.
#[derive(serde::Serialize, serde::Deserialize)]
struct Ids {
    consent: ConsentId,
    receipt: ReceiptId,
}

/// Records a further consent.
///
/// # Errors
/// [`Failure::Refused`] with every violation found: `purpose-required`, `purpose-unknown`, `notice-outdated`,
/// `adult-not-declared`, or what the gate says to collection for these purposes; not found, erased.
pub fn give(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    further: &Further,
) -> Result<Given, Failure> {
    let again = |_, ids: Ids| {
        let receipt = match receipt::hand_over(app, ctx, ids.receipt) {
            Ok(receipt) => Some(receipt),
            Err(Failure::NotFound | Failure::Conflict(_) | Failure::Refused(_)) => None,
            Err(other) => return Err(other),
        };
        Ok(Given { consent_id: ids.consent, receipt_id: ids.receipt, receipt })
    };
    let act = || held::retry(|| give_once(app, ctx, subject, further));
    replay::once(app, ctx, further.idempotency.as_ref(), OPERATION, act, again)
}

fn check(app: &App, ctx: &ProcessingContext, held: &Held, further: &Further) -> Result<Notice, Failure> {
    let mut violations = Vec::new();
    if further.purposes.is_empty() {
        violations.push(violation("purpose-required", "C4.1").of_field("purposes"));
    }
    for &purpose in &further.purposes {
        // A duty of the law is consented to by nobody.
        let asked = app.policy().purpose(purpose).is_some_and(|known| known.basis == Basis::Consent);
        if !asked {
            violations.push(violation("purpose-unknown", "C8").of_field("purposes"));
        }
    }
    let adult = further.adult.unwrap_or(held.facts.adult_declared);
    if !adult {
        violations.push(violation("adult-not-declared", "C1.2").of_field("adult"));
    }
    let notice = crate::notice::head_in_force(app, ctx.locale, ctx.at)?;
    if further.notice_version != notice.version {
        violations.push(violation("notice-outdated", "C19").of_field("notice_version"));
    }
    if violations.is_empty() { Ok(notice) } else { Err(Failure::Refused(violations)) }
}

fn give_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    further: &Further,
) -> Result<Given, Failure> {
    let (at, entropy, policy) = (ctx.at, app.entropy(), app.policy());
    let mut held = app.hold(subject)?;
    let notice = check(app, ctx, &held, further)?;
    let mut purposes = further.purposes.clone();
    purposes.sort_unstable();
    purposes.dedup();

    let consent_id = ConsentId::new(at, entropy);
    let receipt_id = ReceiptId::new(at, entropy);
    let given: Vec<ConsentFact> = purposes
        .iter()
        .map(|&purpose| ConsentFact {
            purpose,
            consent: consent_id,
            given_at: at,
            expires_at: policy.purpose(purpose).map(|known| policy.period_ends_at(known.storage, at)),
            ended: None,
            withdrawn: Part::Transfer.operations(),
        })
        .collect();

    // The gate twice: may this role take consents for each purpose in, and may what is held be kept for them now.
    let present: Vec<CategoryCode> = held.values().map(|(_, value)| value.category).collect();
    let present = app.category_set(&present)?;
    let serves = |purpose: PurposeId| {
        policy.purpose(purpose).map_or(CategorySet::EMPTY, |known| known.categories).intersection(present)
    };
    let collecting: Vec<Query> = purposes
        .iter()
        .map(|&purpose| held::query(ctx, purpose, serves(purpose), Operation::Collection))
        .collect();
    let main = purposes.first().copied().ok_or_else(|| Failure::violation("purpose-required", "C4.1"))?;
    let keeping = held::query(ctx, main, serves(main), Operation::Storage);
    let drafts = app.drafts(&held.keyring, &keeping, EntryKind::Storage, None)?;

    let kept =
        policy.codes(purposes.iter().fold(CategorySet::EMPTY, |set, &purpose| set.union(serves(purpose))));
    let record = record(app, ctx, further, &notice, receipt_id, &purposes).to_string();
    let row = Consent { subject, consent: consent_id, notice: notice.id, record, given_at: at };
    let body = body(app, ctx, &given, &row, receipt_id, &kept)?;
    let unplaced = Unplaced::new(app, receipt_id, "consent", &body);
    let entry_id = EntryId::new(at, entropy);
    let entry = model::Entry {
        id: entry_id,
        at,
        kind: EntryKind::Consent,
        purpose: (purposes.len() == 1).then_some(main),
        categories: kept,
        actor: ctx.actor,
        clause: clause_id("C4.1"),
        recipient: None,
        subjects: 1,
        payload: Some(unplaced.payload()),
        note: Some(further.channel),
    };
    let receipt_row = unplaced.seal(app, &mut held.keyring, held::record(at, app), entry_id)?;
    let line = app.line(&held.keyring, entry)?;
    let appended = receipt::Appended::of(&line);
    let event = ConsentEvent {
        consent: consent_id,
        number: 0,
        kind: ConsentEventKind::Given,
        purposes,
        operations: OperationSet::ALL,
        at,
        previous: [0; 32],
    };
    let mail = if held.values().any(|(_, value)| value.category == code::EMAIL) {
        let told = model::Private::new(consent_id.to_string());
        let keyring = &mut held.keyring;
        Some(crate::outbox::draft(app, ctx, keyring, "consent-given", &[("number", &told)], code::RIGHTS, 0)?)
    } else {
        None
    };
    let closed = app.close(&held)?;
    let ids = Ids { consent: consent_id, receipt: receipt_id };
    let idempotency = replay::row(app, ctx, further.idempotency.as_ref(), OPERATION, subject, &ids);
    let unit = Unit {
        app: app.clone(),
        adult: further.adult == Some(true),
        given,
        collecting,
        keeping,
        drafts,
        idempotency,
        closed,
        consent: row,
        event,
        entry_id,
        receipt: receipt_row,
        mail,
        line,
    };
    let index = app.store().write(move |tx| unit.store(tx))?.map_err(Failure::Refused)?;
    let receipt = receipt::placed(app, unplaced, appended, index)?;
    Ok(Given { consent_id, receipt_id, receipt })
}

/// Everything one further consent writes, drawn and sealed before the transaction.
struct Unit {
    app: App,
    adult: bool,
    given: Vec<ConsentFact>,
    collecting: Vec<Query>,
    keeping: Query,
    drafts: held::Drafts,
    idempotency: Option<store::tables::idempotency::Idempotency>,
    closed: held::Closed,
    consent: Consent,
    event: ConsentEvent,
    entry_id: EntryId,
    receipt: receipts::Receipt,
    mail: Option<jobs::Job>,
    line: LogLine,
}

impl Unit {
    /// Decides with the facts as they are now, the consent put in; a refusal leaves nothing but its entry.
    /// Gives the index of the consent's log line, where it has one already.
    fn store(&self, tx: &mut store::Tx<'_>) -> Result<Result<Option<u64>, Vec<Violation>>, store::Fault> {
        let subject = self.consent.subject;
        let Some(mut facts) = subjects::facts(tx, subject)? else {
            return Err(store::Fault::Rollback(held::CHANGED));
        };
        facts.adult_declared |= self.adult;
        for &fact in &self.given {
            facts.set_consent(fact);
        }
        let mut refused = Vec::new();
        for query in &self.collecting {
            if let Decision::Refuse(violations) = policy::decide(self.app.policy(), &facts, query) {
                refused.extend(violations);
            }
        }
        if !refused.is_empty() {
            return Ok(Err(refused));
        }
        if let Err(violations) = self.drafts.decide(&self.app, tx, &facts, &self.keeping)? {
            return Ok(Err(violations));
        }
        replay::claim(&self.app, tx, self.idempotency.as_ref())?;
        self.closed.store(tx)?;
        subjects::set_facts(tx, &facts)?;
        consents::insert(tx, &self.consent)?;
        let (event, entry) = (self.event.clone(), Some(self.entry_id));
        consent_events::insert(tx, &ConsentEventRow { subject, event, entry })?;
        receipts::insert(tx, &self.receipt)?;
        if let Some(mail) = &self.mail {
            jobs::enqueue(tx, mail)?;
        }
        tx.append(self.line.clone())?;
        Ok(Ok(tx.last_index()))
    }
}

/// What the consent record keeps: what the person was shown and how the consent was obtained; no value.
fn record(
    app: &App,
    ctx: &ProcessingContext,
    further: &Further,
    notice: &Notice,
    receipt_id: ReceiptId,
    purposes: &[PurposeId],
) -> serde_json::Value {
    json!({
        "receipt_id": receipt_id,
        "notice": {
            "id": notice.id,
            "version": notice.version,
            "language": notice.language,
            "sha256": notice.sha256_hex(),
        },
        "policy_version": app.policy().version(),
        "language": ctx.locale.as_str(),
        "channel": further.channel,
        "obtained_by": { "principal": ctx.actor.principal.to_string(), "role": ctx.actor.role },
        "adult_declared": further.adult.map_or("earlier", |_| "with this consent"),
        "actor": "self",
        "purposes_offered": purposes,
    })
}

/// The receipt: the law's eight fields (art. 8(4)) and the keys of ISO/IEC TS 27560.
fn body(
    app: &App,
    ctx: &ProcessingContext,
    given: &[ConsentFact],
    consent: &Consent,
    receipt_id: ReceiptId,
    kept: &[CategoryCode],
) -> Result<serde_json::Value, Failure> {
    let policy = app.policy();
    let purposes: Vec<serde_json::Value> = given
        .iter()
        .filter_map(|fact| Some((fact, policy.purpose(fact.purpose)?)))
        .map(|(fact, purpose)| {
            json!({
                "purpose_id": purpose.id,
                "clause": purpose.clause,
                "status": "given",
                "legal_basis": purpose.basis.code(),
                "ends": purpose.ends,
                "expires_at": fact.expires_at,
                "pii_categories": policy.codes(purpose.categories),
                "recipients": purpose.recipients,
                "live": if purpose.needs_proven_contact { "after the contact is proven" } else { "at once" },
            })
        })
        .collect();
    let until = given.iter().filter_map(|fact| fact.expires_at).max();
    let mut body = receipt::frame(app, "ConsentReceipt", receipt_id, ctx);
    body["consent_record_id"] = json!(consent.consent);
    body["pii_principal_id"] = json!(consent.subject);
    body["law_94_v_art_8_4"] = json!({
        "1_operator": { "name": policy.controller().name.get(ctx.locale), "bin": policy.controller().bin },
        // No value goes through this door: the person is named by the record, whose receipt names him.
        "2_data_subject": { "record": consent.subject },
        "3_term": until.map_or_else(|| json!("until the purposes are reached"), |end| json!(end)),
        "4_transfer_to_third_parties": "not given",
        "5_cross_border_transfer": "not given",
        "6_public_sources": "not given",
        "7_data": kept,
        "8_other": "none",
    });
    body["purposes"] = json!(purposes);
    body["record"] = serde_json::from_str(&consent.record)
        .map_err(|_| Failure::Keys("a consent record could not be written".into()))?;
    body["withdrawal"] = json!({
        "how": format!("{}/{}/account", app.settings().base_url, ctx.locale),
        "clause": "C6.1",
    });
    Ok(body)
}
