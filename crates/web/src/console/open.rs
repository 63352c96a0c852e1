//! Opening one person's data: the operator chooses role and purpose; what the gate refuses stays closed and
//! says why. Values come only as the answer to a form, never by an address, and never reach paper.
//!
//! Clauses: C10, C11.3, C11.4, C11.5.

use app::Failure;
use app::access::{self, DataView};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use model::{CategoryCode, Operation, PurposeId, RoleId, SubjectId};

use super::desk::Desk;
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind, Choice, Field};
use crate::ui::table::{Column, Table, operator_table};

/// What an operator may choose: each purpose for which one of the roles may read values.
fn choices(desk: &Desk) -> Vec<(RoleId, PurposeId)> {
    let policy = desk.visit.web.app().policy();
    let own = &desk.session.operator.roles;
    policy
        .roles()
        .iter()
        .filter(|role| own.contains(&role.id))
        .flat_map(|role| role.purposes.iter().map(|purpose| (role.id, *purpose)))
        .filter(|(role, purpose)| {
            policy.may(*role, *purpose, Operation::Retrieval)
                && policy
                    .purpose(*purpose)
                    .is_some_and(|known| known.categories != app::policy::CategorySet::EMPTY)
        })
        .collect()
}

/// The form: what for, and in which role.
pub(super) fn form(desk: &Desk, subject: SubjectId, likely: Option<PurposeId>, heading: &str) -> Markup {
    let t = desk.visit.t;
    let open = choices(desk);
    if open.is_empty() {
        return blocks::empty_state(&t.get("open-none"), &t.get("open-none-next"), None);
    }
    let names: Vec<(String, String, bool)> = open
        .iter()
        .map(|(role, purpose)| {
            let label = format!("{} · {}", desk.purpose_name(*purpose), desk.role_name(*role));
            (format!("{role}:{purpose}"), label, Some(*purpose) == likely)
        })
        .collect();
    let first = names.iter().position(|(_, _, likely)| *likely);
    let options: Vec<Choice<'_>> = names
        .iter()
        .enumerate()
        .map(|(index, (value, label, _))| Choice {
            value,
            label,
            checked: Some(index) == first,
            ..Choice::default()
        })
        .collect();
    let policy = desk.visit.web.app().policy();
    let labels: Vec<(String, &str)> = policy
        .categories()
        .iter()
        .map(|category| (category.code.to_string(), category.label.get(desk.visit.locale)))
        .collect();
    let boxes: Vec<Choice<'_>> =
        labels.iter().map(|(value, label)| Choice { value, label, ..Choice::default() }).collect();
    let only = form::checkboxes(&form::Group {
        name: "categories",
        legend: &t.get("open-categories"),
        hint: Some(&t.get("open-categories-hint")),
        choices: &boxes,
        ..form::Group::default()
    });
    desk.form(
        &format!("/people/{subject}"),
        &html! {
            @if !heading.is_empty() { h2 { (heading) } }
            p { (t.get("open-lead")) }
            (form::select(&Field { name: "purpose", label: &t.get("open-purpose"), ..Field::default() }, &options))
            (blocks::details(&t.get("open-categories"), &only))
            (form::button(&t.get("open-button"), ButtonKind::Primary))
        },
    )
}

pub(super) async fn choose(desk: Desk, Path((_, id)): Path<(String, String)>) -> Result<Response, Trouble> {
    let subject: SubjectId = id.parse().map_err(|_| Trouble::App(Failure::NotFound))?;
    let t = desk.visit.t;
    let title = t.get("open-title");
    let body = html! { h1 { (title) } p { code { (subject) } } (form(&desk, subject, None, "")) };
    Ok(desk.page("/people", &title, body))
}

pub(super) async fn open(
    desk: Desk,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let subject: SubjectId = id.parse().map_err(|_| Trouble::App(Failure::NotFound))?;
    let (role, purpose) = fields.text("purpose").split_once(':').ok_or(Trouble::Malformed)?;
    let role = RoleId::new(role).map_err(|_| Trouble::Malformed)?;
    let purpose = PurposeId::new(purpose).map_err(|_| Trouble::Malformed)?;
    let categories: Vec<CategoryCode> =
        fields.all("categories").filter_map(|code| CategoryCode::new(code).ok()).collect();
    let t = desk.visit.t;
    let title = t.get("open-title");
    match desk.act(role, move |app, ctx| access::data(app, ctx, subject, purpose, &categories)).await {
        Ok(view) => {
            let seal = desk.seal_of(view.log_entry).await?;
            let body = html! {
                h1 { (title) }
                (shown(&desk, &view, &seal))
                (form(&desk, subject, Some(purpose), &t.get("open-again")))
            };
            Ok(desk.page("/people", &title, body))
        }
        Err(Trouble::App(Failure::Refused(violations))) => {
            let known = [("purpose", desk.purpose_name(purpose))];
            let known = known.each_ref().map(|(name, words)| (*name, words.as_str()));
            let body = html! {
                h1 { (title) }
                (desk.refusal(&t.get("refusal-lead"), &violations, &t.get("refusal-recorded"), &known))
                (form(&desk, subject, None, &t.get("refusal-next")))
            };
            Ok(desk.page_with(StatusCode::FORBIDDEN, "/people", &title, body))
        }
        Err(other) => Err(other),
    }
}

fn shown(desk: &Desk, view: &DataView, seal: &Markup) -> Markup {
    let t = desk.visit.t;
    let web = &desk.visit.web;
    let policy = web.app().policy();
    let heads = [
        t.get("data-category"),
        t.get("data-value"),
        t.get("data-as-of"),
        t.get("data-source"),
        t.get("data-state"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = view
        .values
        .iter()
        .map(|value| {
            let category = policy.category(value.category);
            let label = category.map_or_else(
                || value.category.to_string(),
                |known| known.label.get(desk.visit.locale).to_owned(),
            );
            let source = value.source.split(':').next().unwrap_or_default();
            let proof = match (category.is_some_and(|known| known.lookup), value.proven) {
                (true, true) => blocks::tag(Tone::Green, &t.get("data-proven")),
                (true, false) => blocks::tag(Tone::Quiet, &t.get("data-unproven")),
                (false, _) => html! {},
            };
            vec![
                html! { (label) },
                html! { bdi { (value.value.expose()) } },
                html! { time datetime=(value.as_of) { (web.date_time(t, value.as_of)) } },
                html! { (t.find(&format!("source-{source}")).unwrap_or_else(|| source.to_owned())) },
                proof,
            ]
        })
        .collect::<Vec<_>>();
    let time = crate::dates::time(web.local(desk.visit.now()));
    let said = t.with("open-shown", &[("purpose", &desk.purpose_name(view.purpose)), ("time", &time)]);
    html! {
        (form::flash(Tone::Green, &said))
        p { (seal) }
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("open-empty"), "", None))
        } @else {
            (operator_table(&Table {
                id: "values", caption: &t.get("open-title"), caption_hidden: true, columns: &columns, rows,
                holds_values: true, on_paper: &t.get("site-print-no-values"),
            }))
        }
    }
}
