//! Requests about rights, opened by a program and carried through by the person responsible.
//!
//! Clauses: C7, C16, C17, C21.

use app::policy::Ability;
use app::request::{self, RequestView};
use axum::extract::State;
use axum::http::StatusCode;
use model::{Operation, Private, RequestId, SubjectId};
use serde::Deserialize;

use crate::api::body::{Asked, Body, Id, OptionalBody};
use crate::api::caller::Caller;
use crate::api::cursor::List;
use crate::api::reads::Contact;
use crate::api::{Answer, Page, Problem, json, limit};
use crate::state::Web;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    #[serde(default)]
    pub cursor: Option<String>,
    #[serde(default)]
    pub limit: Option<u32>,
}

pub(crate) async fn list(State(web): State<Web>, caller: Caller, Asked(asked): Asked<Listing>) -> Answer {
    caller.need_purpose(app::code::RIGHTS)?;
    let before = List::Requests.read(asked.cursor.as_deref())?;
    let (items, next) =
        web.call(move |app| request::page(app, &caller.context(app), before, limit(asked.limit))).await?;
    let next_cursor = next.map(|last| List::Requests.after(last));
    json(StatusCode::OK, &Page::<RequestView> { items, next_cursor })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opened {
    kind: String,
    #[serde(default)]
    subject_id: Option<SubjectId>,
    #[serde(default)]
    contact: Option<Contact>,
    channel: String,
    #[serde(default)]
    text: Option<Private<String>>,
    #[serde(default)]
    identity: Option<Identity>,
}

/// How somebody showed who he is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    method: String,
    #[serde(default)]
    note: Option<Private<String>>,
}

pub(crate) async fn open(State(web): State<Web>, caller: Caller, body: Body<Opened>) -> Answer {
    caller.need(&web, Ability::Requests)?;
    caller.need_purpose(app::code::RIGHTS)?;
    let Opened { kind, subject_id, contact, channel, text, identity } = body.value;
    code(&channel, "channel")?;
    if let Some(identity) = &identity {
        code(&identity.method, "identity")?;
    }
    let (identity_method, identity_note) = match identity {
        Some(identity) => (model::CategoryCode::new(&identity.method).ok(), identity.note),
        None => (None, None),
    };
    let particulars = request::Particulars { text, identity_method, identity_note };
    let subject = match (subject_id, contact) {
        (Some(subject), None) => subject,
        (None, Some(contact)) => {
            caller.count_look(&web)?;
            let (category, text) = contact.only()?;
            let holder = caller.clone();
            let found =
                web.call(move |app| app::access::lookup(app, &holder.context(app), category, &text)).await?;
            match found.as_slice() {
                [only] => only.subject_id,
                [] => return Err(Problem::not_found()),
                _ => return Err(app::Failure::Conflict("contact-of-several").into()),
            }
        }
        _ => return Err(Problem::malformed("exactly one of: subject_id, contact")),
    };
    let view = web
        .call(move |app| {
            request::open_with(app, &caller.context(app), subject, &kind, &channel, &particulars)
        })
        .await?;
    json(StatusCode::CREATED, &view)
}

/// A short code that is kept in clear: letters, digits and hyphens only.
fn code(text: &str, field: &str) -> Result<(), Problem> {
    model::CategoryCode::new(text)
        .map(drop)
        .map_err(|_| Problem::input(app::failure::violation("text-invalid", "C5").of_field(field)))
}

/// Nothing, or an empty object.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

macro_rules! steps {
    ($($name:ident => $to:literal;)*) => {$(
        pub(crate) async fn $name(
            State(web): State<Web>,
            caller: Caller,
            Id(request): Id<RequestId>,
            OptionalBody(_): OptionalBody<Nothing>,
        ) -> Answer {
            advance(&web, caller, request, $to).await
        }
    )*};
}

steps! {
    verify => "verified";
    confirm => "confirmed";
    refuse => "refused";
    complete => "completed";
}

async fn advance(web: &Web, caller: Caller, request: RequestId, to: &'static str) -> Answer {
    caller.need(web, Ability::Requests)?;
    // Taking a request in is not deciding it: only a role that may restrict may also carry it on.
    caller.need_rights(web, Operation::Restriction)?;
    let view = web.call(move |app| request::advance(app, &caller.context(app), request, to)).await?;
    json(StatusCode::OK, &view)
}
