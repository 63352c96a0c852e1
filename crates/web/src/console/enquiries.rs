//! Enquiries: the list with its filter in the address, and one with its state.
//!
//! Clauses: C8.2, C11.7.

use app::enquiry::{self, EnquiryView};
use app::policy::Ability;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::EnquiryId;
use serde::Deserialize;

use super::desk::Desk;
use super::open;
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::blocks::{self, SummaryRow};
use crate::ui::form::{self, ButtonKind, Choice, Field};
use crate::ui::table::{Column, Pages, Table, operator_table, pagination, row_filter};
use crate::ui::{Link, Tone};

/// Rows of a page.
const ROWS: u32 = 50;
/// The states, as the core names them.
const STATES: [&str; 6] = ["received", "assigned", "in-work", "fulfilled", "declined", "lapsed"];

#[derive(Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    status: String,
    #[serde(default)]
    before: String,
}

fn state_name(desk: &Desk, status: &str) -> String {
    desk.visit.t.find(&format!("enquiry-status-{status}")).unwrap_or_else(|| status.to_owned())
}

fn state_tag(desk: &Desk, status: &str) -> Markup {
    let tone = match status {
        "received" => Tone::Sky,
        "assigned" | "in-work" => Tone::Gold,
        "fulfilled" => Tone::Green,
        _ => Tone::Quiet,
    };
    blocks::tag(tone, &state_name(desk, status))
}

fn form_name(desk: &Desk, view: &EnquiryView) -> String {
    let policy = desk.visit.web.app().policy();
    policy
        .form(view.form)
        .map_or_else(|| view.form.to_string(), |form| form.title.get(desk.visit.locale).to_owned())
}

pub(super) async fn list(desk: Desk, Query(filter): Query<Filter>) -> Result<Response, Trouble> {
    let role = desk.role_for(Ability::Enquiries)?;
    let status = STATES.contains(&filter.status.as_str()).then(|| filter.status.clone());
    let before = filter.before.parse::<EnquiryId>().ok();
    let wanted = status.clone();
    let (views, next) = desk.act(role, move |app, ctx| enquiry::list(app, ctx, wanted, before, ROWS)).await?;
    let t = desk.visit.t;
    let title = t.get("enquiries-title");
    let heads = [
        t.get("enquiries-number"),
        t.get("enquiries-received"),
        t.get("enquiries-form"),
        t.get("open-purpose"),
        t.get("enquiries-status"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = views
        .iter()
        .map(|view| {
            vec![
                html! { a href=(desk.href(&format!("/enquiries/{}", view.enquiry_id))) { (view.number) } },
                html! { time datetime=(view.opened_at) { (desk.visit.web.date_time(t, view.opened_at)) } },
                html! { (form_name(&desk, view)) },
                html! { (desk.purpose_name(view.purpose)) },
                state_tag(&desk, &view.status),
            ]
        })
        .collect::<Vec<_>>();
    let names: Vec<(&str, String)> = STATES.iter().map(|state| (*state, state_name(&desk, state))).collect();
    let all = t.get("enquiries-filter-all");
    let mut choices = vec![Choice { value: "", label: &all, checked: status.is_none(), ..Choice::default() }];
    choices.extend(names.iter().map(|(value, label)| Choice {
        value,
        label,
        checked: status.as_deref() == Some(*value),
        ..Choice::default()
    }));
    let select = form::select(
        &Field { name: "status", label: &t.get("enquiries-filter-status"), ..Field::default() },
        &choices,
    );
    let count = t.count("enquiries-count", i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let next_href = next.map(|cursor| {
        desk.href(&format!("/enquiries?status={}&before={cursor}", status.as_deref().unwrap_or_default()))
    });
    let next_words = t.get("site-next-page");
    let body = html! {
        h1 { (title) }
        (form::filters(&desk.href("/enquiries"), &t.get("enquiries-filter"), &t.get("enquiries-filter"), &select))
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("enquiries-empty"), "", None))
        } @else {
            (row_filter(&t.get("console-row-filter"), "enquiries", &t.get("console-row-count")))
            (operator_table(&Table { id: "enquiries", caption: &count, columns: &columns, rows, ..Table::default() }))
            @if let Some(href) = &next_href {
                (pagination(&Pages {
                    label: &t.get("console-pages"), position: &count, previous: None,
                    next: Some(Link::new(href, &next_words)),
                }))
            }
        }
    };
    Ok(desk.page("/enquiries", &title, body))
}

pub(super) async fn one(desk: Desk, Path((_, id)): Path<(String, String)>) -> Result<Response, Trouble> {
    let id: EnquiryId = id.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let role = desk.role_for(Ability::Enquiries)?;
    let view = desk.act(role, move |app, ctx| enquiry::find(app, ctx, id)).await?;
    let t = desk.visit.t;
    let title = t.with("enquiry-title", &[("number", &view.number)]);
    let words = [
        t.get("enquiries-form"),
        t.get("open-purpose"),
        t.get("enquiries-received"),
        t.get("enquiries-status"),
        t.get("enquiry-changed"),
    ];
    let row = |key, value| SummaryRow { key, value, ..SummaryRow::default() };
    let rows = [
        row(words[0].as_str(), html! { (form_name(&desk, &view)) }),
        row(&words[1], html! { (desk.purpose_name(view.purpose)) }),
        row(
            &words[2],
            html! { time datetime=(view.opened_at) { (desk.visit.web.date_time(t, view.opened_at)) } },
        ),
        row(&words[3], state_tag(&desk, &view.status)),
        row(
            &words[4],
            html! { time datetime=(view.changed_at) { (desk.visit.web.date_time(t, view.changed_at)) } },
        ),
    ];
    let body = html! {
        (blocks::back_link(&Link::new(&desk.href("/enquiries"), &t.get("enquiries-title"))))
        h1 { (title) }
        (blocks::summary_list(&rows, ""))
        (steps(&desk, &view))
        (open::form(&desk, view.subject_id, Some(view.purpose), &t.get("open-title")))
    };
    Ok(desk.page("/enquiries", &title, body))
}

/// Buttons for every state it may go to.
fn steps(desk: &Desk, view: &EnquiryView) -> Markup {
    let t = desk.visit.t;
    let next = enquiry::next_states(&view.status);
    if next.is_empty() {
        return html! {};
    }
    let buttons = html! {
        @for state in next {
            @let kind = match *state { "in-work" => ButtonKind::Primary, "declined" | "lapsed" => ButtonKind::Quiet, _ => ButtonKind::Secondary };
            @let label = t.find(&format!("enquiry-do-{state}")).unwrap_or_else(|| state_name(desk, state));
            (form::button_named(&label, kind, "status", state))
        }
    };
    desk.form(
        &format!("/enquiries/{}", view.enquiry_id),
        &html! { (desk.role_field(Ability::Enquiries)) (form::buttons(&buttons)) },
    )
}

pub(super) async fn change(
    desk: Desk,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let id: EnquiryId = id.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let role = desk.role_chosen(&fields, Ability::Enquiries)?;
    let status = fields.text("status").to_owned();
    desk.act(role, move |app, ctx| {
        let view = enquiry::find(app, ctx, id)?;
        enquiry::set_status(app, ctx, view.subject_id, id, &status)
    })
    .await?;
    Ok(Redirect::to(&desk.href(&format!("/enquiries/{id}"))).into_response())
}
