//! Keys of programs: made here, shown once, revoked at once.
//!
//! Clauses: C11.4.

use app::api_key::{self, NewKey};
use app::policy::{Ability, PrincipalKind};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{ApiKeyId, PurposeId, RoleId};

use super::desk::Desk;
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind, Choice, Field, Width};
use crate::ui::table::{Column, Table, operator_table};

pub(super) async fn list(desk: Desk) -> Result<Response, Trouble> {
    page(&desk, StatusCode::OK, None, &html! {}).await
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    wrong: Option<&str>,
    above: &Markup,
) -> Result<Response, Trouble> {
    let role = desk.role_for(Ability::ApiKeys)?;
    let keys = desk.act(role, api_key::list).await?;
    let t = desk.visit.t;
    let title = t.get("settings-keys");
    let heads = [
        t.get("settings-key-name"),
        t.get("console-role"),
        t.get("settings-role-purposes"),
        t.get("enquiries-status"),
        t.get("outbox-created"),
        t.get("request-step"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = keys
        .iter()
        .map(|key| {
            let purposes: Vec<&str> = key.purposes.iter().map(PurposeId::as_str).collect();
            let active = key.status == "active";
            let revoke = desk.form(
                &format!("/keys/{}", key.id),
                &html! { button class="button plain" type="submit" { (t.get("settings-key-revoke")) span.vh { " " (key.name) } } },
            );
            vec![
                html! { (key.name) br; small { code { (key.id) } } },
                html! { (desk.role_name(key.role)) },
                html! { @if purposes.is_empty() { (t.get("enquiries-filter-all")) } @else { (purposes.join(", ")) } },
                if active { blocks::tag(Tone::Green, &t.get("key-active")) } else { blocks::tag(Tone::Quiet, &t.get("key-revoked")) },
                html! { time datetime=(key.created_at) { (desk.visit.web.date_time(t, key.created_at)) } },
                html! { @if active { (revoke) } },
            ]
        })
        .collect::<Vec<_>>();
    let errors: Vec<(String, String)> =
        wrong.map(|text| vec![("#name".to_owned(), text.to_owned())]).unwrap_or_default();
    let body = html! {
        (desk.visit.summary(&errors))
        h1 { (title) }
        (above)
        @if rows.is_empty() {
            (blocks::empty_state(&t.get("keys-empty"), "", None))
        } @else {
            (operator_table(&Table { id: "keys", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
        }
        h2 { (t.get("settings-key-add")) }
        (add_form(desk, wrong))
    };
    Ok(desk.page_with(status, "/keys", &title, body))
}

fn add_form(desk: &Desk, wrong: Option<&str>) -> Markup {
    let t = desk.visit.t;
    let policy = desk.visit.web.app().policy();
    let roles: Vec<(String, String)> = policy
        .roles()
        .iter()
        .filter(|role| role.principals.contains(&PrincipalKind::ApiKey))
        .map(|role| (role.id.to_string(), role.title.get(desk.visit.locale).to_owned()))
        .collect();
    let role_choices: Vec<Choice<'_>> =
        roles.iter().map(|(value, label)| Choice { value, label, ..Choice::default() }).collect();
    let purposes: Vec<(String, String)> = policy
        .purposes()
        .iter()
        .map(|purpose| (purpose.id.to_string(), desk.purpose_name(purpose.id)))
        .collect();
    let purpose_choices: Vec<Choice<'_>> =
        purposes.iter().map(|(value, label)| Choice { value, label, ..Choice::default() }).collect();
    desk.form(
        "/keys",
        &html! {
            (form::text_field(&Field {
                name: "name", label: &t.get("settings-key-name"), error: wrong, error_word: &t.get("error-prefix"),
                autocomplete: Some("off"), maxlength: Some(64), width: Width::Medium, required: true, ..Field::default()
            }))
            (form::select(&Field { name: "key-role", label: &t.get("key-role"), width: Width::Medium, ..Field::default() }, &role_choices))
            (form::checkboxes(&form::Group {
                name: "purposes", legend: &t.get("key-purposes"), hint: Some(&t.get("key-purposes-hint")),
                choices: &purpose_choices, ..form::Group::default()
            }))
            (form::button(&t.get("settings-key-add"), ButtonKind::Primary))
        },
    )
}

pub(super) async fn add(desk: Desk, fields: Fields) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let acting = desk.role_for(Ability::ApiKeys)?;
    let t = desk.visit.t;
    let name = fields.text("name").trim().to_owned();
    if name.is_empty() || name.chars().count() > 64 {
        let words = t.with("error-missing-field", &[("field", &t.get("settings-key-name"))]);
        return page(&desk, StatusCode::UNPROCESSABLE_ENTITY, Some(&words), &html! {}).await;
    }
    let role = RoleId::new(fields.text("key-role")).map_err(|_| Trouble::Malformed)?;
    let purposes: Vec<PurposeId> = fields
        .all("purposes")
        .map(|id| PurposeId::new(id).map_err(|_| Trouble::Malformed))
        .collect::<Result<_, _>>()?;
    let made = desk.act(acting, move |app, ctx| api_key::add(app, ctx, &name, role, purposes)).await;
    match made {
        Ok(key) => page(&desk, StatusCode::OK, None, &shown_once(&desk, &key)).await,
        Err(Trouble::App(app::Failure::Refused(violations))) => {
            let above = desk.refusal("", &violations, "", &[]);
            page(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, &above).await
        }
        Err(other) => Err(other),
    }
}

fn shown_once(desk: &Desk, key: &NewKey) -> Markup {
    let t = desk.visit.t;
    blocks::notice(
        Tone::Green,
        &key.name,
        &html! {
            p { (t.get("settings-key-once")) }
            p.no-print-value {
                code id="new-key" translate="no" { (key.key.expose()) } " "
                (blocks::copy_button("new-key", &t.get("site-copy"), &t.get("site-copied")))
            }
        },
    )
}

pub(super) async fn revoke(
    desk: Desk,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let id: ApiKeyId = id.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let role = desk.role_for(Ability::ApiKeys)?;
    desk.act(role, move |app, ctx| api_key::revoke(app, ctx, id)).await?;
    Ok(Redirect::to(&desk.href("/keys")).into_response())
}
