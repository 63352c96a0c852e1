//! The published notices: version, language, bytes' hash, from when.
//!
//! Clauses: C19.

use app::policy::Ability;
use axum::response::Response;
use maud::html;

use super::desk::Desk;
use crate::answer::Trouble;
use crate::dates;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::table::{Column, Table, operator_table};

pub(super) async fn list(desk: Desk) -> Result<Response, Trouble> {
    let role = desk.role_for(Ability::Notices)?;
    let notices = desk
        .act(role, |app, ctx| {
            app.require(ctx, Ability::Notices)?;
            app::notice::list(app)
        })
        .await?;
    let t = desk.visit.t;
    let today = desk.visit.web.local(desk.visit.now()).date();
    let in_force = notices.iter().find(|one| one.effective_on <= today).map(|one| one.version.clone());
    let title = t.get("notices-title");
    let heads = [
        t.get("notices-version"),
        t.get("notices-language"),
        t.get("notices-effective"),
        t.get("notices-published-at"),
        t.get("policy-sha256"),
        t.get("enquiries-status"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = notices
        .iter()
        .map(|one| {
            let raw = format!("/{}/policy/versions/{}", one.language, one.version);
            let hash = one.sha256_hex();
            let name = t.find(&format!("site-language-name-{}", one.language)).unwrap_or_default();
            let standing = if in_force.as_deref() == Some(&one.version) {
                blocks::tag(Tone::Green, &t.get("policy-current"))
            } else if one.effective_on > today {
                blocks::tag(Tone::Gold, &t.get("notices-coming"))
            } else {
                blocks::tag(Tone::Quiet, &t.get("policy-archived"))
            };
            vec![
                html! { a href=(raw) { (one.version) } },
                html! { span lang=(one.language) { (name) } },
                html! { time datetime=(one.effective_on) { (dates::date(t, one.effective_on)) } },
                html! { time datetime=(one.published_at) { (desk.visit.web.date_time(t, one.published_at)) } },
                html! { code title=(hash) { (hash.get(..16).unwrap_or_default()) "…" } },
                standing,
            ]
        })
        .collect::<Vec<_>>();
    let body = html! {
        h1 { (title) }
        p { (t.get("notices-how")) " " code { "senim notice publish --lang ru --effective DATE FILE" } }
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("notices-none"), "", None))
        } @else {
            (operator_table(&Table { id: "notices", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
        }
    };
    Ok(desk.page("/notices", &title, body))
}
