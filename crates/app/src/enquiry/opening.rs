//! Opening an enquiry for somebody whose data are held: by a door to which the person came back.
//!
//! Invariant: only under a live consent to the purpose that the form serves; what the person asks is sealed like
//! any value, in the transaction that logs it.
//!
//! Clauses: C8.2, C10.2, C10.5.

use model::{
    CategoryCode, EnquiryId, EntryId, EntryKind, FormId, Operation, Private, ProcessingContext, PurposeId,
    SubjectId, Witness as _,
};
use policy::Ability;
use store::tables::enquiries::{self, Enquiry};
use store::tables::value_sets::{self, StoredValue, ValueSet};

use super::{EnquiryView, RECEIVED, view};
use crate::failure::{clause_id, violation};
use crate::intake::Idempotency;
use crate::{App, Failure, code, held, replay};

/// What the idempotency row calls this act.
const OPERATION: &str = "enquiry";

/// An enquiry to open; still unchecked.
pub struct Opening {
    /// The form it is of.
    pub form: FormId,
    /// The purpose it serves; see [`purpose_of`].
    pub purpose: PurposeId,
    /// What the person asks, in his own words.
    pub text: Option<Private<String>>,
    /// The idempotency key of an API call.
    pub idempotency: Option<Idempotency>,
}

/// The purpose that an enquiry of this form serves: the one named, else the first without which the form cannot
/// be carried out.
///
/// # Errors
/// `form-unknown` for a form that opens no enquiry, `purpose-unknown` for a purpose that it does not ask for.
pub fn purpose_of(app: &App, form: FormId, named: Option<PurposeId>) -> Result<PurposeId, Failure> {
    let unknown = |code, field| Failure::Refused(vec![violation(code, "C8.2").of_field(field)]);
    let form =
        app.policy().form(form).filter(|form| form.enquiry).ok_or_else(|| unknown("form-unknown", "form"))?;
    let offered = match named {
        Some(named) => form.purpose(named),
        None => form.purposes.iter().find(|offered| offered.required),
    };
    offered.map(|offered| offered.id).ok_or_else(|| unknown("purpose-unknown", "purpose"))
}

/// Opens an enquiry.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `enquiries`; what the gate says, such as `consent-missing`;
/// the validator's violation of `text`; not found, erased.
pub fn open(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    opening: &Opening,
) -> Result<EnquiryView, Failure> {
    app.require(ctx, Ability::Enquiries)?;
    let again = |subject, enquiry: EnquiryId| {
        let row = app.store().read(move |tx| enquiries::fetch(tx, subject, enquiry))?;
        row.map(view).ok_or(Failure::Gone)
    };
    let act = || held::retry(|| open_once(app, ctx, subject, opening));
    replay::once(app, ctx, opening.idempotency.as_ref(), OPERATION, act, again)
}

fn open_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    opening: &Opening,
) -> Result<EnquiryView, Failure> {
    let at = ctx.at;
    let purpose = purpose_of(app, opening.form, Some(opening.purpose))?;
    let mut held = app.hold(subject)?;
    let words = seal_words(app, ctx, &mut held, opening)?;
    let categories: Vec<CategoryCode> = words.iter().map(|_| code::MESSAGE).collect();
    let query = held::query(ctx, purpose, app.category_set(&categories)?, Operation::Recording);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::Recording, None)?;
    let row = Enquiry {
        subject,
        enquiry: EnquiryId::new(at, app.entropy()),
        number: crate::intake::reference_number(app, at),
        form: opening.form,
        purpose,
        status: RECEIVED.to_owned(),
        opened_at: at,
        changed_at: at,
    };
    let entry = model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind: EntryKind::Enquiry,
        purpose: Some(purpose),
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C8.2"),
        recipient: None,
        subjects: 1,
        payload: None,
        note: CategoryCode::new(RECEIVED).ok(),
    };
    let line = app.line(&held.keyring, entry)?;
    let closed = app.close(&held)?;
    let idempotency = replay::row(app, ctx, opening.idempotency.as_ref(), OPERATION, subject, &row.enquiry);
    let inner = app.clone();
    let stored = row.clone();
    held::act(app, subject, query, drafts, move |tx, _| {
        replay::claim(&inner, tx, idempotency.as_ref())?;
        if let Some(words) = &words {
            closed.store(tx)?;
            value_sets::insert(tx, words)?;
        }
        enquiries::insert(tx, &stored)?;
        tx.append(line.clone())
    })?;
    Ok(view(row))
}

/// Seals what the person asks as a value of its own.
fn seal_words(
    app: &App,
    ctx: &ProcessingContext,
    held: &mut held::Held,
    opening: &Opening,
) -> Result<Option<ValueSet>, Failure> {
    let Some(words) = opening.text.as_ref().filter(|words| !words.expose().trim().is_empty()) else {
        return Ok(None);
    };
    let category = app
        .policy()
        .category(code::MESSAGE)
        .ok_or_else(|| Failure::Refused(vec![violation("category-unknown", "C5").of_field("text")]))?;
    let normalised = app
        .policy()
        .validate_value(category, words.expose())
        .map_err(|reason| Failure::Refused(vec![reason.of_field("text")]))?;
    let record = held::record(ctx.at, app);
    let sealed = held.keyring.seal(category.code, record, 1, &Private::new(normalised), app.entropy())?;
    Ok(Some(ValueSet {
        subject: held.facts.subject,
        set: record,
        values: vec![StoredValue {
            record,
            category: category.code,
            version: 1,
            as_of: ctx.at,
            source: format!("form:{}", opening.form),
            mac: None,
            proven: false,
            sealed,
        }],
        place: None,
    }))
}
