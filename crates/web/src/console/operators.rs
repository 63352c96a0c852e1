//! Members of staff: who, in which roles; a one-time link for a new one; suspended, let in again, revoked.
//!
//! Clauses: C11.4, L13.

use app::operator::{self, OperatorView, Standing};
use app::policy::{Ability, PrincipalKind};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{OperatorId, RoleId};

use super::desk::Desk;
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind, Choice};
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
    let role = desk.role_for(Ability::Operators)?;
    let operators = desk.act(role, operator::list).await?;
    let t = desk.visit.t;
    let title = t.get("settings-operators");
    let heads = [
        t.get("console-login-name"),
        t.get("settings-roles"),
        t.get("enquiries-status"),
        t.get("outbox-created"),
        t.get("request-step"),
    ];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let rows = operators
        .iter()
        .map(|one| {
            let roles: Vec<String> = one.roles.iter().map(|role| desk.role_name(*role)).collect();
            let (tone, key) = match one.status.as_str() {
                "active" => (Tone::Green, "operator-active"),
                "pending" => (Tone::Gold, "operator-pending"),
                "suspended" => (Tone::Gold, "operator-suspended"),
                _ => (Tone::Quiet, "operator-revoked"),
            };
            vec![
                html! { (one.login) },
                html! { (roles.join(", ")) },
                blocks::tag(tone, &t.find(key).unwrap_or_default()),
                html! { time datetime=(one.created_at) { (desk.visit.web.date_time(t, one.created_at)) } },
                steps(desk, one),
            ]
        })
        .collect();
    let policy = desk.visit.web.app().policy();
    let names: Vec<(String, String)> = policy
        .roles()
        .iter()
        .filter(|role| role.principals.contains(&PrincipalKind::Operator))
        .map(|role| (role.id.to_string(), role.title.get(desk.visit.locale).to_owned()))
        .collect();
    let choices: Vec<Choice<'_>> =
        names.iter().map(|(value, label)| Choice { value, label, ..Choice::default() }).collect();
    let errors: Vec<(String, String)> =
        wrong.map(|text| vec![("#roles".to_owned(), text.to_owned())]).unwrap_or_default();
    let body = html! {
        (desk.visit.summary(&errors))
        h1 { (title) }
        (above)
        (operator_table(&Table { id: "operators", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
        h2 { (t.get("settings-operator-add")) }
        (desk.form("/operators", &html! {
            (form::checkboxes(&form::Group {
                name: "roles", legend: &t.get("settings-roles"), error: wrong, error_word: &t.get("error-prefix"),
                choices: &choices, ..form::Group::default()
            }))
            (form::button(&t.get("operator-link-make"), ButtonKind::Primary))
        }))
    };
    Ok(desk.page_with(status, "/operators", &title, body))
}

/// The buttons for what may be done with an account as it stands.
fn steps(desk: &Desk, one: &OperatorView) -> Markup {
    let t = desk.visit.t;
    let steps: &[(Standing, &str)] = match one.status.as_str() {
        "active" => &[(Standing::Suspended, "operator-suspend"), (Standing::Revoked, "operator-revoke")],
        "suspended" => &[(Standing::Active, "operator-resume"), (Standing::Revoked, "operator-revoke")],
        "pending" => &[(Standing::Revoked, "operator-revoke")],
        _ => &[],
    };
    html! {
        @if !steps.is_empty() {
            (desk.form(&format!("/operators/{}", one.operator_id), &html! {
                @for (standing, key) in steps {
                    button class="button plain" type="submit" name="standing" value=(standing.code()) {
                        (t.get(key)) span.vh { " " (one.login) }
                    }
                    " "
                }
            }))
        }
    }
}

pub(super) async fn change(
    desk: Desk,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let id: OperatorId = id.parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let standing = Standing::from_code(fields.text("standing")).ok_or(Trouble::Malformed)?;
    let role = desk.role_for(Ability::Operators)?;
    desk.act(role, move |app, ctx| operator::set_standing(app, ctx, id, standing)).await?;
    Ok(Redirect::to(&desk.href("/operators")).into_response())
}

pub(super) async fn invite(desk: Desk, fields: Fields) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let acting = desk.role_for(Ability::Operators)?;
    let t = desk.visit.t;
    let policy = desk.visit.web.app().policy();
    let roles: Vec<RoleId> = fields
        .all("roles")
        .filter_map(|id| RoleId::new(id).ok())
        .filter(|id| policy.role(*id).is_some_and(|role| role.principals.contains(&PrincipalKind::Operator)))
        .collect();
    if roles.is_empty() {
        let words = t.with("error-missing-field", &[("field", &t.get("settings-roles"))]);
        return page(&desk, StatusCode::UNPROCESSABLE_ENTITY, Some(&words), &html! {}).await;
    }
    let token = desk.act(acting, move |app, ctx| operator::setup_link(app, ctx, roles)).await?;
    let link =
        format!("{}/{}/console/set-up/{token}", desk.visit.web.app().settings().base_url, desk.visit.locale);
    let above = blocks::notice(
        Tone::Green,
        &t.get("settings-operator-add"),
        &html! {
            p { (t.get("settings-operator-link")) }
            p.no-print-value {
                code id="new-link" translate="no" { (link) } " "
                (blocks::copy_button("new-link", &t.get("site-copy"), &t.get("site-copied")))
            }
        },
    );
    page(&desk, StatusCode::OK, None, &above).await
}
