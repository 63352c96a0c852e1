//! The pages of a person under `/{ru|kk|en}/`; every one works without JavaScript.
//!
//! A handler takes a [`Visit`] and answers with [`Visit::page`]; a [`Trouble`] it returns is dressed as a
//! page in the person's language by [`dress`].

mod account;
mod consents;
mod erase;
mod evidence;
mod export;
mod form;
mod frame;
mod history;
mod home;
mod partners;
mod plain;
mod policy;
mod receipt;
mod sessions;
mod signin;
mod status;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::Locale;

use crate::answer::{Facts, Trouble};
use crate::state::Web;

pub use evidence::Cache as EvidenceCache;
pub use frame::{Here, Person, Sheet, Visit};

/// All routes of pages.
pub fn router(_web: &Web) -> Router<Web> {
    Router::new()
        .route("/", get(choose_language))
        .merge(home::router())
        .merge(policy::router())
        .merge(partners::router())
        .merge(form::router())
        .merge(signin::router())
        .merge(account::router())
        .merge(consents::router())
        .merge(history::router())
        .merge(export::router())
        .merge(erase::router())
        .merge(sessions::router())
        .merge(status::router())
        .merge(receipt::router())
        .merge(evidence::router())
        .merge(plain::router())
}

/// The language a browser asks for first; Russian when it asks for none of ours.
pub fn accepted(headers: &HeaderMap) -> Locale {
    let mut best = (0.0_f32, Locale::Ru);
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for part in wanted.split(',') {
        let mut pieces = part.split(';');
        let tag = pieces.next().unwrap_or_default().trim();
        let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let weight =
            pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        if let Ok(locale) = primary.parse::<Locale>()
            && weight > best.0
        {
            best = (weight, locale);
        }
    }
    best.1
}

async fn choose_language(headers: HeaderMap) -> Response {
    let target = format!("/{}/", accepted(&headers));
    let mut response = (StatusCode::FOUND, [(header::LOCATION, target)]).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// No route has this address.
pub async fn nothing_here() -> Trouble {
    Trouble::App(app::Failure::NotFound)
}

/// The route does not take this method.
pub async fn wrong_method() -> Trouble {
    Trouble::Method
}

/// Turns the trouble of a page into a page; answers to programs stay as they are.
pub(crate) async fn dress(web: &Web, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let for_programs =
        ["/api/", "/health/", "/static/", "/.well-known/"].iter().any(|at| path.starts_with(at))
            || path == "/console"
            || path.starts_with("/console/");
    if for_programs {
        return next.run(request).await;
    }
    let (path, headers) = (path.to_owned(), request.headers().clone());
    let response = next.run(request).await;
    let Some(facts) = response.extensions().get::<Facts>().cloned() else { return response };
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let locale = first.parse().unwrap_or_else(|_| accepted(&headers));
    if facts.code == "unauthorized" {
        return Redirect::to(&format!("/{locale}/account/sign-in")).into_response();
    }
    let visit = Visit::plain(web.clone(), locale);
    let mut page = visit.trouble(&facts);
    if let Some(seconds) = facts.retry_after {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}
