//! The log: checkpoint, tiles and proofs for everybody, entries for the auditor.
//!
//! Clauses: C11, C12.2; DESIGN §2c.

use app::log::{self, EntryView};
use app::policy::Ability;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use model::EntryId;
use serde::Deserialize;

use crate::api::body::Asked;
use crate::api::caller::Caller;
use crate::api::{Answer, Page, Problem, file, json, limit};
use crate::state::Web;

pub(crate) async fn checkpoint(State(web): State<Web>) -> Answer {
    let note = web.call(log::checkpoint).await?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, note).into_response())
}

pub(crate) async fn tile(State(web): State<Web>, Path(path): Path<String>) -> Answer {
    let partial = path.contains(".p/");
    let bytes = web.call(move |app| log::tile(app, &path)).await?;
    // A full tile never changes; one that still grows is asked for again.
    let cache = if partial { "no-cache" } else { "public, max-age=31536000, immutable" };
    let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, cache)];
    Ok((headers, bytes).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfEntry {
    entry: String,
}

pub(crate) async fn proof(State(web): State<Web>, Asked(asked): Asked<OfEntry>) -> Answer {
    let entry: EntryId = asked.entry.parse().map_err(|_| Problem::not_found())?;
    Ok(file(web.call(move |app| log::proof(app, entry)).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    #[serde(default)]
    cursor: Option<u64>,
    #[serde(default)]
    limit: Option<u32>,
}

pub(crate) async fn entries(State(web): State<Web>, caller: Caller, Asked(asked): Asked<Listing>) -> Answer {
    caller.need(&web, Ability::LogEntries)?;
    let limit = limit(asked.limit);
    let items: Vec<EntryView> = web
        .call(move |app| log::entries(app, &caller.context(app), asked.cursor.unwrap_or(0), limit))
        .await?;
    let next =
        items.last().filter(|_| items.len() == limit as usize).map(|last| (last.index + 1).to_string());
    json(StatusCode::OK, &Page { items, next_cursor: next })
}
