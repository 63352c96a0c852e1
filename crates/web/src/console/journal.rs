//! The log for those who audit: checkpoint, entries in order, and the full check.
//!
//! Clauses: C11, C12.2.

use app::log::{self, EntryView};
use app::policy::Ability;
use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{Desk, clause_href, number};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind};
use crate::ui::table::{Column, Pages, Table, operator_table, pagination, row_filter};
use crate::ui::{Link, Tone};

/// Rows of a page.
const ROWS: u32 = 100;

#[derive(Default, Deserialize)]
pub(super) struct From {
    from: Option<u64>,
}

pub(super) async fn list(desk: Desk, Query(which): Query<From>) -> Result<Response, Trouble> {
    page(&desk, which.from, &html! {}).await
}

async fn page(desk: &Desk, from: Option<u64>, above: &Markup) -> Result<Response, Trouble> {
    let role = desk.role_for(Ability::LogEntries)?;
    let t = desk.visit.t;
    let (note, vkey, start, entries) = desk
        .act(role, move |app, ctx| {
            let note = log::checkpoint(app)?;
            let size: u64 = note.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or(0);
            // The newest page first: where an auditor begins.
            let start = from.unwrap_or_else(|| size.saturating_sub(u64::from(ROWS)));
            Ok((note, log::vkey(app), start, log::entries(app, ctx, start, ROWS)?))
        })
        .await?;
    let mut lines = note.lines();
    let (origin, size, root) =
        (lines.next().unwrap_or_default(), lines.next().unwrap_or("0"), lines.next().unwrap_or_default());
    let title = t.get("log-title");
    let heads = [
        t.get("log-number"),
        t.get("log-time"),
        t.get("log-entry"),
        t.get("log-actor"),
        t.get("log-purpose"),
        t.get("log-categories"),
        t.get("log-clause"),
        t.get("history-proof"),
    ];
    let mut columns: Vec<Column<'_>> =
        heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    if let Some(first) = columns.first_mut() {
        first.numeric = true;
    }
    let rows: Vec<Vec<Markup>> = entries.iter().rev().map(|view| row(desk, view)).collect();
    let total: u64 = size.parse().unwrap_or(0);
    let after = start + u64::from(ROWS);
    let older =
        (start > 0).then(|| desk.href(&format!("/log?from={}", start.saturating_sub(u64::from(ROWS)))));
    let newer = (after < total).then(|| desk.href(&format!("/log?from={after}")));
    let (older_words, newer_words) = (t.get("log-older"), t.get("log-newer"));
    let position = format!("{start}–{} / {total}", after.min(total).saturating_sub(1));
    let body = html! {
        h1 { (title) }
        (above)
        p {
            (t.get("log-origin")) ": " code { (origin) } br;
            (t.with("log-checkpoint", &[("size", size), ("root", root)])) br;
            (t.get("log-key")) ": " code { (vkey) }
        }
        (desk.form("/log", &html! {
            (desk.role_field(Ability::LogEntries))
            (form::button(&t.get("log-check"), ButtonKind::Secondary))
        }))
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("log-empty"), "", None))
        } @else {
            (row_filter(&t.get("console-row-filter"), "log", &t.get("console-row-count")))
            (operator_table(&Table { id: "log", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
            (pagination(&Pages {
                label: &t.get("console-pages"), position: &position,
                previous: older.as_deref().map(|href| Link::new(href, &older_words)),
                next: newer.as_deref().map(|href| Link::new(href, &newer_words)),
            }))
        }
    };
    Ok(desk.page("/log", &title, body))
}

fn row(desk: &Desk, view: &EntryView) -> Vec<Markup> {
    let t = desk.visit.t;
    let policy = desk.visit.web.app().policy();
    let text = |name: &str| view.entry[name].as_str().unwrap_or_default();
    let at = text("at");
    let when = at.parse().map(|at| desk.visit.web.date_time(t, at)).unwrap_or_default();
    let kind = t.find(&format!("entry-{}", text("kind"))).unwrap_or_else(|| text("kind").to_owned());
    let role = model::RoleId::new(text("role")).map(|role| desk.role_name(role)).unwrap_or_default();
    let purpose = model::PurposeId::new(text("purpose")).map(|id| desk.purpose_name(id)).unwrap_or_default();
    let categories: Vec<&str> = view.entry["categories"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|code| code.as_str())
        .map(|code| {
            let known = model::CategoryCode::new(code).ok().and_then(|code| policy.category(code));
            known.map_or(code, |known| known.label.get(desk.visit.locale))
        })
        .collect();
    let clause = text("clause");
    vec![
        html! { (view.index) },
        html! { time datetime=(at) { (when) } },
        html! { (kind) @if !text("note").is_empty() { " " code { (text("note")) } } },
        html! { (role) br; small { code { (text("actor")) } } },
        html! { (purpose) },
        html! { (categories.join(", ")) },
        html! { a href=(clause_href(&desk.visit, clause)) { (number(clause)) } },
        html! { a href=(desk.visit.href(&format!("/log/proof/{}", text("id")))) { (t.get("seal-open")) span.vh { " " (view.index) } } },
    ]
}

pub(super) async fn check(desk: Desk, fields: Fields) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let role = desk.role_chosen(&fields, Ability::LogEntries)?;
    let findings = desk
        .act(role, |app, ctx| {
            app.require(ctx, Ability::LogEntries)?;
            log::fsck(app)
        })
        .await?;
    let t = desk.visit.t;
    let above = if findings.is_empty() {
        form::flash(Tone::Green, &t.get("log-check-sound"))
    } else {
        blocks::notice(
            Tone::Red,
            &t.get("log-check-broken"),
            &html! { ul lang="en" { @for line in &findings { li { (line) } } } },
        )
    };
    page(&desk, None, &above).await
}
