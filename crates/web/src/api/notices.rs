//! What is published: the notice in force and the recipients; and the evidence computed now.
//!
//! Clauses: C11, C18, C19.

use app::policy::Ability;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use model::{CategoryCode, Locale, PurposeId, RecipientId};
use serde::{Deserialize, Serialize};

use crate::api::body::Asked;
use crate::api::caller::Caller;
use crate::api::cursor::List;
use crate::api::{Answer, Page, json, limit};
use crate::pages::accepted;
use crate::state::Web;

#[derive(Serialize)]
struct Current {
    version: String,
    sha256: String,
    language: Locale,
    languages: Vec<Locale>,
    effective_on: String,
}

/// The notice in force that a consent binds; `sha256` is of the text that stands in `language`.
pub(crate) async fn current(State(web): State<Web>, headers: HeaderMap) -> Answer {
    let locale = accepted(&headers);
    let current = web
        .call(move |app| {
            let at = app.now();
            let notice = app::notice::head_in_force(app, locale, at)?;
            let languages = app::notice::languages_in_force(app, at)?;
            Ok(Current {
                sha256: notice.sha256_hex(),
                language: notice.language,
                languages,
                effective_on: notice.effective_on.to_string(),
                version: notice.version,
            })
        })
        .await?;
    json(StatusCode::OK, &current)
}

#[derive(Serialize)]
struct Listed {
    recipient_id: RecipientId,
    kind: &'static str,
    name: String,
    bin: String,
    country: String,
    purposes: Vec<PurposeId>,
    categories: Vec<CategoryCode>,
    published: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
}

/// The register by id, as `policy/` states it.
pub(crate) async fn recipients(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<Listing>,
) -> Answer {
    let after: Option<RecipientId> = List::Recipients.read(asked.cursor.as_deref())?;
    let limit = limit(asked.limit) as usize;
    let policy = web.app().policy();
    let mut rows: Vec<_> = policy.recipients().iter().collect();
    rows.sort_unstable_by_key(|recipient| recipient.id);
    rows.retain(|recipient| after.is_none_or(|after| recipient.id > after));
    let next_cursor = rows.get(limit).and(rows.get(limit - 1)).map(|last| List::Recipients.after(last.id));
    let items: Vec<Listed> = rows
        .into_iter()
        .take(limit)
        .map(|recipient| Listed {
            recipient_id: recipient.id,
            kind: recipient.kind.code(),
            name: recipient.name.get(caller.locale).to_owned(),
            bin: recipient.bin.clone(),
            country: recipient.country.clone(),
            purposes: recipient.purposes.clone(),
            categories: policy.codes(recipient.categories),
            published: recipient.published,
        })
        .collect();
    json(StatusCode::OK, &Page { items, next_cursor })
}

pub(crate) async fn evidence(State(web): State<Web>, caller: Caller) -> Answer {
    caller.need(&web, Ability::Evidence)?;
    let matrix = web.call(move |app| app::evidence::compute_for(app, &caller.context(app))).await?;
    json(StatusCode::OK, &matrix)
}
