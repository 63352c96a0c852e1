//! Taking everything away: the access package as a file that verifies offline.
//!
//! Clauses: C11.5, C16.1.

use app::access;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::account::page;
use super::{Sheet, Visit};
use crate::answer::Trouble;
use crate::fields::Fields;
use crate::state::Web;
use crate::ui::Tone;
use crate::ui::blocks;
use crate::ui::form::{self, ButtonKind};

/// The route of the export.
pub fn router() -> Router<Web> {
    Router::new().route("/{lang}/account/export", get(ask).post(give))
}

async fn ask(visit: Visit) -> Result<Response, Trouble> {
    let person = visit.person().await?;
    let t = visit.t;
    let title = t.get("export-title");
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("export-lead")) }
        (blocks::notice(Tone::Gold, &t.get("export-json"), &html! { p { (t.get("export-warning")) } }))
        (form::form(&visit.href("/account/export"), Some(("token", &person.session.csrf)), &html! {
            (form::button(&t.get("export-json"), ButtonKind::Primary))
            p.hint { (t.get("export-json-hint")) " " (t.get("verify-offline")) }
        }))
        h2 { (t.get("export-page")) }
        p { a href=(visit.href("/account")) { (t.get("account-nav-data")) } " · " a href=(visit.href("/account/consents")) { (t.get("account-nav-consents")) } " · " a href=(visit.href("/account/history")) { (t.get("account-nav-history")) } }
        p.hint { (t.get("export-page-hint")) ". " (t.get("site-print-no-values")) }
    };
    Ok(page(&visit, &person, "/account/export", Sheet { title: &title, body, ..Sheet::default() }))
}

async fn give(visit: Visit, typed: Fields) -> Result<Response, Trouble> {
    let person = visit.person_posting(typed.text("token")).await?;
    let (ctx, subject) = (person.context(&visit), person.session.subject);
    let package = visit.web.call(move |app| access::package(app, &ctx, subject)).await?;
    let day = visit.web.local(visit.now()).date();
    Ok(super::receipt::file(&format!("senim-access-{day}.json"), package.expose().clone()))
}
