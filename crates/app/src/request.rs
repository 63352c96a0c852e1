//! Requests about one's rights: opened through any door, with every limit that applies and the strictest
//! marked effective; verified before anything is carried out.
//!
//! No state "executed and not verified" is reachable: [`complete`] refuses an unverified request.
//!
//! Clauses: C7, C16, C17, C21.

use jiff::civil::Date;
use model::{
    CategoryCode, EntryId, EntryKind, Instant, Operation, Private, ProcessingContext, RequestId, SubjectId,
    Witness as _,
};
use policy::Ability;
use policy::DeadlineLine;
use serde_json::json;
use store::tables::fence_journal::{self, Fence, FenceKind};
use store::tables::requests::{self, Request};
use store::tables::subjects;
use store::tables::value_sets::{self, StoredValue, ValueSet};

use crate::failure::{clause_id, violation};
use crate::{App, Failure, code, held, paging};

/// The kinds of request.
pub const KINDS: [&str; 8] = [
    "access",
    "rectification",
    "restriction",
    "objection",
    "withdrawal",
    "erasure",
    "unlawful-processing",
    "question",
];

/// A request as shown.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RequestView {
    /// Its id.
    pub request_id: RequestId,
    /// The number to quote.
    pub number: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Whose.
    pub subject_id: SubjectId,
    /// `received`, `verified`, `confirmed`, `completed`, `refused`.
    pub status: String,
    /// When it arrived.
    pub opened_at: Instant,
    /// The last day of the strictest limit.
    pub due_on: Date,
    /// Every limit, the strictest first.
    pub deadlines: Vec<DeadlineView>,
    /// The receipt of what was carried out just now; of an erasure it is kept by nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// One limit with its source.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DeadlineView {
    /// `clause`, `law` or `gdpr`.
    pub source: &'static str,
    /// The rule: clause, article row.
    pub rule: model::ClauseId,
    /// How many.
    pub amount: u32,
    /// `working-days`, `calendar-days`, `months` or `hours`.
    pub unit: &'static str,
    /// The moment it ends.
    pub due_at: Instant,
    /// Whether it is the strictest.
    pub effective: bool,
}

/// The limits for a kind of request, the strictest first.
pub fn deadlines(app: &App, kind: &str, from: Instant) -> (Option<Date>, Vec<DeadlineView>) {
    let lines = app.policy().deadlines(kind, from);
    let due_on = lines.first().map(|line| line.due_on);
    (due_on, lines.iter().map(deadline).collect())
}

fn deadline(line: &DeadlineLine) -> DeadlineView {
    DeadlineView {
        source: line.source.code(),
        rule: line.rule,
        amount: line.amount,
        unit: line.unit.code(),
        due_at: line.due_at,
        effective: line.effective,
    }
}

fn view(app: &App, row: Request) -> RequestView {
    let (due_on, deadlines) = deadlines(app, &row.kind, row.opened_at);
    RequestView {
        request_id: row.request,
        number: row.number,
        subject_id: row.subject,
        status: row.status,
        opened_at: row.opened_at,
        due_on: due_on.unwrap_or_else(|| app.policy().calendar().almaty_date(row.opened_at.micros())),
        deadlines,
        receipt: None,
        kind: row.kind,
    }
}

/// Opens a request. One that the person opens in the account is verified by that; one that staff or a
/// program opens waits for verification.
///
/// # Errors
/// `request-kind-unknown`; not found, erased.
pub fn open(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    kind: &str,
    channel: &str,
) -> Result<RequestView, Failure> {
    open_with(app, ctx, subject, kind, channel, &Particulars::default())
}

/// What came with a request besides its kind.
#[derive(Default)]
pub struct Particulars {
    /// The person's own words; sealed like any correspondence.
    pub text: Option<Private<String>>,
    /// How the person's identity was checked: a code.
    pub identity_method: Option<CategoryCode>,
    /// What the checker noted; sealed too.
    pub identity_note: Option<Private<String>>,
}

/// Opens a request with the person's own words and how the identity was checked.
///
/// # Errors
/// As [`open`]; the validator's violation for words that are too long.
pub fn open_with(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    kind: &str,
    channel: &str,
    particulars: &Particulars,
) -> Result<RequestView, Failure> {
    held::retry(|| open_once(app, ctx, subject, kind, channel, particulars))
}

fn open_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    kind: &str,
    channel: &str,
    particulars: &Particulars,
) -> Result<RequestView, Failure> {
    if !KINDS.contains(&kind) {
        return Err(Failure::Refused(vec![violation("request-kind-unknown", "C16.1").of_field("kind")]));
    }
    if !held::may_exercise_rights(app, ctx, subject, Operation::Receipt) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    let mut held = app.hold(subject)?;
    let request = RequestId::new(ctx.at, app.entropy());
    let text = request.to_string().to_uppercase();
    let tail = &text[text.len() - 8..];
    let words = seal_words(app, ctx, &mut held, particulars)?;
    let (_, lines) = deadlines(app, kind, ctx.at);
    let status = if held::is_self(ctx.actor.principal, subject) { "verified" } else { "received" };
    let row = Request {
        subject,
        request,
        number: format!("R-{}-{}", &tail[..4], &tail[4..]),
        kind: kind.to_owned(),
        status: status.to_owned(),
        opened_at: ctx.at,
        due_at: lines.first().map_or(ctx.at, |line| line.due_at),
        record: json!({
            "channel": channel,
            "calendar": app.policy().calendar().version(),
            "identity": particulars.identity_method,
            "words": words.as_ref().map(|set| set.set),
        })
        .to_string(),
    };
    let line = app.line(&held.keyring, entry(app, ctx, "opened"))?;
    let stored = row.clone();
    let closed = app.close(&held)?;
    app.store().write_protected(move |tx| {
        if let Some(words) = &words {
            closed.store(tx)?;
            value_sets::insert(tx, words)?;
        }
        requests::insert(tx, &stored)?;
        tx.append(line.clone())
    })?;
    Ok(view(app, row))
}

/// Seals what was said: shown to the person among the data, destroyed with them.
fn seal_words(
    app: &App,
    ctx: &ProcessingContext,
    held: &mut held::Held,
    particulars: &Particulars,
) -> Result<Option<ValueSet>, Failure> {
    let category = app.policy().category(code::CORRESPONDENCE).ok_or(Failure::NotFound)?;
    let mut values = Vec::new();
    for (field, words) in [("text", &particulars.text), ("identity", &particulars.identity_note)] {
        let Some(words) = words.as_ref().filter(|words| !words.expose().trim().is_empty()) else { continue };
        let normalised = app
            .policy()
            .validate_value(category, words.expose())
            .map_err(|reason| Failure::Refused(vec![reason.of_field(field)]))?;
        let record = held::record(ctx.at, app);
        let sealed = held.keyring.seal(category.code, record, 1, &Private::new(normalised), app.entropy())?;
        values.push(StoredValue {
            record,
            category: category.code,
            version: 1,
            as_of: ctx.at,
            source: format!("request:{field}"),
            mac: None,
            proven: false,
            sealed,
        });
    }
    Ok(values.first().map(|first| first.record).map(|set| ValueSet {
        subject: held.facts.subject,
        set,
        values,
        place: None,
    }))
}

fn entry(app: &App, ctx: &ProcessingContext, note: &str) -> model::Entry {
    model::Entry {
        id: EntryId::new(ctx.at, app.entropy()),
        at: ctx.at,
        kind: EntryKind::Request,
        purpose: Some(code::RIGHTS),
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C16.1"),
        recipient: None,
        subjects: 1,
        payload: None,
        note: CategoryCode::new(note).ok(),
    }
}

/// Requests, newest first; only one's own, and all of them, for a data subject.
///
/// # Errors
/// The role's refusal; faults of the store.
pub fn list(app: &App, ctx: &ProcessingContext, limit: u32) -> Result<Vec<RequestView>, Failure> {
    if let model::Principal::DataSubject(subject) = ctx.actor.principal {
        let rows = app.store().read(move |tx| requests::list_by_subject(tx, subject))?;
        return Ok(rows.into_iter().map(|row| view(app, row)).collect());
    }
    Ok(page(app, ctx, None, limit)?.0)
}

/// A page of everyone's requests, newest first, older than `before`; and the last of the page, if more follow.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `requests`.
pub fn page(
    app: &App,
    ctx: &ProcessingContext,
    before: Option<RequestId>,
    limit: u32,
) -> Result<(Vec<RequestView>, Option<RequestId>), Failure> {
    app.require(ctx, Ability::Requests)?;
    let wanted = paging::wanted(limit);
    let mut rows = app.store().read(move |tx| requests::list(tx, None, before, wanted))?;
    let next = paging::cut(&mut rows, limit, |row| row.request);
    Ok((rows.into_iter().map(|row| view(app, row)).collect(), next))
}

/// Where each state may go.
const TRANSITIONS: &[(&str, &[&str])] = &[
    ("received", &["verified", "refused"]),
    ("verified", &["confirmed", "refused", "completed"]),
    ("confirmed", &["completed", "refused"]),
];

/// Where a request in this state may go, for buttons.
pub fn next_states(status: &str) -> &'static [&'static str] {
    TRANSITIONS.iter().find(|(from, _)| *from == status).map_or(&[], |(_, next)| next)
}

/// Moves a request on; `completed` carries it out now.
///
/// # Errors
/// `request-transition` when its state forbids it, so an unverified request is never carried out.
pub fn advance(
    app: &App,
    ctx: &ProcessingContext,
    request: RequestId,
    to: &str,
) -> Result<RequestView, Failure> {
    let row = app.store().read(move |tx| requests::find(tx, request))?.ok_or(Failure::NotFound)?;
    let subject = row.subject;
    if !held::may_exercise_rights(app, ctx, subject, Operation::Restriction) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    let allowed = TRANSITIONS.iter().any(|(from, next)| *from == row.status && next.contains(&to));
    if !allowed {
        return Err(Failure::violation("request-transition", "C16.1"));
    }
    let mut receipt = None;
    if to == "completed" {
        receipt = carry_out(app, ctx, subject, &row.kind)?;
        if row.kind == "erasure" {
            // The request's rows died with the person; the tombstone and its receipt speak now.
            let done = view(app, Request { status: to.to_owned(), ..row });
            return Ok(RequestView { receipt, ..done });
        }
    }
    let held = app.hold(subject)?;
    let line = app.line(&held.keyring, entry(app, ctx, to))?;
    let (from, status, record) = (row.status.clone(), to.to_owned(), row.record.clone());
    app.store().write_protected(move |tx| {
        requests::set_status(tx, subject, request, &from, &status, &record)?;
        tx.append(line.clone())
    })?;
    let done = view(app, Request { status: to.to_owned(), ..row });
    Ok(RequestView { receipt, ..done })
}

/// Does what the request asks for; the newest receipt of it.
fn carry_out(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    kind: &str,
) -> Result<Option<String>, Failure> {
    match kind {
        "erasure" => Ok(crate::erasure::erase(app, ctx, subject, "demand")?.receipt),
        "withdrawal" => {
            let mut receipt = None;
            for consent in crate::consent::list(app, ctx, subject)? {
                let live = consent.purposes.iter().any(|one| one.status == model::ConsentStatus::Given);
                if live {
                    let all = crate::consent::Withdrawal::default();
                    receipt = crate::consent::withdraw(app, ctx, consent.consent_id, &all)?.receipt;
                }
            }
            Ok(receipt)
        }
        "restriction" | "objection" => restrict(app, ctx, subject, true).map(|()| None),
        // The answer to the others is made by a person; completing records that it was given.
        _ => Ok(None),
    }
}

/// Restricts or lifts a restriction, at once, in the protected lane.
///
/// # Errors
/// Not one's own data, not found, erased.
pub fn restrict(app: &App, ctx: &ProcessingContext, subject: SubjectId, on: bool) -> Result<(), Failure> {
    if !held::may_exercise_rights(app, ctx, subject, Operation::Restriction) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    let held = app.hold(subject)?;
    let mut entry = entry(app, ctx, "restriction");
    entry.kind = if on { EntryKind::Restriction } else { EntryKind::RestrictionLifted };
    let line = app.line(&held.keyring, entry)?;
    let at = ctx.at;
    Ok(app.store().write_protected(move |tx| {
        let Some(mut facts) = subjects::facts(tx, subject)? else { return Ok(()) };
        facts.restriction = on.then_some(model::RestrictionKind::OnDemand);
        facts.epoch += 1;
        subjects::set_facts(tx, &facts)?;
        let detail = if on { "restricted" } else { "lifted" }.to_owned();
        fence_journal::insert(
            tx,
            &Fence { kind: FenceKind::Restriction, subject, at, facts: Some(facts.clone()), detail },
        )?;
        tx.append(line.clone())
    })?)
}
