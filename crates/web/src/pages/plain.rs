//! Pages that say honestly what is not done: comments, cookies. And the files of well-known addresses.
//!
//! Clauses: C9.4, C14, C15, C21.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::html;

use super::{Sheet, Visit};
use crate::answer::Trouble;
use crate::session::Holder;
use crate::state::Web;
use crate::ui::blocks;
use crate::ui::table::{Column, Table, person_table};

/// The routes.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/{lang}/comments", get(comments))
        .route("/{lang}/cookies", get(cookies))
        .route("/.well-known/senim-log-key", get(log_key))
        .route("/.well-known/security.txt", get(security))
        .route("/robots.txt", get(robots))
}

async fn comments(visit: Visit) -> Response {
    let t = visit.t;
    let title = t.get("comments-title");
    let body = html! {
        h1 { (title) }
        (blocks::empty_state(&t.get("comments-none"), &t.get("comments-when"), None))
    };
    visit.page(&Sheet { title: &title, body, public: true, ..Sheet::default() })
}

async fn cookies(visit: Visit) -> Response {
    let t = visit.t;
    let title = t.get("cookies-title");
    let heads = [t.get("cookies-name"), t.get("cookies-purpose"), t.get("cookies-lifetime")];
    let columns: Vec<Column<'_>> = heads.iter().map(|label| Column { label, ..Column::default() }).collect();
    let name = visit.web.cookies().name(Holder::Person);
    let minutes = i64::from(visit.web.app().policy().limits().account_session_minutes);
    let rows = vec![vec![
        html! { code { (name) } },
        html! { (t.get("cookies-session-text")) },
        html! { (t.get("cookies-until-close")) ", " (t.count("unit-minutes", minutes)) },
    ]];
    let gpc = visit.headers.get("sec-gpc").is_some_and(|value| value == "1");
    let body = html! {
        h1 { (title) }
        p.lead { (t.get("cookies-lead")) }
        (person_table(&Table { id: "cookies", caption: &title, caption_hidden: true, columns: &columns, rows, ..Table::default() }))
        p { (t.get("cookies-not-collected")) }
        p { (t.get("cookies-ip")) }
        @if gpc { (blocks::inset(&html! { p { (t.get("cookies-gpc")) } })) }
    };
    visit.page(&Sheet { title: &title, body, public: true, ..Sheet::default() })
}

fn text(body: String) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")],
        body,
    )
        .into_response()
}

/// The key with which receipts are checked by anybody.
async fn log_key(State(web): State<Web>) -> Result<Response, Trouble> {
    let key = web.call(|app| Ok(app::log::vkey(app))).await?;
    Ok(text(format!("{key}\n")))
}

async fn security(State(web): State<Web>) -> Response {
    let app = web.app();
    let base = &app.settings().base_url;
    let days = i64::from(app.policy().limits().security_txt_days);
    let expires = app.now().plus_seconds(days * 86_400);
    text(format!(
        "Contact: {}\nExpires: {expires}\nPreferred-Languages: ru, kk, en\nCanonical: {base}/.well-known/security.txt\nPolicy: {base}/en/policy\n",
        app.policy().controller().security_contact
    ))
}

async fn robots() -> Response {
    text("User-agent: *\nDisallow: /api/\nDisallow: /console\nDisallow: /*/account\nDisallow: /*/receipts/\nDisallow: /*/requests/\nDisallow: /*/log/\n".to_owned())
}
