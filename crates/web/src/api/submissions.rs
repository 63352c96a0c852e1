//! `POST forms/{form}/submissions`: what a program sends in for a person.
//!
//! Clauses: C4, C5, C6, C9.0.

use app::intake::{self, ConsentInput, Submission};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use model::{ConsentId, EnquiryId, FormId, Locale, PurposeId, SubjectId, SubmissionId};
use serde::{Deserialize, Serialize};

use crate::api::body::{Body, Id, Values};
use crate::api::caller::Caller;
use crate::api::{Answer, PREFIX, Problem, json};
use crate::state::Web;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    values: Values,
    consent: Consent,
    #[serde(default)]
    representative: Option<Representative>,
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    notice_version: String,
    purposes: Vec<PurposeId>,
    adult: bool,
    language: Locale,
}

/// `true`, or an object that names the representative; both are refused by the form (C9.1).
#[derive(Deserialize)]
#[serde(untagged)]
enum Representative {
    Flag(bool),
    Named(serde_json::Map<String, serde_json::Value>),
}

#[derive(Serialize)]
struct Made<'a> {
    submission_id: SubmissionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_id: Option<SubjectId>,
    enquiry_id: Option<EnquiryId>,
    number: Option<&'a str>,
    consent_id: ConsentId,
    receipt: Option<&'a str>,
    receipt_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

/// Longest `source`, in bytes: the path of a page.
const SOURCE_MAX: usize = 256;

pub(crate) async fn create(
    State(web): State<Web>,
    caller: Caller,
    Id(form): Id<FormId>,
    headers: HeaderMap,
    Body { value: sent, bytes }: Body<Sent>,
) -> Answer {
    let locale = sent.consent.language;
    let worded = move |problem: Problem| problem.in_language(locale);
    for &purpose in &sent.consent.purposes {
        caller.need_purpose(purpose).map_err(worded)?;
    }
    let source = source_of(sent.source).map_err(worded)?;
    // The form belongs to what was asked: the same body to another form is another request.
    let idempotency = caller.idempotency(&headers, form.as_str(), bytes).map_err(worded)?;
    let knows_subjects = caller.may_know_subjects(&web);
    let base = web.app().settings().base_url.clone();
    let submitted = web
        .call(move |app| {
            let button =
                app.policy().form(form).map(|form| form.button.get(locale).to_owned()).unwrap_or_default();
            let submission = Submission {
                form,
                values: sent.values.0,
                consent: ConsentInput {
                    notice_version: sent.consent.notice_version,
                    purposes: sent.consent.purposes,
                    adult: sent.consent.adult,
                    shown_sha256: None,
                    button,
                    channel: "api",
                },
                representative: match sent.representative {
                    None | Some(Representative::Flag(false)) => false,
                    Some(Representative::Flag(true)) => true,
                    Some(Representative::Named(members)) => !members.is_empty(),
                },
                source,
                idempotency,
            };
            intake::submit(app, &caller.holder.context(app, locale), &submission)
        })
        .await
        .map_err(|failure| worded(failure.into()))?;
    json(
        StatusCode::CREATED,
        &Made {
            submission_id: submitted.submission_id,
            subject_id: knows_subjects.then_some(submitted.subject_id),
            enquiry_id: submitted.enquiry_id,
            number: submitted.number.as_deref(),
            consent_id: submitted.consent_id,
            receipt: submitted.receipt.as_deref(),
            receipt_url: format!("{base}{PREFIX}/receipts/{}", submitted.receipt_id),
            secret: submitted.secret.as_deref(),
        },
    )
}

/// A page's path or a name of the door. Kept in clear, so what could hold a person's data is refused: no
/// query, no fragment, no address.
fn source_of(source: Option<String>) -> Result<Option<String>, Problem> {
    let Some(source) = source else { return Ok(None) };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b':');
    if source.len() <= SOURCE_MAX && source.bytes().all(plain) {
        Ok(Some(source))
    } else {
        Err(Problem::input(app::failure::violation("text-invalid", "C10.5").of_field("source")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clause_10_5_a_source_holds_no_query() {
        assert!(source_of(Some("https://site.kz/ru/credit".into())).is_ok());
        for text in ["/ru?email=a@b.kz", "/ru#x", "имя", "a@b.kz", "a b"] {
            assert!(source_of(Some(text.into())).is_err(), "{text}");
        }
    }
}
