//! Requests about rights, the most urgent first, each with its limit and why.
//!
//! Clauses: C7, C16, C17, C21.

use app::policy::Ability;
use app::request::{self, RequestView};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Operation, RequestId};

use super::desk::{Desk, clause_href, number};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::Tone;
use crate::ui::blocks::{self, Due, Reason};
use crate::ui::form::{self, ButtonKind};
use crate::ui::table::{Column, Table, operator_table};

/// Rows of the page.
const ROWS: u32 = 200;

pub(super) async fn list(desk: Desk) -> Result<Response, Trouble> {
    let role = desk.role_for(Ability::Requests)?;
    let views = desk.act(role, |app, ctx| request::list(app, ctx, ROWS)).await?;
    let t = desk.visit.t;
    let title = t.get("console-nav-requests");
    let heads = [
        t.get("enquiries-number"),
        t.get("request-kind"),
        t.get("enquiries-received"),
        t.get("enquiries-due"),
        t.get("enquiries-status"),
        t.get("request-step"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = views
        .iter()
        .map(|view| {
            let kind = t.find(&format!("request-kind-{}", view.kind)).unwrap_or_else(|| view.kind.clone());
            vec![
                html! { (view.number) },
                html! { (kind) },
                html! { time datetime=(view.opened_at) { (desk.visit.web.date_time(t, view.opened_at)) } },
                due(&desk, view),
                state(&desk, &view.status),
                steps(&desk, view),
            ]
        })
        .collect::<Vec<_>>();
    let body = html! {
        h1 { (title) }
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("requests-none"), "", None))
        } @else {
            (operator_table(&Table { id: "requests", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
        }
    };
    Ok(desk.page("/requests", &title, body))
}

fn state(desk: &Desk, status: &str) -> Markup {
    let tone = match status {
        "received" => Tone::Sky,
        "verified" | "confirmed" => Tone::Gold,
        "completed" => Tone::Green,
        _ => Tone::Quiet,
    };
    let words = desk.visit.t.find(&format!("request-status-{status}")).unwrap_or_else(|| status.to_owned());
    blocks::tag(tone, &words)
}

fn due(desk: &Desk, view: &RequestView) -> Markup {
    let t = desk.visit.t;
    let date = crate::dates::date_with_weekday(t, view.due_on);
    let texts: Vec<(String, String, String)> = view
        .deadlines
        .iter()
        .map(|line| {
            let source = match line.source {
                "clause" => t.with("deadline-source-clause", &[("clause", number(line.rule.as_str()))]),
                "law" => t.get("deadline-source-law"),
                _ => t.get("deadline-source-gdpr"),
            };
            let amount = t.count(unit_key(line.unit), i64::from(line.amount));
            let effective = if line.effective { t.get("deadline-effective") } else { String::new() };
            let text = format!("{amount}: {}. {effective}", desk.visit.web.date_time(t, line.due_at));
            (source, text, clause_href(&desk.visit, line.rule.as_str()))
        })
        .collect();
    let reasons: Vec<Reason<'_>> =
        texts.iter().map(|(source, text, href)| Reason { source, text, href }).collect();
    let open = !matches!(view.status.as_str(), "completed" | "refused");
    let last = view.deadlines.first().map(|line| line.due_at);
    let late = open && last.is_some_and(|at| at < desk.visit.now());
    let tone = match (open, late) {
        (false, _) => Tone::Quiet,
        (true, true) => Tone::Red,
        (true, false) => Tone::Gold,
    };
    blocks::due(&Due {
        date: &date,
        datetime: &view.due_on.to_string(),
        why: &t.get("deadline-title"),
        reasons: &reasons,
        tone,
        ..Due::default()
    })
}

fn unit_key(unit: &str) -> &'static str {
    match unit {
        "working-days" => "unit-working-days",
        "calendar-days" => "unit-calendar-days",
        "months" => "unit-months",
        _ => "unit-hours",
    }
}

/// Roles that may decide on a request: taking it in is not deciding it.
fn may_decide(desk: &Desk, role: model::RoleId) -> bool {
    desk.visit.web.app().policy().may(role, app::code::RIGHTS, Operation::Restriction)
}

fn steps(desk: &Desk, view: &RequestView) -> Markup {
    let t = desk.visit.t;
    let next = request::next_states(&view.status);
    let deciding = desk.roles_with(Ability::Requests).into_iter().any(|role| may_decide(desk, role));
    if next.is_empty() || !deciding {
        return html! {};
    }
    desk.form(
        &format!("/requests/{}", view.request_id),
        &form::buttons(&html! {
            @for to in next {
                @let kind = match *to { "refused" => ButtonKind::Quiet, "completed" if view.kind == "erasure" => ButtonKind::Harm, _ => ButtonKind::Secondary };
                (form::button_named(&t.find(&format!("request-do-{to}")).unwrap_or_default(), kind, "to", to))
            }
        }),
    )
}

pub(super) async fn advance(
    desk: Desk,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let id: RequestId = id.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let role = desk
        .roles_with(Ability::Requests)
        .into_iter()
        .find(|role| may_decide(&desk, *role))
        .ok_or_else(|| app::Failure::violation("operation-not-of-role", "C11.4"))?;
    let to = fields.text("to").to_owned();
    desk.act(role, move |app, ctx| request::advance(app, ctx, id, &to)).await?;
    Ok(Redirect::to(&desk.href("/requests")).into_response())
}
