//! Records of persons and the terms they stand under: written, listed, opened, selected, changed, deleted.
//!
//! Clauses: C10.2, C10.7, C11.6, C16.1, C16.2, C17.

use std::collections::BTreeMap;
use std::str::FromStr;

use app::policy::Ability;
use app::record::{self, Mark, NewRecord, RecordView, TermsView};
use app::value;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use model::{
    CategoryCode, EntryId, Operation, Private, PurposeId, ReceiptId, RecordId, SubjectId, TermCode,
    TermField, Terms,
};
use serde::{Deserialize, Serialize};

use crate::api::body::{Asked, Body, Id, OptionalBody, Values};
use crate::api::caller::Caller;
use crate::api::cursor::List;
use crate::api::reads::Opened;
use crate::api::requests::Nothing;
use crate::api::{Answer, PREFIX, Page, Problem, json, limit};
use crate::state::Web;

/// Terms by name; a name without a code is one that is taken away.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Named(BTreeMap<String, Option<String>>);

impl Named {
    /// The terms named, each with its code.
    pub fn changes(&self, member: &str) -> Result<Vec<(TermField, Option<TermCode>)>, Problem> {
        let wrong = |name: &str| {
            let name = name.parse::<TermField>().map_or("?", TermField::code);
            Problem::malformed(format!("{member}: {name}"))
        };
        self.0
            .iter()
            .map(|(name, code)| {
                let field = name.parse().map_err(|_| wrong(name))?;
                let code = code.as_deref().map(TermCode::new).transpose().map_err(|_| wrong(name))?;
                Terms::default().with(field, code).map_err(|_| wrong(name))?;
                Ok((field, code))
            })
            .collect()
    }

    /// The terms themselves.
    pub fn terms(&self, member: &str) -> Result<Terms, Problem> {
        self.changes(member)?.into_iter().try_fold(Terms::default(), |terms, (field, code)| {
            terms.with(field, code).map_err(|_| Problem::malformed(member))
        })
    }
}

/// Which records of a person: one, or `all`.
#[derive(Clone, Copy)]
pub(crate) struct Which(Option<RecordId>);

impl FromStr for Which {
    type Err = model::id::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self(None)) } else { text.parse().map(|id| Self(Some(id))) }
    }
}

/// The two ids of a path.
type OfPerson<T> = axum::extract::Path<(String, T)>;

fn person(text: &str) -> Result<SubjectId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    purpose: PurposeId,
    values: Values,
    #[serde(default)]
    terms: Named,
}

pub(crate) async fn create(
    State(web): State<Web>,
    caller: Caller,
    Id(subject): Id<SubjectId>,
    headers: HeaderMap,
    Body { value: Sent { purpose, values, terms }, bytes }: Body<Sent>,
) -> Answer {
    caller.need_purpose(purpose)?;
    let terms = terms.terms("terms")?;
    let mut named = Vec::with_capacity(values.0.len());
    for (name, value) in values.0 {
        // An unknown name is the sender's text and may hold anything: it is not repeated.
        named.push((CategoryCode::new(&name).map_err(|_| Problem::malformed("values: ?"))?, value));
    }
    let idempotency = caller.idempotency(&headers, &format!("records of {subject}"), bytes)?;
    let new = NewRecord { purpose, values: named, terms, idempotency };
    let written = web.call(move |app| record::write(app, &caller.context(app), subject, &new)).await?;
    json(StatusCode::CREATED, &written)
}

#[derive(Serialize)]
struct Listed {
    items: Vec<TermsView>,
    log_entry: EntryId,
}

pub(crate) async fn list(State(web): State<Web>, caller: Caller, Id(subject): Id<SubjectId>) -> Answer {
    caller.need_rights(&web, Operation::Retrieval)?;
    caller.count_look(&web)?;
    let (items, log_entry) = web.call(move |app| record::list(app, &caller.context(app), subject)).await?;
    json(StatusCode::OK, &Listed { items, log_entry })
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    terms: TermsView,
    values: Vec<Opened>,
}

impl From<RecordView> for Shown {
    fn from(view: RecordView) -> Self {
        Self { terms: view.terms, values: view.values.into_iter().map(Opened::from).collect() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct For {
    purpose: PurposeId,
}

#[derive(Serialize)]
struct One {
    #[serde(flatten)]
    record: Shown,
    log_entry: EntryId,
}

pub(crate) async fn data(
    State(web): State<Web>,
    caller: Caller,
    axum::extract::Path((subject, record)): OfPerson<String>,
    Asked(asked): Asked<For>,
) -> Answer {
    let (subject, record) = (person(&subject)?, record.parse().map_err(|_| Problem::not_found())?);
    caller.need_purpose(asked.purpose)?;
    caller.count_look(&web)?;
    let (view, log_entry) =
        web.call(move |app| record::read(app, &caller.context(app), subject, record, asked.purpose)).await?;
    json(StatusCode::OK, &One { record: view.into(), log_entry })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    purpose: PurposeId,
    terms: String,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
}

#[derive(Serialize)]
struct Selected {
    #[serde(flatten)]
    page: Page<Shown>,
    log_entry: EntryId,
}

pub(crate) async fn select(State(web): State<Web>, caller: Caller, Asked(asked): Asked<Wanted>) -> Answer {
    caller.need(&web, Ability::People)?;
    caller.need_purpose(asked.purpose)?;
    caller.count_look(&web)?;
    let pattern: Terms = asked.terms.parse().map_err(|_| Problem::malformed("query: terms"))?;
    let after: Option<Mark> = List::Records.read(asked.cursor.as_deref())?;
    let selected = web
        .call(move |app| {
            let ctx = caller.context(app);
            record::select(app, &ctx, asked.purpose, &pattern, after, limit(asked.limit))
        })
        .await?;
    let items = selected.records.into_iter().map(Shown::from).collect();
    let next_cursor = selected.next.map(|mark| List::Records.after(mark));
    json(StatusCode::OK, &Selected { page: Page { items, next_cursor }, log_entry: selected.log_entry })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changes {
    terms: Named,
}

#[derive(Serialize)]
struct Done {
    log_entry: EntryId,
}

pub(crate) async fn change_terms(
    State(web): State<Web>,
    caller: Caller,
    axum::extract::Path((subject, which)): OfPerson<String>,
    body: Body<Changes>,
) -> Answer {
    let (subject, Which(record)) = (person(&subject)?, which.parse().map_err(|_| Problem::not_found())?);
    caller.need_rights(&web, Operation::Rectification)?;
    let changes = body.value.terms.changes("terms")?;
    if changes.is_empty() {
        return Err(Problem::malformed("terms: at least one"));
    }
    let log_entry = web
        .call(move |app| record::change_terms(app, &caller.context(app), subject, record, &changes))
        .await?;
    json(StatusCode::OK, &Done { log_entry })
}

#[derive(Serialize)]
struct Deleted {
    records: usize,
    receipt: Option<String>,
    receipt_url: String,
    log_entry: EntryId,
}

/// Where a receipt is fetched again.
fn receipt_url(web: &Web, receipt: ReceiptId) -> String {
    format!("{}{PREFIX}/receipts/{receipt}", web.app().settings().base_url)
}

pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    axum::extract::Path((subject, which)): OfPerson<String>,
    OptionalBody(Nothing {}): OptionalBody<Nothing>,
) -> Answer {
    let (subject, Which(record)) = (person(&subject)?, which.parse().map_err(|_| Problem::not_found())?);
    caller.need_rights(&web, Operation::Deletion)?;
    let deleted = web.call(move |app| record::delete(app, &caller.context(app), subject, record)).await?;
    let record::Deleted { records, receipt, receipt_id, log_entry } = deleted;
    json(StatusCode::OK, &Deleted { records, receipt, receipt_url: receipt_url(&web, receipt_id), log_entry })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Corrected {
    value: Private<String>,
}

#[derive(Serialize)]
struct Rectified {
    value_id: Option<RecordId>,
    receipt: Option<String>,
    receipt_url: String,
}

pub(crate) async fn rectify(
    State(web): State<Web>,
    caller: Caller,
    axum::extract::Path((subject, value)): OfPerson<String>,
    body: Body<Corrected>,
) -> Answer {
    let (subject, value) = (person(&subject)?, value.parse().map_err(|_| Problem::not_found())?);
    caller.need_rights(&web, Operation::Rectification)?;
    let changed = web
        .call(move |app| value::edit(app, &caller.context(app), subject, value, &body.value.value))
        .await?;
    json(
        StatusCode::OK,
        &Rectified {
            value_id: changed.record,
            receipt: changed.receipt,
            receipt_url: receipt_url(&web, changed.receipt_id),
        },
    )
}
