//! Enquiries: listed without values, moved from state to state.
//!
//! Clauses: C8.2, C11.7.

use app::enquiry::{self, EnquiryView, Opening};
use app::policy::Ability;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use model::{EnquiryId, FormId, Instant, Private, PurposeId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::api::body::{Asked, Body, Id};
use crate::api::caller::Caller;
use crate::api::cursor::List;
use crate::api::{Answer, Page, json, limit};
use crate::state::Web;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
}

/// An enquiry as this caller may see it.
#[derive(Serialize)]
struct Listed {
    enquiry_id: EnquiryId,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_id: Option<SubjectId>,
    form: FormId,
    purpose: PurposeId,
    status: String,
    opened_at: Instant,
    changed_at: Instant,
}

fn listed(view: EnquiryView, with_subject: bool) -> Listed {
    Listed {
        enquiry_id: view.enquiry_id,
        number: view.number,
        subject_id: with_subject.then_some(view.subject_id),
        form: view.form,
        purpose: view.purpose,
        status: view.status,
        opened_at: view.opened_at,
        changed_at: view.changed_at,
    }
}

pub(crate) async fn list(State(web): State<Web>, caller: Caller, Asked(asked): Asked<Listing>) -> Answer {
    let with_subject = caller.may_know_subjects(&web);
    let holder = caller.holder.clone();
    let before = List::Enquiries.read(asked.cursor.as_deref())?;
    let (views, next) = web
        .call(move |app| enquiry::list(app, &caller.context(app), asked.status, before, limit(asked.limit)))
        .await?;
    let items: Vec<Listed> = views
        .into_iter()
        .filter(|view| holder.covers(view.purpose))
        .map(|view| listed(view, with_subject))
        .collect();
    json(StatusCode::OK, &Page { items, next_cursor: next.map(|last| List::Enquiries.after(last)) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opened {
    subject_id: SubjectId,
    form: FormId,
    #[serde(default)]
    purpose: Option<PurposeId>,
    #[serde(default)]
    text: Option<Private<String>>,
}

pub(crate) async fn open(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    Body { value: opened, bytes }: Body<Opened>,
) -> Answer {
    caller.need(&web, Ability::Enquiries)?;
    let purpose = enquiry::purpose_of(web.app(), opened.form, opened.purpose)?;
    caller.need_purpose(purpose)?;
    let with_subject = caller.may_know_subjects(&web);
    let idempotency = caller.idempotency(&headers, "enquiries", bytes)?;
    let opening = Opening { form: opened.form, purpose, text: opened.text, idempotency };
    let view =
        web.call(move |app| enquiry::open(app, &caller.context(app), opened.subject_id, &opening)).await?;
    json(StatusCode::CREATED, &listed(view, with_subject))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moved {
    status: String,
}

pub(crate) async fn set_status(
    State(web): State<Web>,
    caller: Caller,
    Id(enquiry): Id<EnquiryId>,
    body: Body<Moved>,
) -> Answer {
    let with_subject = caller.may_know_subjects(&web);
    let narrow = caller.clone();
    let context = caller.clone();
    let found = web.call(move |app| enquiry::find(app, &context.context(app), enquiry)).await?;
    narrow.need_purpose(found.purpose)?;
    let view = web
        .call(move |app| {
            enquiry::set_status(app, &caller.context(app), found.subject_id, enquiry, &body.value.status)
        })
        .await?;
    json(StatusCode::OK, &listed(view, with_subject))
}
