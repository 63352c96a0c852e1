//! Looking up and reading: the only handlers through which a value leaves over the interface.
//!
//! Clauses: C10, C11.3, C11.4.

use app::access;
use app::policy::Ability;
use axum::extract::State;
use axum::http::StatusCode;
use model::{CategoryCode, Instant, Private, PurposeId, RecordId, SubjectId};
use serde::{Deserialize, Serialize, Serializer};

use crate::api::body::{Asked, Body, Id};
use crate::api::caller::Caller;
use crate::api::{Answer, Problem, json};
use crate::state::Web;

/// One contact of a person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    #[serde(default)]
    email: Option<Private<String>>,
    #[serde(default)]
    phone: Option<Private<String>>,
    #[serde(default)]
    iin: Option<Private<String>>,
}

impl Contact {
    /// The category and the text, if exactly one stands there.
    pub fn only(self) -> Result<(CategoryCode, Private<String>), Problem> {
        let given =
            [(app::code::EMAIL, self.email), (app::code::PHONE, self.phone), (app::code::IIN, self.iin)];
        let mut given = given.into_iter().filter_map(|(category, text)| Some((category, text?)));
        match (given.next(), given.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Problem::malformed("exactly one of: email, phone, iin")),
        }
    }
}

#[derive(Serialize)]
struct Found {
    items: Vec<access::Found>,
}

pub(crate) async fn lookup(State(web): State<Web>, caller: Caller, contact: Body<Contact>) -> Answer {
    caller.need(&web, Ability::People)?;
    caller.count_look(&web)?;
    let (category, text) = contact.value.only()?;
    let items = web.call(move |app| access::lookup(app, &caller.context(app), category, &text)).await?;
    json(StatusCode::OK, &Found { items })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DataQuery {
    purpose: PurposeId,
    #[serde(default)]
    categories: Option<String>,
}

#[derive(Serialize)]
struct Data {
    subject_id: SubjectId,
    purpose: PurposeId,
    values: Vec<Opened>,
    log_entry: model::EntryId,
}

/// A value on its way out.
#[derive(Serialize)]
pub(crate) struct Opened {
    value_id: RecordId,
    category: CategoryCode,
    #[serde(serialize_with = "exposed")]
    value: Private<String>,
    as_of: Instant,
    source: String,
    proven: bool,
}

impl From<access::ValueView> for Opened {
    fn from(held: access::ValueView) -> Self {
        Self {
            value_id: held.record,
            category: held.category,
            value: held.value,
            as_of: held.as_of,
            source: held.source,
            proven: held.proven,
        }
    }
}

/// Writes an opened value into the answer: it has passed the gate and its entry is durable.
fn exposed<S: Serializer>(value: &Private<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.expose())
}

pub(crate) async fn data(
    State(web): State<Web>,
    caller: Caller,
    Id(subject): Id<SubjectId>,
    Asked(asked): Asked<DataQuery>,
) -> Answer {
    caller.need_purpose(asked.purpose)?;
    caller.count_look(&web)?;
    let mut categories = Vec::new();
    for text in asked.categories.as_deref().unwrap_or_default().split(',').filter(|text| !text.is_empty()) {
        categories.push(CategoryCode::new(text.trim()).map_err(|_| Problem::malformed("query: categories"))?);
    }
    let view = web
        .call(move |app| access::data(app, &caller.context(app), subject, asked.purpose, &categories))
        .await?;
    let values = view.values.into_iter().map(Opened::from).collect();
    json(
        StatusCode::OK,
        &Data { subject_id: view.subject, purpose: view.purpose, values, log_entry: view.log_entry },
    )
}
