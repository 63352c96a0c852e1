//! How an operator gets in: set-up by a one-time link, sign-in with password and code, sign-out.
//!
//! Clauses: C11.4; RELIABILITY §2 "Accounts".

use app::Failure;
use app::operator::{self, Enrolment, PASSWORD_MIN};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::OperatorId;

use super::desk::{self, Desk};
use crate::answer::Trouble;
use crate::csrf;
use crate::fields::Fields;
use crate::limit::Kind;
use crate::pages::Visit;
use crate::session::Holder;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind, Field, Width};
use crate::ui::{Link, Tone};

/// What a form's token is bound to before there is a session.
const SIGN_IN: &str = "console-sign-in";
const SET_UP: &str = "console-set-up";

fn guarded(visit: &Visit, action: &str, bound: &str, body: &Markup) -> Markup {
    let token = visit.web.guard().token(visit.now(), bound);
    form::form(&visit.href(action), Some((desk::CSRF, &token)), body)
}

fn from_own_form(visit: &Visit, fields: &Fields, bound: &str) -> Result<(), Trouble> {
    visit.own_page()?;
    let shown = visit.web.guard().shown_at(fields.text(desk::CSRF), bound, visit.now());
    shown.map(drop).ok_or(Trouble::Csrf)
}

fn sign_in_page(visit: &Visit, login: &str, wrong: Option<&str>) -> Response {
    let t = visit.t;
    let title = t.get("console-login-title");
    let errors: Vec<(String, String)> =
        wrong.map(|text| vec![("#login".to_owned(), text.to_owned())]).unwrap_or_default();
    let word = t.get("error-prefix");
    let body = html! {
        (visit.summary(&errors))
        h1 { (title) }
        (guarded(visit, "/console/sign-in", SIGN_IN, &html! {
            (form::text_field(&Field {
                name: "login", label: &t.get("console-login-name"), value: login, error: wrong, error_word: &word,
                autocomplete: Some("username"), width: Width::Medium, required: true, ..Field::default()
            }))
            (form::text_field(&Field {
                name: "password", label: &t.get("console-login-password"), kind: "password",
                autocomplete: Some("current-password"), width: Width::Medium, required: true, ..Field::default()
            }))
            (form::text_field(&Field {
                name: "code", label: &t.get("console-login-totp"), hint: Some(&t.get("console-login-totp-hint")),
                autocomplete: Some("one-time-code"), inputmode: Some("numeric"), maxlength: Some(12),
                width: Width::Short, required: true, ..Field::default()
            }))
            (form::button(&t.get("console-login-button"), ButtonKind::Primary))
        }))
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    desk::outside_with(visit, status, &title, body)
}

pub(super) async fn form(visit: Visit) -> Response {
    sign_in_page(&visit, "", None)
}

pub(super) async fn enter(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    from_own_form(&visit, &fields, SIGN_IN)?;
    let login = fields.text("login").to_owned();
    let limits = visit.web.limits();
    limits.take(Kind::OperatorSignInOverall, b"").map_err(Trouble::RateLimited)?;
    limits
        .take(Kind::OperatorSignIn, login.trim().to_lowercase().as_bytes())
        .map_err(Trouble::RateLimited)?;
    let (password, code) = (fields.private("password"), fields.private("code"));
    let wanted = login.clone();
    match visit.web.call(move |app| operator::sign_in(app, &wanted, &password, &code)).await {
        Ok(token) => {
            let mut response = Redirect::to(&visit.href("/console")).into_response();
            let cookie = visit.web.cookies().set(Holder::Operator, &token).ok_or(Trouble::Internal)?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(Trouble::App(Failure::Unauthorised(_))) => {
            Ok(sign_in_page(&visit, &login, Some(&visit.t.get("error-login-wrong"))))
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn leave(desk: Desk, fields: Fields) -> Result<Response, Trouble> {
    desk.posted(&fields)?;
    let token = desk.token;
    desk.visit.web.call(move |app| app::account::sign_out(app, &token)).await?;
    let mut response = Redirect::to(&desk.visit.href("/console/sign-in")).into_response();
    if let Some(cookie) = desk.visit.web.cookies().clear(Holder::Operator) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What was typed into the set-up form and what is wrong with it: field and words.
#[derive(Default)]
struct SetUp<'a> {
    login: &'a str,
    errors: Vec<(&'static str, String)>,
}

fn set_up_page(visit: &Visit, token: &str, view: &SetUp<'_>) -> Response {
    let t = visit.t;
    let title = t.get("console-setup-title");
    let links: Vec<(String, String)> =
        view.errors.iter().map(|(field, text)| (format!("#{field}"), text.clone())).collect();
    let error =
        |name: &str| view.errors.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str());
    let word = t.get("error-prefix");
    let limit = PASSWORD_MIN.to_string();
    let password_hint = t.with("console-setup-password-hint", &[("limit", &limit)]);
    let body = html! {
        (visit.summary(&links))
        h1 { (title) }
        p.lead { (t.get("console-setup-lead")) }
        (guarded(visit, &format!("/console/set-up/{token}"), SET_UP, &html! {
            (form::text_field(&Field {
                name: "login", label: &t.get("console-setup-name"), hint: Some(&t.get("console-setup-name-hint")),
                value: view.login, error: error("login"), error_word: &word, autocomplete: Some("username"),
                maxlength: Some(64), width: Width::Medium, required: true, ..Field::default()
            }))
            (form::text_field(&Field {
                name: "password", label: &t.get("console-setup-password"), hint: Some(&password_hint), kind: "password",
                error: error("password"), error_word: &word, autocomplete: Some("new-password"),
                width: Width::Medium, required: true, ..Field::default()
            }))
            (form::text_field(&Field {
                name: "again", label: &t.get("console-setup-password-again"), kind: "password", error: error("again"),
                error_word: &word, autocomplete: Some("new-password"), width: Width::Medium, required: true,
                ..Field::default()
            }))
            (form::button(&t.get("site-continue"), ButtonKind::Primary))
        }))
    };
    let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    desk::outside_with(visit, status, &title, body)
}

/// The link's page, if the link is still good.
pub(super) async fn invited(
    visit: Visit,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let copy = token.clone();
    if !visit.web.call(move |app| operator::link_is_open(app, &copy)).await? {
        return Err(Trouble::App(Failure::Unauthorised("link-used")));
    }
    Ok(set_up_page(&visit, &token, &SetUp::default()))
}

pub(super) async fn enrol(
    visit: Visit,
    Path((_, token)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    from_own_form(&visit, &fields, SET_UP)?;
    visit.web.limits().take(Kind::OperatorSignInOverall, b"").map_err(Trouble::RateLimited)?;
    let t = visit.t;
    let login = fields.text("login").to_owned();
    if !csrf::same(fields.text("password"), fields.text("again")) {
        let errors = vec![("again", t.get("error-password-mismatch"))];
        return Ok(set_up_page(&visit, &token, &SetUp { login: &login, errors }));
    }
    let (password, wanted, link) = (fields.private("password"), login.clone(), token.clone());
    match visit.web.call(move |app| operator::set_up(app, &link, &wanted, &password)).await {
        Ok(enrolment) => second_step(&visit, &token, &enrolment, None),
        Err(Trouble::App(Failure::Refused(violations))) => {
            let limit = PASSWORD_MIN.to_string();
            let errors = violations
                .iter()
                .map(|violation| {
                    let field =
                        if violation.field.as_deref() == Some("login") { "login" } else { "password" };
                    (field, visit.wording(violation, &[("limit", &limit)]))
                })
                .collect();
            Ok(set_up_page(&visit, &token, &SetUp { login: &login, errors }))
        }
        Err(other) => Err(link_trouble(other)),
    }
}

fn link_trouble(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::App(Failure::Unauthorised("setup-link")) => Trouble::App(Failure::Unauthorised("link-used")),
        other => other,
    }
}

/// The key for the authenticator, drawn and spelled, and the field for the first code.
fn second_step(
    visit: &Visit,
    token: &str,
    enrolment: &Enrolment,
    wrong: Option<&str>,
) -> Result<Response, Trouble> {
    let t = visit.t;
    let title = t.get("console-setup-totp-title");
    let errors: Vec<(String, String)> =
        wrong.map(|text| vec![("#code".to_owned(), text.to_owned())]).unwrap_or_default();
    let picture = t.get("console-setup-qr");
    let body = html! {
        (visit.summary(&errors))
        h1 { (title) }
        p.lead { (t.get("console-setup-totp-lead")) }
        div.no-print-value { (qr(enrolment.address.expose(), &picture).ok_or(Trouble::Internal)?) }
        p { (t.get("console-setup-totp-key")) ": " span.no-print-value { (blocks::secret("totp-key", enrolment.secret.expose())) } }
        (guarded(visit, &format!("/console/set-up/{token}/confirm"), SET_UP, &html! {
            (form::hidden("operator", &enrolment.operator.to_string()))
            (form::text_field(&Field {
                name: "code", label: &t.get("console-login-totp"), hint: Some(&t.get("console-login-totp-hint")),
                error: wrong, error_word: &t.get("error-prefix"), autocomplete: Some("one-time-code"),
                inputmode: Some("numeric"), maxlength: Some(12), width: Width::Short, required: true,
                ..Field::default()
            }))
            (form::button(&t.get("console-setup-confirm"), ButtonKind::Primary))
        }))
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(desk::outside_with(visit, status, &title, body))
}

pub(super) async fn confirm(
    visit: Visit,
    Path((_, token)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    from_own_form(&visit, &fields, SET_UP)?;
    visit.web.limits().take(Kind::OperatorSignInOverall, b"").map_err(Trouble::RateLimited)?;
    let operator: OperatorId =
        fields.text("operator").parse().map_err(|_| Trouble::App(Failure::NotFound))?;
    let (link, code) = (token.clone(), fields.private("code"));
    match visit.web.call(move |app| operator::confirm(app, &link, operator, &code)).await {
        Ok(()) => {}
        Err(Trouble::App(Failure::Unauthorised("totp-wrong"))) => {
            let link = token.clone();
            let again = visit
                .web
                .call(move |app| operator::enrolment(app, &link, operator))
                .await
                .map_err(link_trouble)?;
            return second_step(&visit, &token, &again, Some(&visit.t.get("error-code-wrong")));
        }
        Err(other) => return Err(link_trouble(other)),
    }
    let t = visit.t;
    let title = t.get("console-setup-done");
    let (href, words) = (visit.href("/console/sign-in"), t.get("console-login-title"));
    let body = html! {
        h1 { (title) }
        (form::flash(Tone::Green, &t.get("console-setup-next-code")))
        p { (t.get("console-undertaking")) }
        (form::button_link(&Link::new(&href, &words), ButtonKind::Primary))
    };
    Ok(desk::outside(&visit, &title, body))
}

/// A QR code as one path; drawn dark on light in both themes, for cameras.
pub(super) fn qr(text: &str, label: &str) -> Option<Markup> {
    use std::fmt::Write as _;
    const QUIET: usize = 4;
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (index, module) in code.to_colors().into_iter().enumerate() {
        if module == qrcode::Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", index % width + QUIET, index / width + QUIET);
        }
    }
    Some(html! {
        svg.picture width="232" height="232" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label)
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#FFFFFF" {}
            path d=(path) fill="#16212B" {}
        }
    })
}
