//! Who looked and what was done: each line with who, why, when, clause, and its seal.
//!
//! Clauses: C11.3, C16.1.

use app::access::{self, HistoryView};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use model::EntryId;

use super::account::page;
use super::{Sheet, Visit};
use crate::answer::Trouble;
use crate::state::Web;
use crate::ui::blocks;
use crate::ui::seal::{SealState, seal};
use crate::ui::table::{Column, Table, person_table};

/// Lines on one page.
const LINES: usize = 25;

/// The routes of the history.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/account/history", get(show)).route("/{lang}/log/proof/{entry}", get(proof))
}

#[derive(serde::Deserialize)]
struct Which {
    page: Option<usize>,
}

async fn show(
    visit: Visit,
    axum::extract::Query(which): axum::extract::Query<Which>,
) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    let at = which.page.unwrap_or(1).max(1);
    let (lines, total) = visit
        .web
        .call(move |app| {
            let all = access::history(app, &ctx, subject)?;
            let total = all.len();
            let mut lines = Vec::with_capacity(LINES);
            for line in all.into_iter().skip((at - 1) * LINES).take(LINES) {
                let state = check(app, &line);
                lines.push((line, state));
            }
            Ok((lines, total))
        })
        .await?;
    let t = visit.t;
    let title = t.get("history-title");
    let pages = total.div_ceil(LINES);
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("history-lead")) }
        @if lines.is_empty() { (blocks::empty_state(&t.get("history-empty"), "", None)) } @else { (table(&visit, &lines)) }
        @if pages > 1 {
            nav.pages aria-label=(title) {
                @if at > 1 { a href=(visit.href(&format!("/account/history?page={}", at - 1))) { (t.get("site-previous-page")) } }
                span { (at) " / " (pages) }
                @if at < pages { a href=(visit.href(&format!("/account/history?page={}", at + 1))) { (t.get("site-next-page")) } }
            }
        }
    };
    Ok(page(&visit, &person, "/account/history", Sheet { title: &title, body, ..Sheet::default() }))
}

/// Checks a line's proof while the page is made.
fn check(app: &app::App, line: &HistoryView) -> SealState {
    let Ok(entry) = line.entry_id.parse::<EntryId>() else { return SealState::Broken };
    match app::log::proof(app, entry) {
        Ok(proof) => match app::receipt::verify(app, proof.as_bytes()) {
            Ok(verdict) if verdict.valid => SealState::Verified,
            _ => SealState::Broken,
        },
        Err(_) => SealState::Pending,
    }
}

fn table(visit: &Visit, lines: &[(HistoryView, SealState)]) -> Markup {
    let t = visit.t;
    let policy = visit.web.app().policy();
    let heads = [
        t.get("history-when"),
        t.get("history-what"),
        t.get("history-who"),
        t.get("history-why"),
        t.get("history-clause"),
        t.get("history-proof"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = lines
        .iter()
        .map(|(line, state)| {
            let text = |name: &str| line.entry[name].as_str().unwrap_or_default().to_owned();
            let at = text("at").parse().map(|at| visit.web.date_time(t, at)).unwrap_or_default();
            let kind = text("kind");
            let what = t.find(&format!("entry-{kind}")).unwrap_or(kind);
            let categories: Vec<String> = line.entry["categories"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|code| code.as_str())
                .map(|code| {
                    let known = model::CategoryCode::new(code).ok().and_then(|code| policy.category(code));
                    known.map_or_else(|| code.to_owned(), |known| known.label.get(visit.locale).to_owned())
                })
                .collect();
            let purpose = model::PurposeId::new(&text("purpose"))
                .ok()
                .and_then(|id| policy.purpose(id))
                .map(|known| known.title.get(visit.locale).to_owned())
                .unwrap_or_default();
            let clause = text("clause");
            let number = clause.trim_start_matches('C').to_owned();
            let clause_href = visit.href(&format!("/policy#c-{}", number.replace('.', "-")));
            let label = t.get(match state {
                SealState::Verified => "seal-verified",
                SealState::Pending => "seal-pending",
                SealState::Broken => "seal-broken",
            });
            let proof = visit.href(&format!("/log/proof/{}", line.entry_id));
            vec![
                html! { (at) },
                html! { (what) @if !categories.is_empty() { br; small { (categories.join(", ")) } } },
                html! { (who(visit, &line.entry)) },
                html! { (purpose) },
                html! { a href=(clause_href) { (number) } },
                html! { (seal(&line.commitment, *state, &label, &proof)) },
            ]
        })
        .collect();
    person_table(&Table {
        id: "history",
        caption: &t.get("history-title"),
        caption_hidden: true,
        columns: &columns,
        rows,
        ..Table::default()
    })
}

/// Who acted: the person, or a role.
fn who(visit: &Visit, entry: &serde_json::Value) -> String {
    let t = visit.t;
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let (principal, role) = (text("actor"), text("role"));
    match principal.as_str() {
        "self" => t.get("principal-self"),
        "system" => t.get("principal-system"),
        "visitor" => t.get("principal-visitor"),
        other => {
            let kind = if other.starts_with("key_") {
                t.get("principal-api-key")
            } else {
                t.get("principal-operator")
            };
            match t.find(&format!("role-{role}")) {
                Some(role) => format!("{kind}, {role}"),
                None => kind,
            }
        }
    }
}

/// The proof of an entry, public: a leaf says nothing about anybody.
async fn proof(visit: Visit, Path((_, entry)): Path<(String, String)>) -> Result<Response, Trouble> {
    let id: EntryId = entry.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let proof = visit.web.call(move |app| app::log::proof(app, id)).await?;
    Ok(super::receipt::file(&format!("senim-proof-{entry}.json"), proof))
}
