//! Consents, their withdrawal, and receipts.
//!
//! Clauses: C6.1, C16.1, C17.2.

use app::consent::{self, ConsentView, Further, Withdrawal};
use app::receipt;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use model::{
    CategoryCode, ConsentId, Instant, Locale, Operation, Part, PurposeId, ReceiptId, RecipientId, RecordId,
    SubjectId, WithdrawalId,
};
use serde::{Deserialize, Serialize};

use crate::api::body::{Asked, Body, Id, OptionalBody};
use crate::api::caller::Caller;
use crate::api::cursor::List;
use crate::api::{Answer, PREFIX, Page, Problem, file, json, limit};
use crate::state::Web;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfSubject {
    subject_id: SubjectId,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
}

pub(crate) async fn list(State(web): State<Web>, caller: Caller, Asked(asked): Asked<OfSubject>) -> Answer {
    caller.need_purpose(app::code::RIGHTS)?;
    let before = List::Consents.read(asked.cursor.as_deref())?;
    let (items, next) = web
        .call(move |app| {
            consent::page(app, &caller.context(app), asked.subject_id, before, limit(asked.limit))
        })
        .await?;
    let next_cursor = next.map(|last| List::Consents.after(last));
    json(StatusCode::OK, &Page::<ConsentView> { items, next_cursor })
}

/// A further consent. A submission carries its own; this is for somebody whose data are held.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agreed {
    subject_id: SubjectId,
    purposes: Vec<PurposeId>,
    notice_version: String,
    language: Locale,
    #[serde(default)]
    adult: Option<bool>,
    #[serde(default)]
    channel: Option<String>,
}

#[derive(Serialize)]
struct Given<'a> {
    consent_id: ConsentId,
    receipt: Option<&'a str>,
    receipt_url: String,
}

pub(crate) async fn create(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    Body { value: agreed, bytes }: Body<Agreed>,
) -> Answer {
    let locale = agreed.language;
    let worded = move |problem: Problem| problem.in_language(locale);
    for &purpose in &agreed.purposes {
        caller.need_purpose(purpose).map_err(worded)?;
    }
    let channel = CategoryCode::new(agreed.channel.as_deref().unwrap_or("api")).map_err(|_| {
        worded(Problem::input(app::failure::violation("text-invalid", "C5").of_field("channel")))
    })?;
    let idempotency = caller.idempotency(&headers, "consents", bytes).map_err(worded)?;
    let base = web.app().settings().base_url.clone();
    let further = Further {
        purposes: agreed.purposes,
        notice_version: agreed.notice_version,
        adult: agreed.adult,
        channel,
        idempotency,
    };
    let given = web
        .call(move |app| consent::give(app, &caller.holder.context(app, locale), agreed.subject_id, &further))
        .await
        .map_err(|failure| worded(failure.into()))?;
    json(
        StatusCode::CREATED,
        &Given {
            consent_id: given.consent_id,
            receipt: given.receipt.as_deref(),
            receipt_url: format!("{base}{PREFIX}/receipts/{}", given.receipt_id),
        },
    )
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct What {
    #[serde(default)]
    purposes: Vec<PurposeId>,
    #[serde(default)]
    recipients: Vec<RecipientId>,
    #[serde(default)]
    operations: Vec<Part>,
    #[serde(default)]
    items: Vec<RecordId>,
}

#[derive(Serialize)]
struct Done<'a> {
    withdrawal_id: WithdrawalId,
    receipt: Option<&'a str>,
    receipt_url: String,
    purposes: &'a [PurposeId],
    destroyed_by: Option<Instant>,
}

pub(crate) async fn withdraw(
    State(web): State<Web>,
    caller: Caller,
    Id(consent): Id<ConsentId>,
    OptionalBody(what): OptionalBody<What>,
) -> Answer {
    caller.need_rights(&web, Operation::Receipt)?;
    // No consent of this version names a recipient or a published item, so none can be withdrawn alone.
    let alone = [("recipients", what.recipients.is_empty()), ("items", what.items.is_empty())];
    if let Some((field, _)) = alone.into_iter().find(|(_, empty)| !empty) {
        return Err(Problem::input(app::failure::violation("purpose-unknown", "C6.1").of_field(field)));
    }
    let base = web.app().settings().base_url.clone();
    let wanted = Withdrawal { purposes: what.purposes, parts: what.operations };
    let done = web.call(move |app| consent::withdraw(app, &caller.context(app), consent, &wanted)).await?;
    json(
        StatusCode::OK,
        &Done {
            withdrawal_id: done.withdrawal_id,
            receipt: done.receipt.as_deref(),
            receipt_url: format!("{base}{PREFIX}/receipts/{}", done.receipt_id),
            purposes: &done.purposes,
            destroyed_by: done.destroyed_by,
        },
    )
}

pub(crate) async fn receipt(State(web): State<Web>, caller: Caller, Id(consent): Id<ConsentId>) -> Answer {
    caller.need_purpose(app::code::RIGHTS)?;
    Ok(file(web.call(move |app| consent::receipt(app, &caller.context(app), consent)).await?))
}

pub(crate) async fn receipt_by_id(
    State(web): State<Web>,
    caller: Caller,
    Id(receipt): Id<ReceiptId>,
) -> Answer {
    // Who may read for the duty `rights` reads any; every other door has back what it took in itself.
    let any = caller.need_rights(&web, Operation::Retrieval).is_ok();
    let text = web
        .call(move |app| {
            let ctx = caller.context(app);
            if any { receipt::render(app, &ctx, receipt) } else { receipt::hand_over(app, &ctx, receipt) }
        })
        .await?;
    Ok(file(text))
}
