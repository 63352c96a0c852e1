//! Finding a person by a contact: typed into a form, never into an address; logged.
//!
//! Clauses: C10, C11.4.

use app::access;
use app::policy::{Ability, Category};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::desk::Desk;
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::limit::Kind;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind, Field, Width};
use crate::ui::table::{Column, Table, operator_table};

fn page(desk: &Desk, status: StatusCode, wrong: Option<&str>, below: &Markup) -> Response {
    let t = desk.visit.t;
    let title = t.get("find-title");
    let errors: Vec<(String, String)> =
        wrong.map(|text| vec![("#contact".to_owned(), text.to_owned())]).unwrap_or_default();
    let body = html! {
        (desk.visit.summary(&errors))
        h1 { (title) }
        (desk.form("/people", &html! {
            (form::text_field(&Field {
                name: "contact", label: &t.get("find-label"), error: wrong, error_word: &t.get("error-prefix"),
                hint: Some(&t.get("find-hint")), autocomplete: Some("off"), maxlength: Some(254),
                width: Width::Medium, required: true, ..Field::default()
            }))
            (desk.role_field(Ability::People))
            (form::button(&t.get("find-button"), ButtonKind::Primary))
        }))
        (below)
    };
    desk.page_with(status, "/people", &title, body)
}

pub(super) async fn form(desk: Desk) -> Result<Response, Trouble> {
    desk.role_for(Ability::People)?;
    Ok(page(&desk, StatusCode::OK, None, &html! {}))
}

pub(super) async fn find(desk: Desk, fields: Fields) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let role = desk.role_chosen(&fields, Ability::People)?;
    let who = desk.session.operator.operator_id;
    desk.visit.web.limits().take(Kind::OperatorLook, who.as_bytes()).map_err(Trouble::RateLimited)?;
    let contact = fields.private("contact");
    let typed = contact.expose();
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let category = if typed.contains('@') {
        app::code::EMAIL
    } else if digits == 12 && typed.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace()) {
        app::code::IIN
    } else {
        app::code::PHONE
    };
    let t = desk.visit.t;
    match desk.act(role, move |app, ctx| access::lookup(app, ctx, category, &contact)).await {
        Ok(found) if found.is_empty() => {
            let below = blocks::empty_state(&t.get("find-empty"), &t.get("find-empty-next"), None);
            Ok(page(&desk, StatusCode::OK, None, &below))
        }
        Ok(found) => {
            let heads = [t.get("find-record"), name_of(&desk, category)];
            let columns: Vec<Column<'_>> =
                heads.iter().map(|label| Column { label, ..Column::default() }).collect();
            let rows = found
                .iter()
                .map(|one| {
                    let (tone, words) =
                        if one.proven { (Tone::Green, "data-proven") } else { (Tone::Quiet, "data-unproven") };
                    vec![
                        html! { a href=(desk.href(&format!("/people/{}", one.subject_id))) { code { (one.subject_id) } } },
                        blocks::tag(tone, &t.find(words).unwrap_or_default()),
                    ]
                })
                .collect();
            let count = t.count("find-count", i64::try_from(found.len()).unwrap_or(i64::MAX));
            let table = operator_table(&Table {
                id: "found",
                caption: &count,
                columns: &columns,
                rows,
                ..Table::default()
            });
            Ok(page(&desk, StatusCode::OK, None, &table))
        }
        Err(Trouble::App(app::Failure::Refused(violations)))
            if violations.iter().all(|one| one.field.is_some()) =>
        {
            let words = violations.first().map(|first| desk.visit.wording(first, &[])).unwrap_or_default();
            Ok(page(&desk, StatusCode::UNPROCESSABLE_ENTITY, Some(&words), &html! {}))
        }
        Err(other) => Err(other),
    }
}

fn name_of(desk: &Desk, category: model::CategoryCode) -> String {
    let known: Option<&Category> = desk.visit.web.app().policy().category(category);
    known.map_or_else(|| category.to_string(), |known| known.label.get(desk.visit.locale).to_owned())
}
