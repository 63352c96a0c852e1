//! The console of the operators under `/{ru|kk|en}/console`.
//!
//! Invariants: no value is shown without a purpose of a role that the operator chose, by a form, never by an
//! address; each page is reached only by a role that opens it; a value never goes to paper.
//!
//! Clauses: C10, C11.3, C11.4, C11.5.

mod desk;
mod enquiries;
mod entrance;
mod find;
mod health;
mod journal;
mod keys;
mod matrix;
mod notices;
mod open;
mod operators;
mod outbox;
mod requests;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::Locale;

use crate::answer::{Facts, Trouble};
use crate::pages::{Visit, accepted};
use crate::state::Web;

/// The routes of the console.
pub fn router(web: &Web) -> Router<Web> {
    let pages = Router::new()
        .route("/{lang}/console", get(health::show))
        .route("/{lang}/console/sign-in", get(entrance::form).post(entrance::enter))
        .route("/{lang}/console/sign-out", post(entrance::leave))
        .route("/{lang}/console/set-up/{token}", get(entrance::invited).post(entrance::enrol))
        .route("/{lang}/console/set-up/{token}/confirm", post(entrance::confirm))
        .route("/{lang}/console/enquiries", get(enquiries::list))
        .route("/{lang}/console/enquiries/{id}", get(enquiries::one).post(enquiries::change))
        .route("/{lang}/console/people", get(find::form).post(find::find))
        .route("/{lang}/console/people/{id}", get(open::choose).post(open::open))
        .route("/{lang}/console/requests", get(requests::list))
        .route("/{lang}/console/requests/{id}", post(requests::advance))
        .route("/{lang}/console/mail", get(outbox::form).post(outbox::read))
        .route("/{lang}/console/evidence", get(matrix::show))
        .route("/{lang}/console/log", get(journal::list).post(journal::check))
        .route("/{lang}/console/keys", get(keys::list).post(keys::add))
        .route("/{lang}/console/keys/{id}", post(keys::revoke))
        .route("/{lang}/console/operators", get(operators::list).post(operators::invite))
        .route("/{lang}/console/operators/{id}", post(operators::change))
        .route("/{lang}/console/notices", get(notices::list))
        .layer(from_fn_with_state(web.clone(), dress));
    Router::new()
        .route("/console", get(to_language))
        .route("/console/", get(to_language))
        .route("/console/set-up/{token}", get(to_set_up))
        .route("/docs/api", get(reference))
        .merge(pages)
}

async fn to_language(headers: HeaderMap) -> Redirect {
    Redirect::to(&format!("/{}/console", accepted(&headers)))
}

async fn to_set_up(headers: HeaderMap, Path(token): Path<String>) -> Result<Redirect, Trouble> {
    // A token is hexadecimal: nothing else is put into an address.
    if token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(Redirect::to(&format!("/{}/console/set-up/{token}", accepted(&headers))))
    } else {
        Err(Trouble::App(app::Failure::NotFound))
    }
}

/// The reference of the interface, for those who write programs against it.
async fn reference(State(web): State<Web>) -> Response {
    let visit = Visit::plain(web, Locale::En);
    desk::reference(&visit, "Interface for programs", crate::openapi::reference())
}

/// Turns the trouble of a page into a page of the console; who is not signed in is led to the door.
async fn dress(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let locale: Locale =
        path.trim_start_matches('/').split('/').next().unwrap_or_default().parse().unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(facts) = response.extensions_mut().remove::<Facts>() else { return response };
    if facts.code == "unauthorized" {
        return Redirect::to(&format!("/{locale}/console/sign-in")).into_response();
    }
    let visit = Visit::plain(web, locale);
    let mut page = desk::trouble(&visit, &facts);
    if let Some(seconds) = facts.retry_after {
        page.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    page
}
