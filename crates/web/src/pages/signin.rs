//! Signing in: by a code to the e-mail, or by the secret on the receipt. The answers are alike whether a
//! contact is known or not.
//!
//! Clauses: C8.1, C9.0, C15.

use app::account::{self, Begun};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::html;
use model::Private;

use super::{Here, Sheet, Visit};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::limit::Kind;
use crate::session::Holder;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::form::{self, ButtonKind, Field, Width};

/// What tokens of these forms are bound to.
const BOUND: &str = "sign-in";

/// The routes of signing in and out.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/{lang}/account/sign-in", get(ask))
        .route("/{lang}/account/sign-in/code", post(request_code).get(again))
        .route("/{lang}/account/sign-in/email", post(redeem_code).get(again))
        .route("/{lang}/account/sign-in/secret", post(redeem_secret).get(again))
        .route("/{lang}/account/sign-out", post(sign_out))
        .route("/{lang}/account/switch", post(switch))
        .route("/{lang}/not-me", get(not_me))
}

/// A reload of a form's answer begins again.
async fn again(visit: Visit) -> Redirect {
    Redirect::to(&visit.href("/account/sign-in"))
}

async fn ask(visit: Visit) -> Response {
    let flash = visit.rest.ends_with("?out").then(|| visit.t.get("signout-done"));
    start(&visit, None, flash.as_deref(), None)
}

/// The first page: both ways. `wrong` is the field and the words of what is wrong.
fn start(visit: &Visit, wrong: Option<(&str, &str)>, flash: Option<&str>, typed: Option<&str>) -> Response {
    let t = visit.t;
    let token = visit.web.guard().token(visit.now(), BOUND);
    let title = t.get("signin-title");
    let errors: Vec<(String, String)> =
        wrong.iter().map(|(field, text)| (format!("#{field}"), (*text).to_owned())).collect();
    let error_of = |name: &str| wrong.filter(|(field, _)| *field == name).map(|(_, text)| text);
    let error_word = t.get("error-prefix");
    let (email, email_hint) = (t.get("field-email"), t.get("field-email-hint"));
    let (secret, secret_hint) = (t.get("signin-secret-label"), t.get("signin-secret-hint"));
    let body = html! {
        (visit.summary(&errors))
        @if let Some(words) = flash { (form::flash(Tone::Green, words)) }
        h1 { (title) }
        p.lead { (t.get("signin-lead")) }
        h2 { (t.get("signin-email-title")) }
        (form::form(&visit.href("/account/sign-in/code"), Some(("token", &token)), &html! {
            (form::text_field(&Field {
                name: "email", label: &email, hint: Some(&email_hint), kind: "email",
                autocomplete: Some("email"), inputmode: Some("email"), width: Width::Medium,
                error: error_of("email"), error_word: &error_word, value: typed.unwrap_or_default(), ..Field::default()
            }))
            (form::button(&t.get("signin-email-button"), ButtonKind::Primary))
        }))
        h2 { (t.get("signin-secret-title")) }
        (form::form(&visit.href("/account/sign-in/secret"), Some(("token", &token)), &html! {
            (form::text_field(&Field {
                name: "secret", label: &secret, hint: Some(&secret_hint),
                autocomplete: Some("off"), width: Width::Medium,
                error: error_of("secret"), error_word: &error_word, ..Field::default()
            }))
            (form::button(&t.get("signin-secret-button"), ButtonKind::Secondary))
        }))
        p.hint { (t.get("signin-phone-only")) }
    };
    visit.page(&Sheet {
        title: &title,
        here: Here::Account,
        body,
        wrong: !errors.is_empty(),
        rest: Some("/account/sign-in"),
        status: (!errors.is_empty()).then_some(StatusCode::UNPROCESSABLE_ENTITY),
        ..Sheet::default()
    })
}

/// The second page of the way by e-mail.
fn code_page(visit: &Visit, email: &str, wrong: Option<&str>) -> Response {
    let t = visit.t;
    let token = visit.web.guard().token(visit.now(), BOUND);
    let title = t.get("signin-code-title");
    let minutes = visit.web.app().policy().limits().signin_code_minutes.to_string();
    let errors: Vec<(String, String)> =
        wrong.iter().map(|text| ("#code".to_owned(), (*text).to_owned())).collect();
    let (label, error_word) = (t.get("signin-code-label"), t.get("error-prefix"));
    let body = html! {
        (visit.summary(&errors))
        h1 { (title) }
        p.lead { (t.with("signin-code-sent", &[("minutes", &minutes)])) }
        (form::form(&visit.href("/account/sign-in/email"), Some(("token", &token)), &html! {
            (form::hidden("email", email))
            (form::text_field(&Field {
                name: "code", label: &label, autocomplete: Some("one-time-code"), inputmode: Some("numeric"),
                width: Width::Short, error: wrong, error_word: &error_word, ..Field::default()
            }))
            (form::button(&t.get("signin-code-button"), ButtonKind::Primary))
        }))
        (form::form(&visit.href("/account/sign-in/code"), Some(("token", &token)), &html! {
            (form::hidden("email", email))
            (form::button(&t.get("signin-code-again"), ButtonKind::Quiet))
        }))
        p.hint { (t.get("signin-no-letter")) }
    };
    visit.page(&Sheet {
        title: &title,
        here: Here::Account,
        body,
        before: Some(visit.back("/account/sign-in")),
        wrong: wrong.is_some(),
        rest: Some("/account/sign-in"),
        status: wrong.is_some().then_some(StatusCode::UNPROCESSABLE_ENTITY),
        ..Sheet::default()
    })
}

fn limited(visit: &Visit, kind: Kind, who: &str) -> Result<(), Trouble> {
    let limits = visit.web.limits();
    limits.take(Kind::SignInOverall, b"").map_err(Trouble::RateLimited)?;
    if let Some(from) = &visit.from {
        limits.take(Kind::SignInVisitor, from).map_err(Trouble::RateLimited)?;
    }
    if who.is_empty() { Ok(()) } else { limits.take(kind, who.as_bytes()).map_err(Trouble::RateLimited) }
}

/// An address as the limit counts it: case and blanks do not make another contact.
fn counted(email: &str) -> String {
    email.trim().to_lowercase()
}

fn from_our_form(visit: &Visit, typed: &Fields) -> Result<(), Trouble> {
    visit.own_page()?;
    visit.web.guard().shown_at(typed.text("token"), BOUND, visit.now()).map(|_| ()).ok_or(Trouble::Csrf)
}

async fn request_code(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    from_our_form(&visit, &typed)?;
    limited(&visit, Kind::CodeRequest, &counted(typed.text("email")))?;
    let email = typed.private("email");
    let ctx = visit.web.app().visitor(visit.locale);
    match visit.web.call(move |app| account::request_code(app, &ctx, &email)).await {
        Ok(()) => Ok(code_page(&visit, typed.text("email"), None)),
        Err(Trouble::App(app::Failure::Refused(violations))) => {
            let words = violations.first().map(|one| visit.wording(one, &[])).unwrap_or_default();
            Ok(start(&visit, Some(("email", &words)), None, Some(typed.text("email"))))
        }
        Err(other) => Err(other),
    }
}

async fn redeem_code(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    from_our_form(&visit, &typed)?;
    limited(&visit, Kind::SignIn, &counted(typed.text("email")))?;
    let (email, code) = (typed.private("email"), typed.private("code"));
    let ctx = visit.web.app().visitor(visit.locale);
    match visit.web.call(move |app| account::redeem_code(app, &ctx, &email, &code)).await {
        Ok(begun) => Ok(enter(&visit, &begun)),
        Err(Trouble::App(app::Failure::Unauthorised(_) | app::Failure::Refused(_))) => {
            Ok(code_page(&visit, typed.text("email"), Some(&visit.t.get("error-code-wrong"))))
        }
        Err(other) => Err(other),
    }
}

async fn redeem_secret(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    from_our_form(&visit, &typed)?;
    limited(&visit, Kind::SignIn, "")?;
    let secret = typed.private("secret");
    let ctx = visit.web.app().visitor(visit.locale);
    match visit.web.call(move |app| account::redeem_secret(app, &ctx, &secret)).await {
        Ok(begun) => Ok(enter(&visit, &begun)),
        Err(Trouble::App(app::Failure::Unauthorised(_))) => {
            Ok(start(&visit, Some(("secret", &visit.t.get("error-secret-wrong"))), None, None))
        }
        Err(other) => Err(other),
    }
}

fn enter(visit: &Visit, begun: &Begun) -> Response {
    let mut response = Redirect::to(&visit.href("/account")).into_response();
    if let Some(cookie) = visit.web.cookies().set(Holder::Person, &begun.token) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Ends the cookie; the session itself is ended by the caller.
pub(super) fn leave(visit: &Visit, response: &mut Response) {
    if let Some(cookie) = visit.web.cookies().clear(Holder::Person) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

async fn sign_out(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let token = Private::new(person.token.expose().clone());
    visit.web.call(move |app| account::sign_out(app, &token)).await?;
    let mut response = Redirect::to(&visit.href("/account/sign-in?out")).into_response();
    leave(&visit, &mut response);
    Ok(response)
}

async fn switch(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let other: model::SubjectId =
        typed.text("entry").parse().map_err(|_| Trouble::App(app::Failure::NotFound))?;
    let ctx = person.context(&visit);
    let (session, old) = (person.session, person.token);
    let begun = visit
        .web
        .call(move |app| {
            let begun = account::switch(app, &ctx, &session, other)?;
            account::sign_out(app, &old)?;
            Ok(begun)
        })
        .await?;
    Ok(enter(&visit, &begun))
}

/// "This was not me", from a letter: the way leads through the proof of the address.
async fn not_me(visit: Visit) -> Response {
    let t = visit.t;
    let title = t.get("contact-not-me-title");
    let body = html! {
        h1 { (title) }
        p { (t.get("not-me-how")) }
        p { a.button href=(visit.href("/account/sign-in")) { (t.get("signin-title")) } }
    };
    visit.page(&Sheet { title: &title, body, ..Sheet::default() })
}
