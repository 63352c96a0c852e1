//! The evidence matrix, dense: every clause with its result now, its control, its test, and what is missing.

use app::evidence::{self, Standing};
use app::policy::Ability;
use axum::extract::Query;
use axum::response::Response;
use maud::html;
use serde::Deserialize;

use super::desk::{Desk, clause_href, number};
use crate::answer::Trouble;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, Choice, Field};
use crate::ui::table::{Column, Table, operator_table};

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    standing: String,
}

const fn words(standing: Standing) -> (Tone, &'static str) {
    match standing {
        Standing::Kept => (Tone::Green, "evidence-holds"),
        Standing::Broken => (Tone::Red, "evidence-broken"),
        Standing::Partly => (Tone::Gold, "evidence-partly"),
        Standing::NotBuilt => (Tone::Quiet, "evidence-not-built"),
    }
}

pub(super) async fn show(desk: Desk, Query(filter): Query<Filter>) -> Result<Response, Trouble> {
    const ALL: [Standing; 4] = [Standing::Broken, Standing::Kept, Standing::Partly, Standing::NotBuilt];
    let role = desk.role_for(Ability::Evidence)?;
    let found = desk.act(role, evidence::compute_for).await?;
    let t = desk.visit.t;
    let title = t.get("evidence-title");
    let count =
        |standing: Standing| found.rows.iter().filter(|row| row.standing == standing).count().to_string();
    let heads = [
        t.get("evidence-clause"),
        t.get("evidence-obligation"),
        t.get("evidence-result"),
        t.get("evidence-control"),
        t.get("evidence-test"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = found
        .rows
        .iter()
        .filter(|row| filter.standing.is_empty() || row.standing.code() == filter.standing)
        .map(|row| {
            let (tone, key) = words(row.standing);
            let id = row.id.to_string();
            vec![
                html! { @if id.starts_with('C') { a href=(clause_href(&desk.visit, &id)) { (number(&id)) } } @else { (id) } },
                html! { (row.obligation) },
                html! {
                    (blocks::tag(tone, &t.find(key).unwrap_or_default()))
                    @for finding in &row.findings { br; small lang="en" { (finding) } }
                    @if let Some(next) = &row.next { br; small lang="en" { (next) } }
                },
                html! { small lang="en" { (row.controls.join(", ")) } },
                html! { small lang="en" { (row.tests.join(", ")) } },
            ]
        })
        .collect();
    let names: Vec<(&str, String)> =
        ALL.iter().map(|one| (one.code(), t.find(words(*one).1).unwrap_or_default())).collect();
    let all = t.get("enquiries-filter-all");
    let mut choices =
        vec![Choice { value: "", label: &all, checked: filter.standing.is_empty(), ..Choice::default() }];
    choices.extend(names.iter().map(|(value, label)| Choice {
        value,
        label,
        checked: filter.standing == *value,
        ..Choice::default()
    }));
    let select = form::select(
        &Field { name: "standing", label: &t.get("evidence-result"), ..Field::default() },
        &choices,
    );
    let summary = t.with(
        "evidence-summary",
        &[
            ("kept", &count(Standing::Kept)),
            ("broken", &count(Standing::Broken)),
            ("missing", &count(Standing::NotBuilt)),
        ],
    );
    let partly = t.with("evidence-summary-partly", &[("partly", &count(Standing::Partly))]);
    let body = html! {
        h1 { (title) }
        p { (summary) "; " (partly) ". " (t.with("evidence-computed-at", &[("date", &desk.visit.web.date_time(t, found.at))])) }
        (form::filters(&desk.href("/evidence"), &t.get("enquiries-filter"), &t.get("enquiries-filter"), &select))
        (operator_table(&Table { id: "matrix", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
    };
    Ok(desk.page("/evidence", &title, body))
}
