//! Enquiries (заявки): what a person asked the company for; listed without values, opened for a purpose.
//!
//! Clauses: C8.2, C11.7.

mod opening;

pub use opening::{Opening, open, purpose_of};

use model::{
    EnquiryId, EntryId, EntryKind, FormId, Instant, ProcessingContext, PurposeId, SubjectId, Witness as _,
};
use policy::Ability;
use store::tables::enquiries::{self, Enquiry};
use store::tables::subjects;

use crate::failure::clause_id;
use crate::{App, Failure, paging};

/// An enquiry as listed: no value of the person.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EnquiryView {
    /// Its id.
    pub enquiry_id: EnquiryId,
    /// The number the person was told.
    pub number: String,
    /// Whose it is.
    pub subject_id: SubjectId,
    /// Through which form it came.
    pub form: FormId,
    /// The purpose it serves.
    pub purpose: PurposeId,
    /// Its state: `received`, `assigned`, `in-work`, `fulfilled`, `declined`, `lapsed`.
    pub status: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// When its state last changed.
    pub changed_at: Instant,
}

/// The state in which every enquiry begins.
pub(crate) const RECEIVED: &str = "received";
/// The states and where each may go.
const TRANSITIONS: &[(&str, &[&str])] = &[
    (RECEIVED, &["assigned", "in-work", "fulfilled", "declined", "lapsed"]),
    ("assigned", &["in-work", "fulfilled", "declined", "lapsed"]),
    ("in-work", &["fulfilled", "declined", "lapsed"]),
];

fn view(row: Enquiry) -> EnquiryView {
    EnquiryView {
        enquiry_id: row.enquiry,
        number: row.number,
        subject_id: row.subject,
        form: row.form,
        purpose: row.purpose,
        status: row.status,
        opened_at: row.opened_at,
        changed_at: row.changed_at,
    }
}

/// A page of enquiries, newest first, and the cursor of the next page.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `enquiries`.
pub fn list(
    app: &App,
    ctx: &ProcessingContext,
    status: Option<String>,
    before: Option<EnquiryId>,
    limit: u32,
) -> Result<(Vec<EnquiryView>, Option<EnquiryId>), Failure> {
    app.require(ctx, Ability::Enquiries)?;
    let wanted = paging::wanted(limit);
    let mut rows = app.store().read(move |tx| enquiries::list(tx, status.as_deref(), before, wanted))?;
    let next = paging::cut(&mut rows, limit, |row| row.enquiry);
    Ok((rows.into_iter().map(view).collect(), next))
}

/// One enquiry.
///
/// # Errors
/// `purpose-not-of-role` for a role without the ability `enquiries`; not found.
pub fn find(app: &App, ctx: &ProcessingContext, enquiry: EnquiryId) -> Result<EnquiryView, Failure> {
    app.require(ctx, Ability::Enquiries)?;
    app.store().read(move |tx| enquiries::find(tx, enquiry))?.map(view).ok_or(Failure::NotFound)
}

/// Where an enquiry in this state may go, for buttons.
pub fn next_states(status: &str) -> &'static [&'static str] {
    TRANSITIONS.iter().find(|(from, _)| *from == status).map_or(&[], |(_, next)| next)
}

/// The enquiries of one person, for himself.
///
/// # Errors
/// Faults of the store.
pub fn list_own(app: &App, subject: SubjectId) -> Result<Vec<EnquiryView>, Failure> {
    let rows = app.store().read(move |tx| enquiries::list_by_subject(tx, subject))?;
    Ok(rows.into_iter().map(view).collect())
}

/// Moves an enquiry to another state.
///
/// # Errors
/// `enquiry-transition` when its state forbids it; not found; the role's refusal.
pub fn set_status(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    enquiry: EnquiryId,
    status: &str,
) -> Result<EnquiryView, Failure> {
    app.require(ctx, Ability::Enquiries)?;
    let held = app.hold(subject)?;
    let wanted = status.to_owned();
    let at = ctx.at;
    let entry = model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind: EntryKind::Enquiry,
        purpose: None,
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C8.2"),
        recipient: None,
        subjects: 1,
        payload: None,
        note: model::CategoryCode::new(status).ok(),
    };
    let line = app.line(&held.keyring, entry)?;
    let row = app.store().write(move |tx| {
        let Some(row) = enquiries::fetch(tx, subject, enquiry)? else { return Ok(Err(Failure::NotFound)) };
        let allowed =
            TRANSITIONS.iter().any(|(from, to)| *from == row.status && to.contains(&wanted.as_str()));
        if !allowed {
            return Ok(Err(Failure::violation("enquiry-transition", "C8.2")));
        }
        if subjects::facts(tx, subject)?.is_none() {
            return Ok(Err(Failure::NotFound));
        }
        enquiries::set_status(tx, subject, enquiry, &wanted, at)?;
        tx.append(line.clone())?;
        Ok(Ok(Enquiry { status: wanted.clone(), changed_at: at, ..row }))
    })??;
    Ok(view(row))
}

impl App {
    /// Refuses a role that lacks an ability.
    ///
    /// # Errors
    /// `purpose-not-of-role` (C11.4).
    pub fn require(&self, ctx: &ProcessingContext, ability: Ability) -> Result<(), Failure> {
        let able = self.policy().role(ctx.actor.role).is_some_and(|role| role.can(ability));
        if able { Ok(()) } else { Err(Failure::violation("purpose-not-of-role", "C11.4")) }
    }
}
