//! How each clause is kept: the matrix computed from this instance, honest about what is not built.
//!
//! Clauses: all; C12.2.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::evidence::{self, Evidence, Standing};
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;
use model::Locale;

use super::{Sheet, Visit};
use crate::answer::Trouble;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::table::{Column, Table, person_table};

/// The matrix reads the whole log, so that anybody may ask for it only this often.
const FRESH: Duration = Duration::from_mins(1);

/// The last matrix of each language.
#[derive(Default)]
pub struct Cache(Mutex<Vec<(Locale, Instant, std::sync::Arc<Evidence>)>>);

impl Cache {
    fn get(&self, locale: Locale) -> Option<std::sync::Arc<Evidence>> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.iter()
            .find(|(known, at, _)| *known == locale && at.elapsed() < FRESH)
            .map(|(_, _, found)| found.clone())
    }
    fn put(&self, locale: Locale, found: std::sync::Arc<Evidence>) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.retain(|(known, ..)| *known != locale);
        rows.push((locale, Instant::now(), found));
    }
}

/// The route of the matrix.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/evidence", get(show))
}

async fn show(visit: Visit) -> Result<Response, Trouble> {
    let locale = visit.locale;
    let found = if let Some(found) = visit.web.evidence().get(locale) {
        found
    } else {
        let found = std::sync::Arc::new(visit.web.call(move |app| evidence::compute(app, locale)).await?);
        visit.web.evidence().put(locale, found.clone());
        found
    };
    let t = visit.t;
    let title = t.get("evidence-title");
    let count =
        |standing: Standing| found.rows.iter().filter(|row| row.standing == standing).count().to_string();
    let (kept, broken, partly, missing) =
        (count(Standing::Kept), count(Standing::Broken), count(Standing::Partly), count(Standing::NotBuilt));
    let heads = [
        t.get("evidence-clause"),
        t.get("evidence-result"),
        t.get("evidence-control"),
        t.get("evidence-test"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = found
        .rows
        .iter()
        .map(|row| {
            let id = row.id.to_string();
            let number = id.trim_start_matches('C').to_owned();
            let (tone, key) = match row.standing {
                Standing::Kept => (Tone::Green, "evidence-holds"),
                Standing::Broken => (Tone::Red, "evidence-broken"),
                Standing::Partly => (Tone::Gold, "evidence-partly"),
                Standing::NotBuilt => (Tone::Quiet, "evidence-not-built"),
            };
            let href = visit.href(&format!("/policy#c-{}", number.replace('.', "-")));
            vec![
                html! { span id=(id) { @if id.starts_with('C') { a href=(href) { (number) } } @else { (id) } } br; small { (row.obligation) } },
                html! {
                    (blocks::tag(tone, &t.find(key).unwrap_or_default()))
                    @for finding in &row.findings { br; small lang="en" { (finding) } }
                    @if let Some(next) = &row.next { br; small { (next) } }
                },
                html! { small lang="en" { (row.controls.join(", ")) } },
                html! { small lang="en" { (row.tests.join(", ")) } },
            ]
        })
        .collect();
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("evidence-lead")) }
        p {
            (t.with("evidence-summary", &[("kept", &kept), ("broken", &broken), ("missing", &missing)]))
            "; " (t.with("evidence-summary-partly", &[("partly", &partly)])) ". "
            (t.with("evidence-computed-at", &[("date", &visit.web.date_time(t, found.at))]))
        }
        (person_table(&Table { id: "evidence", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
    };
    Ok(visit.page(&Sheet { title: &title, body, public: true, ..Sheet::default() }))
}
