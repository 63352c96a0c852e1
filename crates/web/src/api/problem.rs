//! Problem details (RFC 9457): the one shape of every answer of the interface that is no success.
//!
//! Invariant: nothing that the caller sent is repeated, but for names of members that look like names. Which
//! "no" has which status is decided in [`crate::answer`]; here it only gets its words.

use std::sync::atomic::{AtomicU64, Ordering};

use app::Failure;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::{Locale, Violation};
use serde::Serialize;

use crate::answer::{Facts, Trouble, wording};
use crate::i18n::Text;
use crate::state::Web;

/// Why a call did not succeed. Its words are put in by [`finish`], in the caller's language.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    facts: Facts,
    /// Where in the body, or which member; words of ours.
    place: Option<String>,
    locale: Option<Locale>,
}

impl Problem {
    /// The request cannot be read; `place` says where.
    pub fn malformed(place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..Trouble::Malformed.into() }
    }
    /// The input breaks a rule.
    pub fn input(violation: Violation) -> Self {
        Failure::Refused(vec![violation]).into()
    }
    /// The role or the key may not do this (C11.4).
    pub fn forbidden(code: &'static str) -> Self {
        Failure::violation(code, "C11.4").into()
    }
    /// There is no such thing.
    pub fn not_found() -> Self {
        Failure::NotFound.into()
    }
    /// The same, worded in this language whatever the headers say.
    pub fn in_language(self, locale: Locale) -> Self {
        Self { locale: Some(locale), ..self }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let mut facts = trouble.facts();
        if facts.status == StatusCode::UNAUTHORIZED {
            facts.code = "unauthorized";
        }
        Self { facts, place: None, locale: None }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Trouble::from(failure).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.facts.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    violations: Vec<Worded<'a>>,
    request_id: String,
}

#[derive(Serialize)]
struct Worded<'a> {
    #[serde(flatten)]
    violation: &'a Violation,
    message: String,
}

/// Numbers the refusals of this process; says nothing about who asked.
static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Turns whatever a handler, an extractor or the router refused with into a problem document in the
/// language of the caller.
pub(crate) async fn finish(State(web): State<Web>, request: Request, next: Next) -> Response {
    let asked = crate::pages::accepted(request.headers());
    let mut response = next.run(request).await;
    let problem = if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        problem
    } else if let Some(facts) = response.extensions_mut().remove::<Facts>() {
        Problem { facts, place: None, locale: None }
    } else if response.status().is_server_error() {
        Trouble::Internal.into()
    } else if response.status().is_client_error() {
        let facts = Facts { status: response.status(), ..Trouble::Malformed.facts() };
        Problem { facts, place: None, locale: None }
    } else {
        return response;
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = render(&web, &problem, asked);
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

fn render(web: &Web, problem: &Problem, asked: Locale) -> Response {
    let t = Text::of(problem.locale.unwrap_or(asked));
    let facts = &problem.facts;
    let policy = web.app().policy();
    let request_id = format!("rq-{:08x}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let minutes = facts.retry_after.unwrap_or(60).div_ceil(60).to_string();
    let extra = [
        ("minutes", minutes.as_str()),
        ("reference", request_id.as_str()),
        ("mailbox", policy.controller().mailbox.as_str()),
    ];
    let violations: Vec<Worded<'_>> = facts
        .violations
        .iter()
        .map(|violation| Worded { violation, message: wording(t, policy, violation, &extra) })
        .collect();
    let title = if let Some(first) = violations.first() {
        first.message.clone()
    } else {
        t.find_with(&format!("error-{}", facts.code), &extra).unwrap_or_else(|| t.get("error-conflict"))
    };
    let detail = match &problem.place {
        Some(place) => format!("{title} ({place})"),
        None => violations.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join(" "),
    };
    let detail = if detail.is_empty() { title.clone() } else { detail };
    let document = Document {
        r#type: format!("/docs/api#{}", facts.code),
        title,
        status: facts.status.as_u16(),
        detail,
        code: facts.code,
        clause: facts.clause.map(|clause| clause.to_string()),
        violations,
        request_id,
    };
    let bytes = serde_json::to_vec(&document).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_LANGUAGE, t.locale().as_str()),
    ];
    let mut response = (facts.status, headers, bytes).into_response();
    if facts.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = facts.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
