//! The one place where "no" becomes an HTTP answer: a page in the person's language, or problem details
//! (RFC 9457) for programs.
//!
//! A handler returns [`Trouble`]; it answers with problem details and leaves its [`Facts`] in the response,
//! and the layer of the pages (`pages::dress`) turns them into a page.

use app::{Failure, policy::Policy};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{ClauseId, PurposeId, Violation};

use crate::i18n::Text;

/// Why a request was not done.
#[derive(Debug)]
pub enum Trouble {
    /// The use case said so.
    App(Failure),
    /// The request cannot be read.
    Malformed,
    /// Its content type is not taken here.
    ContentType,
    /// Its body is larger than this address takes.
    TooLarge,
    /// The address does not take this method.
    Method,
    /// It comes from a foreign site, or its form was open too long.
    Csrf,
    /// Too many tries; again after so many seconds.
    RateLimited(u64),
    /// Nobody is signed in.
    SignIn,
    /// Signed in, but not for this.
    Forbidden,
    /// Something failed on our side.
    Internal,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::App(failure)
    }
}

/// What is told about a trouble.
#[derive(Clone, Debug)]
pub struct Facts {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable kebab-case code; `error-<code>` words it.
    pub code: &'static str,
    /// The clause it rests on.
    pub clause: Option<ClauseId>,
    /// Every rule that was broken.
    pub violations: Vec<Violation>,
    /// Try again after so many seconds.
    pub retry_after: Option<u64>,
}

/// Codes that mean "the gate says no" (403); the others are about what was typed (422).
const REFUSALS: &[&str] = &[
    "role-unknown",
    "principal-not-of-role",
    "purpose-not-of-role",
    "operation-not-of-role",
    "operation-not-for-purpose",
    "category-not-for-purpose",
    "category-not-of-role",
    "category-not-for-recipient",
    "consent-missing",
    "consent-withdrawn",
    "consent-expired",
    "consent-invalidated",
    "consent-revoked",
    "subject-restricted",
    "contact-unproven",
    "recipient-missing",
    "recipient-unknown",
    "recipient-unpublished",
    "recipient-not-for-purpose",
    "recipient-undertaking",
    "recipient-attestation",
    "recipient-suspended",
    "cross-border",
    "research-not-anonymised",
    "not-own-data",
    "adult-not-declared",
];
/// Codes that mean "not in this state" (409).
const CONFLICTS: &[&str] =
    &["enquiry-transition", "restriction-active", "request-transition", "obligation-open"];

fn status_of(violations: &[Violation]) -> StatusCode {
    let any = |codes: &[&str]| violations.iter().any(|one| one.field.is_none() && codes.contains(&one.code));
    if any(&["subject-erased"]) {
        StatusCode::GONE
    } else if any(REFUSALS) {
        StatusCode::FORBIDDEN
    } else if any(CONFLICTS) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

impl Trouble {
    /// What is told about it.
    pub fn facts(&self) -> Facts {
        let plain =
            |status, code| Facts { status, code, clause: None, violations: Vec::new(), retry_after: None };
        match self {
            Self::App(Failure::Refused(violations)) => Facts {
                status: status_of(violations),
                code: violations.first().map_or("forbidden", |first| first.code),
                clause: violations.first().map(|first| first.clause),
                violations: violations.clone(),
                retry_after: None,
            },
            Self::App(Failure::NotFound) => plain(StatusCode::NOT_FOUND, "not-found"),
            Self::App(Failure::Gone) => plain(StatusCode::GONE, "gone"),
            Self::App(Failure::Unauthorised(code)) => plain(StatusCode::UNAUTHORIZED, code),
            Self::App(Failure::IdempotencyMismatch) => {
                plain(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-mismatch")
            }
            Self::App(Failure::Conflict(code)) => plain(StatusCode::CONFLICT, code),
            Self::App(failure @ Failure::Store(_)) if failure.is_disk_full() => {
                plain(StatusCode::INSUFFICIENT_STORAGE, "disk-full")
            }
            Self::App(Failure::Store(_) | Failure::EpochEnded(_) | Failure::Keys(_)) => Facts {
                retry_after: Some(60),
                ..plain(StatusCode::SERVICE_UNAVAILABLE, "storage-unavailable")
            },
            Self::Malformed => plain(StatusCode::BAD_REQUEST, "malformed"),
            Self::ContentType => plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type"),
            Self::TooLarge => plain(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large"),
            Self::Method => plain(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
            Self::Csrf => plain(StatusCode::FORBIDDEN, "csrf"),
            Self::RateLimited(seconds) => {
                Facts { retry_after: Some(*seconds), ..plain(StatusCode::TOO_MANY_REQUESTS, "rate-limited") }
            }
            Self::SignIn => plain(StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Forbidden => plain(StatusCode::FORBIDDEN, "forbidden"),
            Self::Internal => plain(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    fn note(&self) {
        // Codes only: a failure's text may name a path, never a value, but the codes are enough.
        match self {
            Self::App(Failure::Store(fault)) => tracing::error!(%fault, "storage fault"),
            Self::App(Failure::EpochEnded(_) | Failure::Keys(_)) => tracing::error!("keys cannot be used"),
            Self::Internal => tracing::error!("internal fault"),
            _ => {}
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        self.note();
        let facts = self.facts();
        let mut response = problem(&facts, None);
        response.extensions_mut().insert(facts);
        response
    }
}

/// Problem details (RFC 9457). `detail` words the first violation, if the caller has the words.
pub fn problem(facts: &Facts, detail: Option<&str>) -> Response {
    let mut body = serde_json::json!({
        "type": "about:blank",
        "title": facts.status.canonical_reason().unwrap_or("Error"),
        "status": facts.status.as_u16(),
        "code": facts.code,
    });
    if let Some(detail) = detail {
        body["detail"] = detail.into();
    }
    if let Some(clause) = facts.clause {
        body["clause"] = clause.to_string().into();
    }
    if !facts.violations.is_empty() {
        body["violations"] = serde_json::to_value(&facts.violations).unwrap_or_default();
    }
    let mut response = (facts.status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = facts.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Words a violation for a person: `error-<code>` with the names of its field, category and purpose.
/// `extra` wins over what the violation itself knows, such as `date` or `recipient`.
pub fn wording(t: Text, policy: &Policy, violation: &Violation, extra: &[(&str, &str)]) -> String {
    let locale = t.locale();
    let field = violation.field.as_deref().unwrap_or_default();
    let label = policy
        .forms()
        .iter()
        .find_map(|form| form.field(field))
        .map(|known| known.label.get(locale).to_owned())
        .or_else(|| {
            let code = model::CategoryCode::new(field).ok()?;
            policy.category(code).map(|category| category.label.get(locale).to_owned())
        })
        .unwrap_or_else(|| field.to_owned());
    let limit = policy
        .forms()
        .iter()
        .find_map(|form| form.field(field))
        .map(|known| known.max_len)
        .or_else(|| {
            let code = violation.category.or_else(|| model::CategoryCode::new(field).ok())?;
            policy.category(code).map(|category| category.max_len)
        })
        .map(|limit| limit.to_string())
        .unwrap_or_default();
    let purpose = PurposeId::new(field)
        .ok()
        .and_then(|id| policy.purpose(id))
        .map(|purpose| purpose.title.get(locale).to_owned());
    let category = violation
        .category
        .and_then(|code| policy.category(code))
        .map(|category| category.label.get(locale).to_owned());
    let unknown = t.get("site-not-given");
    let mut values: Vec<(&str, &str)> = extra.to_vec();
    let known = [
        ("field", label.as_str()),
        ("limit", limit.as_str()),
        ("purpose", purpose.as_deref().unwrap_or(&unknown)),
        ("category", category.as_deref().unwrap_or(&unknown)),
        ("recipient", &unknown),
        ("date", &unknown),
        ("minutes", "1"),
        ("reference", &unknown),
        ("mailbox", policy.controller().mailbox.as_str()),
    ];
    for (name, value) in known {
        if !values.iter().any(|(given, _)| *given == name) {
            values.push((name, value));
        }
    }
    t.find_with(&format!("error-{}", violation.code), &values)
        .unwrap_or_else(|| t.with("error-code", &[("code", violation.code)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_has_its_status() {
        let clause = ClauseId::new("C6.1").unwrap();
        let refused = |code: &'static str, field: Option<&str>| {
            let violation = Violation::new(code, clause);
            let violation = match field {
                Some(field) => violation.of_field(field),
                None => violation,
            };
            Trouble::App(Failure::Refused(vec![violation])).facts().status.as_u16()
        };
        assert_eq!(refused("consent-missing", None), 403);
        assert_eq!(refused("subject-erased", None), 410);
        assert_eq!(refused("iin-length", Some("iin")), 422);
        assert_eq!(refused("adult-not-declared", Some("adult")), 422);
        assert_eq!(refused("restriction-active", None), 409);
        for (trouble, status) in [
            (Trouble::App(Failure::NotFound), 404),
            (Trouble::App(Failure::Gone), 410),
            (Trouble::App(Failure::Unauthorised("code-wrong")), 401),
            (Trouble::App(Failure::IdempotencyMismatch), 422),
            (Trouble::App(Failure::Conflict("notice-exists")), 409),
            (Trouble::App(Failure::Keys(String::new())), 503),
            (Trouble::Malformed, 400),
            (Trouble::ContentType, 415),
            (Trouble::TooLarge, 413),
            (Trouble::RateLimited(60), 429),
            (Trouble::Csrf, 403),
            (Trouble::SignIn, 401),
            (Trouble::Internal, 500),
        ] {
            let response = trouble.into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
            assert!(response.extensions().get::<Facts>().is_some());
        }
    }
}
