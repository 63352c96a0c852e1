//! The JSON interface under `/api/v1`, with the names and shapes of DESIGN §6.
//!
//! Invariants: [`ROUTES`] is the only table of contents: the router and the `OpenAPI` document are both made
//! from it, so neither can name a route that the other lacks; every answer that is no success is a problem
//! document (RFC 9457); values of persons come in by [`body::Body`] and go out by `reads`, nowhere else.
//!
//! Clauses: C10, C11.4, C16.

pub(crate) mod body;
pub(crate) mod caller;
mod consents;
mod cursor;
mod decisions;
mod enquiries;
mod log;
mod notices;
mod problem;
mod reads;
mod records;
mod requests;
mod rules;
mod submissions;
#[cfg(test)]
mod tests;

use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};
use serde::Serialize;

pub(crate) use problem::Problem;

use crate::answer::Trouble;
use crate::state::Web;

/// The prefix of every route here.
pub const PREFIX: &str = "/api/v1";
/// Largest body taken, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;
/// Most items of one page of a list.
const LIMIT_MAX: u32 = 200;
/// Items of a page when the caller names no limit.
const LIMIT: u32 = 50;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Anybody: what it shows is public.
    Open,
    /// A program with a key.
    Key,
}

/// One operation of the interface.
pub(crate) struct Route {
    /// Its method.
    pub method: Method,
    /// Its path below [`PREFIX`], as axum writes it.
    pub path: &'static str,
    /// Who may call it.
    pub door: Door,
    /// Its handler.
    pub mount: fn() -> MethodRouter<Web>,
    /// Its name in `OpenAPI`; the documentation stands in `openapi` under this name.
    pub id: &'static str,
}

/// Makes the table: method, door, path, handler, name.
macro_rules! routes {
    ($($method:ident $door:ident $path:literal $handler:path => $id:literal;)*) => {
        /// Every operation.
        pub(crate) const ROUTES: &[Route] = &[$(Route {
            method: routes!(@$method),
            path: $path,
            door: Door::$door,
            mount: || $method($handler),
            id: $id,
        },)*];
    };
    (@get) => { Method::GET };
    (@post) => { Method::POST };
}

routes! {
    get  Open "/openapi.json"                   crate::openapi::document    => "getOpenApi";
    get  Open "/notices/current"                notices::current            => "getCurrentNotice";
    post Key  "/forms/{form}/submissions"       submissions::create         => "createSubmission";
    post Key  "/subjects/lookup"                reads::lookup               => "lookUpSubjects";
    get  Key  "/subjects/{subject_id}/data"     reads::data                 => "getSubjectData";
    post Key  "/decisions"                      decisions::decide           => "decide";
    get  Key  "/consents"                       consents::list              => "listConsents";
    post Key  "/consents"                       consents::create            => "giveConsent";
    post Key  "/consents/{consent_id}/withdraw" consents::withdraw          => "withdrawConsent";
    get  Key  "/consents/{consent_id}/receipt"  consents::receipt           => "getConsentReceipt";
    get  Key  "/receipts/{receipt_id}"          consents::receipt_by_id     => "getReceipt";
    get  Key  "/requests"                       requests::list              => "listRequests";
    post Key  "/requests"                       requests::open              => "openRequest";
    post Key  "/requests/{request_id}/verify"   requests::verify            => "verifyRequest";
    post Key  "/requests/{request_id}/confirm"  requests::confirm           => "confirmRequest";
    post Key  "/requests/{request_id}/refuse"   requests::refuse            => "refuseRequest";
    post Key  "/requests/{request_id}/complete" requests::complete          => "completeRequest";
    get  Key  "/enquiries"                      enquiries::list             => "listEnquiries";
    post Key  "/enquiries"                      enquiries::open             => "openEnquiry";
    post Key  "/enquiries/{enquiry_id}/status"  enquiries::set_status       => "setEnquiryStatus";
    get  Key "/records"                         records::select             => "selectRecords";
    get  Key "/subjects/{subject_id}/records"   records::list               => "listRecords";
    post Key "/subjects/{subject_id}/records"   records::create             => "writeRecord";
    get  Key "/subjects/{subject_id}/records/{records}/data" records::data => "getRecordData";
    post Key "/subjects/{subject_id}/records/{records}/terms" records::change_terms => "changeTerms";
    post Key "/subjects/{subject_id}/records/{records}/delete" records::delete => "deleteRecords";
    post Key "/subjects/{subject_id}/values/{value_id}/rectify" records::rectify => "rectifyValue";
    get  Key "/rules"                           rules::list                 => "listRules";
    post Key "/rules"                           rules::create               => "makeRule";
    post Key "/rules/{rule_id}/end"             rules::end                  => "endRule";
    get  Key  "/recipients"                     notices::recipients         => "listRecipients";
    get  Key  "/evidence"                       notices::evidence           => "getEvidence";
    get  Open "/log/checkpoint"                 log::checkpoint             => "getLogCheckpoint";
    get  Open "/log/tile/{*path}"               log::tile                   => "getLogTile";
    get  Open "/log/proof"                      log::proof                  => "getLogProof";
    get  Key  "/log/entries"                    log::entries                => "listLogEntries";
}

/// The routes of the interface.
pub fn router(web: &Web) -> Router<Web> {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.mount)());
    }
    let router = router
        .fallback(async || Trouble::App(app::Failure::NotFound))
        .method_not_allowed_fallback(async || Trouble::Method)
        .layer(middleware::from_fn_with_state(web.clone(), problem::finish));
    Router::new().nest(PREFIX, router)
}

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Problem>;

/// A page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// JSON that no cache keeps.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(bytes) => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
            Ok((status, headers, bytes).into_response())
        }
        Err(_) => Err(Trouble::Internal.into()),
    }
}

/// A receipt or proof file.
pub(crate) fn file(text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::OK, headers, text).into_response()
}

/// How many items a page shall have.
pub(crate) fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(LIMIT).clamp(1, LIMIT_MAX)
}
