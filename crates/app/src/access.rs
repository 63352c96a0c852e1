//! Looking at personal data: decisions, lookups, reads for a purpose, the person's own history, and the
//! access package. Every look has its entry before a value is opened.
//!
//! Clauses: C10, C11.3, C16.1.

use model::{
    CategoryCode, EntryId, EntryKind, Facts, Instant, Locale, Operation, Private, ProcessingContext,
    PurposeId, ReceiptId, RecipientId, RecordId, Salt, Sealed, SubjectId, Violation, Witness as _,
};
use policy::{Decision, Grant, Query, Witnessed};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::tables::value_sets::ValueSet;
use store::tables::{history, lookups, subjects};
use store::{Fault, Tx};
use vault::Keyring;

use crate::failure::{clause_id, violation};
use crate::look::{Look, Values, look};
use crate::receipt::{self, Unplaced};
use crate::{App, Failure, code, consent, held, record, rule};

/// A question to the gate.
#[derive(Clone, Debug)]
pub struct DecisionQuery {
    /// About whom.
    pub subject: SubjectId,
    /// For which purpose.
    pub purpose: PurposeId,
    /// Which categories.
    pub categories: Vec<CategoryCode>,
    /// Which operation; retrieval unless said otherwise.
    pub operation: Operation,
    /// To whom, if data would leave.
    pub recipient: Option<RecipientId>,
}

/// An answer of the gate.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DecisionView {
    /// `permit` or `refuse`.
    pub decision: &'static str,
    /// Why it is refused; empty when permitted.
    pub violations: Vec<Violation>,
}

/// Decides many queries in order; one log entry with their count and a hash over them.
///
/// # Errors
/// A fault of the store; an unknown subject is a refusal like any other, so that answers are alike.
pub fn decide(
    app: &App,
    ctx: &ProcessingContext,
    queries: Vec<DecisionQuery>,
) -> Result<(Vec<DecisionView>, EntryId), Failure> {
    let (id, unit) = deciding(app, ctx, queries);
    Ok((app.store().write(unit)?, id))
}

/// As [`decide`] for who cannot wait: `done` is told the outcome on a thread that waits for it. Blocks where
/// [`App::answers_later`] says so.
pub fn decide_then(
    app: &App,
    ctx: &ProcessingContext,
    queries: Vec<DecisionQuery>,
    done: impl FnOnce(Result<(Vec<DecisionView>, EntryId), Failure>) + Send + 'static,
) {
    let (id, unit) = deciding(app, ctx, queries);
    app.store()
        .write_then(unit, move |decided| done(decided.map(|views| (views, id)).map_err(Failure::from)));
}

/// The unit that decides and writes the entry, and the entry's id.
fn deciding(
    app: &App,
    ctx: &ProcessingContext,
    queries: Vec<DecisionQuery>,
) -> (EntryId, impl FnMut(&mut Tx<'_>) -> Result<Vec<DecisionView>, Fault> + Send + 'static) {
    let id = EntryId::new(ctx.at, app.entropy());
    let mut hash = Sha256::new();
    hash.update(b"senim/decisions/v1\n");
    for query in &queries {
        hash.update(query.subject.as_bytes());
        hash.update(query.purpose.as_str().as_bytes());
        for category in &query.categories {
            hash.update([0]);
            hash.update(category.as_str().as_bytes());
        }
        hash.update([1, query.operation as u8]);
    }
    let single = queries.len() == 1;
    let entry = model::Entry {
        id,
        at: ctx.at,
        kind: EntryKind::Decision,
        purpose: single.then(|| queries[0].purpose),
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C10.1"),
        recipient: None,
        subjects: u32::try_from(queries.len()).unwrap_or(u32::MAX),
        payload: Some(hash.finalize().into()),
        note: None,
    };
    let line = app.bare_line(entry);
    let (inner, ctx) = (app.clone(), *ctx);
    let unit = move |tx: &mut Tx<'_>| {
        let mut views = Vec::with_capacity(queries.len());
        let suspended = rule::suspended(tx, &queries)?;
        for of_one in queries.chunk_by(|query, next| query.subject == next.subject) {
            subjects::with_facts(tx, of_one[0].subject, |facts| {
                views.extend(of_one.iter().map(|query| decide_one(&inner, &ctx, facts, query, &suspended)));
            })?;
        }
        tx.append(line.clone())?;
        Ok(views)
    };
    (id, unit)
}

fn decide_one(
    app: &App,
    ctx: &ProcessingContext,
    facts: Option<&dyn Facts>,
    asked: &DecisionQuery,
    suspended: &[rule::Suspended],
) -> DecisionView {
    let refuse = |violations| DecisionView { decision: "refuse", violations };
    if let Some(suspended) = asked.recipient.and_then(|to| rule::find(suspended, asked.purpose, to)) {
        return refuse(vec![suspended]);
    }
    let categories = match app.policy().category_set(&asked.categories) {
        Ok(set) => set,
        Err(unknown) => return refuse(vec![violation("category-unknown", "C5").of_category(unknown)]),
    };
    let Some(facts) = facts else { return refuse(vec![violation("consent-missing", "C6.1")]) };
    let query = Query {
        actor: ctx.actor,
        purpose: asked.purpose,
        categories,
        operation: asked.operation,
        recipient: asked.recipient,
        at: ctx.at,
    };
    match policy::decide(app.policy(), facts, &query) {
        Decision::Permit(_) => DecisionView { decision: "permit", violations: Vec::new() },
        Decision::Refuse(violations) => refuse(violations),
    }
}

/// A value opened for a purpose.
pub struct ValueView {
    /// Which category.
    pub category: CategoryCode,
    /// The record that holds it.
    pub record: RecordId,
    /// The value.
    pub value: Private<String>,
    /// Since when it stands.
    pub as_of: Instant,
    /// By which door it came, such as `form:consultation`.
    pub source: String,
    /// Whether the contact it names was proven.
    pub proven: bool,
}

/// What a read gives.
pub struct DataView {
    /// About whom.
    pub subject: SubjectId,
    /// For which purpose.
    pub purpose: PurposeId,
    /// The values.
    pub values: Vec<ValueView>,
    /// The entry that says so.
    pub log_entry: EntryId,
}

/// Opens the values of one record for a purpose.
///
/// # Errors
/// Refused with violations (and logged), not found, or erased.
pub(crate) fn record(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    purpose: PurposeId,
    id: RecordId,
) -> Result<(ValueSet, DataView), Failure> {
    let mut look = look(app, ctx, subject, purpose, Values::Record(id), |_| Ok(()))?;
    // It may have come to its end since.
    look.held.sets.retain(|set| set.set == id);
    let set = look.held.sets.first().cloned().ok_or(Failure::NotFound)?;
    let values = open_values(app, &look)?;
    Ok((set, DataView { subject, purpose, values, log_entry: look.entry }))
}

/// Opens a person's values for a purpose; all that the purpose covers when `categories` is empty.
///
/// # Errors
/// Refused with violations (and logged), not found, or erased.
pub fn data(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    purpose: PurposeId,
    categories: &[CategoryCode],
) -> Result<DataView, Failure> {
    let values =
        if categories.is_empty() { Values::Present } else { Values::Of(app.category_set(categories)?) };
    let look = look(app, ctx, subject, purpose, values, |_| Ok(()))?;
    Ok(DataView { subject, purpose, values: open_values(app, &look)?, log_entry: look.entry })
}

/// The values that a look covers, but for those to whose use for this purpose the person objects.
fn open_values<R>(app: &App, look: &Look<R>) -> Result<Vec<ValueView>, Failure> {
    let mut values = Vec::new();
    for set in &look.held.sets {
        if !set.is_objected(look.witnessed.purpose()) {
            open_set(app, &look.witnessed, &look.held.keyring, set, &mut values)?;
        }
    }
    Ok(values)
}

/// Adds the values of one record that a grant covers.
pub(crate) fn open_set(
    app: &App,
    witnessed: &Witnessed<Grant>,
    keyring: &Keyring,
    set: &ValueSet,
    values: &mut Vec<ValueView>,
) -> Result<(), Failure> {
    for stored in &set.values {
        // A value whose key is destroyed is no value any more.
        if !witnessed.covers(stored.category) || !keyring.contains(stored.record) {
            continue;
        }
        let reference =
            vault::ValueRef { category: stored.category, record: stored.record, version: stored.version };
        let value = app.vault().open(witnessed, keyring, &reference, &stored.sealed)?;
        values.push(ValueView {
            category: stored.category,
            record: stored.record,
            value,
            as_of: stored.as_of,
            source: stored.source.clone(),
            proven: stored.proven,
        });
    }
    Ok(())
}

/// A subject found by a contact.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Found {
    /// Whom.
    pub subject_id: SubjectId,
    /// Whether that contact was proven.
    pub proven: bool,
}

/// How many subjects one lookup may answer with.
const LOOKUP_MAX: u32 = 100;

/// Finds living subjects by e-mail, phone or IIN; empty when unknown. The lookup itself is logged.
///
/// # Errors
/// `category-unknown` for a category without lookup; the validator's violation; a role without `rights`
/// or any consented purpose is refused by the web layer before it comes here.
pub fn lookup(
    app: &App,
    ctx: &ProcessingContext,
    category: CategoryCode,
    value: &Private<String>,
) -> Result<Vec<Found>, Failure> {
    let known = app
        .policy()
        .category(category)
        .filter(|known| known.lookup)
        .ok_or_else(|| Failure::violation("category-unknown", "C5"))?;
    let normalised = app
        .policy()
        .validate_value(known, value.expose())
        .map_err(|reason| Failure::Refused(vec![reason.of_field(category.as_str())]))?;
    let mac = app.blind_index(category, &normalised);
    let entry = model::Entry {
        id: EntryId::new(ctx.at, app.entropy()),
        at: ctx.at,
        kind: EntryKind::Retrieval,
        purpose: None,
        categories: vec![category],
        actor: ctx.actor,
        clause: clause_id("C10.1"),
        recipient: None,
        subjects: 0,
        payload: None,
        note: CategoryCode::new("lookup").ok(),
    };
    let line = app.bare_line(entry);
    let found = app.store().write(move |tx| {
        let found = lookups::subjects(tx, category, &mac, LOOKUP_MAX)?;
        let mut line = line.clone();
        line.entry.subjects = u32::try_from(found.len()).unwrap_or(u32::MAX);
        tx.append(line)?;
        Ok(found)
    })?;
    Ok(found.into_iter().map(|(subject_id, proven)| Found { subject_id, proven }).collect())
}

/// A line of the person's history.
#[derive(Clone, Debug)]
pub struct HistoryView {
    /// The entry's canonical JSON.
    pub entry: serde_json::Value,
    /// Its id, for the seal and the proof.
    pub entry_id: String,
    /// Hash of the public leaf: what the seal is drawn from.
    pub commitment: [u8; 32],
}

/// How many history lines one look gives at most.
const HISTORY_MAX: u32 = 1_000;

/// The person's history, newest first: who did what, why, when, under which clause.
///
/// # Errors
/// Refused, not found, erased.
pub fn history(app: &App, ctx: &ProcessingContext, subject: SubjectId) -> Result<Vec<HistoryView>, Failure> {
    let none = Values::Of(policy::CategorySet::EMPTY);
    let look = look(app, ctx, subject, code::RIGHTS, none, move |tx| lines(tx, subject))?;
    let mut lines = open_lines(app, &look, &look.read)?;
    lines.truncate(HISTORY_MAX as usize);
    Ok(lines)
}

/// The sealed lines of a person's history.
fn lines(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Sealed>, Fault> {
    Ok(history::list(tx, subject, None, HISTORY_MAX)?.into_iter().map(|(_, sealed)| sealed).collect())
}

fn line_of(text: &str, salt: &Salt) -> HistoryView {
    let entry: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let entry_id = entry["id"].as_str().unwrap_or_default().to_owned();
    HistoryView { entry, entry_id, commitment: tlog::commit(salt, text.as_bytes()) }
}

/// The person's own lines, and those of entries about many people of whom the person is one.
fn open_lines<R>(app: &App, look: &Look<R>, sealed: &[Sealed]) -> Result<Vec<HistoryView>, Failure> {
    let (mut lines, mut left) = (Vec::with_capacity(sealed.len()), Vec::new());
    for sealed in sealed {
        let (text, salt) = app.vault().open_history(&look.witnessed, &look.held.keyring, sealed)?;
        match record::left(&text) {
            Some(met) => left.extend(met),
            None => lines.push(line_of(&text, &salt)),
        }
    }
    for (text, salt) in record::shared_lines(app, &look.held, left)? {
        lines.push(line_of(&text, &salt));
    }
    lines.sort_by(|a, b| b.entry_id.cmp(&a.entry_id));
    Ok(lines)
}

/// The access package: facts, purposes, sources, terms, recipients, consents, values and history, as one
/// file that `senim verify` checks offline. Its making is an entry of its own.
///
/// # Errors
/// Refused, not found, erased.
pub fn package(app: &App, ctx: &ProcessingContext, subject: SubjectId) -> Result<Private<String>, Failure> {
    let look = look(app, ctx, subject, code::RIGHTS, Values::Present, move |tx| {
        Ok((consent::rows(tx, subject, None, u32::MAX)?, lines(tx, subject)?))
    })?;
    let (rows, sealed) = &look.read;
    let consents: Vec<_> = rows.iter().map(|row| row.view(&look.facts, ctx.at)).collect();
    let lines = open_lines(app, &look, sealed)?;
    let opened = open_values(app, &look)?;
    let policy = app.policy();
    let values: Vec<serde_json::Value> = opened
        .iter()
        .map(|value| {
            json!({
                "category": value.category,
                "name": policy.category(value.category).map(|category| category.label.get(ctx.locale)),
                "value": value.value.expose(),
                "as_of": value.as_of,
                "source": value.source,
                "proven": value.proven,
            })
        })
        .collect();
    let purposes: Vec<serde_json::Value> = policy
        .purposes()
        .iter()
        .map(|purpose| {
            json!({
                "purpose_id": purpose.id,
                "clause": purpose.clause,
                "legal_basis": purpose.basis.code(),
                "categories": policy.codes(purpose.categories),
                "recipients": purpose.recipients,
                "ends": purpose.ends,
            })
        })
        .collect();
    let package = json!({
        "format": "senim-access-package/v1",
        "subject_id": subject,
        "made_at": ctx.at,
        "rehearsal": app.settings().rehearsal,
        "controller": {
            "name": policy.controller().name.get(ctx.locale),
            "bin": policy.controller().bin,
            "address": policy.controller().address.get(ctx.locale),
        },
        "processing": "the controller holds and processes data about this person",
        "methods": ["automated", "on paper after extraction, when registered"],
        "sources": opened.iter().map(|value| value.source.clone()).collect::<std::collections::BTreeSet<_>>(),
        "values": values,
        "records": record::terms_views(&look.held),
        "consents": consents,
        "purposes": purposes,
        "recipients": serde_json::Value::Array(Vec::new()),
        "history": lines.iter().map(|line| line.entry.clone()).collect::<Vec<_>>(),
        "log_entry": look.entry,
    });
    let unplaced = Unplaced::new(app, ReceiptId::new(ctx.at, app.entropy()), "access-package", &package);
    let entry_id = EntryId::new(ctx.at, app.entropy());
    let query = held::query(ctx, code::RIGHTS, policy::CategorySet::EMPTY, Operation::Retrieval);
    let mut entry = policy.entry_for(&query, entry_id, EntryKind::AccessPackage, Some(unplaced.payload()));
    entry.clause = clause_id("C16.1");
    let line = app.line(&look.held.keyring, entry)?;
    let appended = receipt::Appended::of(&line);
    let index = app.store().write(move |tx| {
        tx.append(line.clone())?;
        Ok(tx.last_index())
    })?;
    receipt::placed(app, unplaced, appended, index)?
        .map(Private::new)
        .ok_or(Failure::Conflict("not-integrated"))
}

/// The languages a page of a person may be shown in.
pub const LANGUAGES: [Locale; 3] = Locale::ALL;
