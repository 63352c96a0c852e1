//! The person's sign-ins: when each began and ends, and the way to end one or all others.
//!
//! Invariant: a sign-in is known by when and how, never by address or browser (C15); the handle in the form is
//! no token and opens nothing.
//!
//! Clauses: C8.1, C11.5, C15.

use app::account;
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::html;
use model::Private;

use super::account::page;
use super::{Sheet, Visit, signin};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind};
use crate::ui::table::{Column, Table, person_table};

/// The routes.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/account/sessions", get(show).post(end))
}

async fn show(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let (session, token) = (person.session.clone(), person.token_again());
    let all = visit.web.call(move |app| account::sessions(app, &session, &token)).await?;
    let t = visit.t;
    let title = t.get("sessions-title");
    let heads =
        [t.get("sessions-began"), t.get("sessions-ends"), t.get("sessions-how"), t.get("data-actions")];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let csrf = &person.session.csrf;
    let action = visit.href("/account/sessions");
    let rows = all
        .iter()
        .map(|one| {
            let began = visit.web.date_time(t, one.began_at);
            vec![
                html! { (began) @if one.current { " " (blocks::tag(Tone::Sky, &t.get("sessions-this"))) } },
                html! { (visit.web.date_time(t, one.expires_at)) },
                html! { (t.get(if one.method == "code" { "sessions-by-code" } else { "sessions-by-secret" })) },
                html! { (form::form(&action, Some(("token", csrf)), &html! {
                    (form::hidden("session", &one.handle))
                    button.button.plain type="submit" { (t.get("sessions-end")) span.vh { ": " (began) } }
                })) },
            ]
        })
        .collect();
    let ended = visit.rest.ends_with("?ended");
    let body = html! {
        @if ended { (form::flash(Tone::Green, &t.get("sessions-done"))) }
        h1 { (title) }
        p.lead { (t.get("sessions-lead")) }
        (person_table(&Table { id: "sessions", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
        @if all.len() > 1 {
            (form::form(&action, Some(("token", csrf)), &html! {
                (form::hidden("session", OTHERS))
                (form::button(&t.get("sessions-end-others"), ButtonKind::Secondary))
            }))
        }
    };
    Ok(page(&visit, &person, "/account", Sheet { title: &title, body, ..Sheet::default() }))
}

/// What the form says for all sign-ins but this one.
const OTHERS: &str = "others";

async fn end(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let (session, token) = (person.session.clone(), person.token_again());
    let wanted = typed.text("session").to_owned();
    let own_ended = visit
        .web
        .call(move |app| {
            let which = if wanted == OTHERS { None } else { Some(wanted.as_str()) };
            account::end_sessions(app, &session, &token, which)
        })
        .await?;
    if own_ended {
        let mut response = Redirect::to(&visit.href("/account/sign-in?out")).into_response();
        signin::leave(&visit, &mut response);
        return Ok(response);
    }
    Ok(Redirect::to(&visit.href("/account/sessions?ended")).into_response())
}

impl super::Person {
    /// The token once more, for a use case that runs apart.
    pub(super) fn token_again(&self) -> Private<String> {
        Private::new(self.token.expose().clone())
    }
}
