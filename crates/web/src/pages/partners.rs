//! The published list of partners, from the register (C18). Whoever is not on it receives nothing.
//!
//! Clauses: C11.3, C18.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::{Here, Sheet, Visit};
use crate::state::Web;
use crate::ui::blocks;
use crate::ui::table::{Column, Table, person_table};

/// The route of the list.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/partners", get(show))
}

async fn show(visit: Visit) -> Response {
    let t = visit.t;
    let locale = visit.locale;
    let policy = visit.web.app().policy();
    let heads = [
        t.get("partners-name"),
        t.get("partners-bin"),
        t.get("partners-country"),
        t.get("partners-purposes"),
        t.get("partners-data"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows: Vec<Vec<maud::Markup>> = policy
        .recipients()
        .iter()
        .filter(|one| one.published)
        .map(|one| {
            let purposes = one
                .purposes
                .iter()
                .filter_map(|id| policy.purpose(*id))
                .map(|purpose| purpose.title.get(locale))
                .collect::<Vec<_>>()
                .join(", ");
            let data = policy
                .codes(one.categories)
                .into_iter()
                .filter_map(|code| policy.category(code))
                .map(|category| category.label.get(locale))
                .collect::<Vec<_>>()
                .join(", ");
            vec![
                html! { (one.name.get(locale)) },
                html! { (one.bin) },
                html! { (one.country) },
                html! { (purposes) },
                html! { (data) },
            ]
        })
        .collect();
    let title = t.get("partners-title");
    let as_of = t.with("partners-as-of", &[("date", &visit.web.date(t, visit.now()))]);
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("partners-lead")) }
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("partners-empty"), &as_of, None))
        } @else {
            (person_table(&Table { id: "partners", caption: &as_of, columns: &columns, rows, ..Table::default() }))
        }
    };
    visit.page(&Sheet { title: &title, here: Here::Partners, body, public: true, ..Sheet::default() })
}
