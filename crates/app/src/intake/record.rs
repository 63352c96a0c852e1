//! What a consent leaves behind: the record without values, and the body of its receipt.
//!
//! Clauses: C4.1, C6.2; law 94-V art. 8(4); ISO/IEC TS 27560.

use model::entry::base64;
use model::{
    CategoryCode, ClauseId, ConsentId, FormId, Instant, NoticeId, ProcessingContext, PurposeId, ReceiptId,
    RecipientId, SubjectFacts, SubjectId, SubmissionId,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Checked, Submission};
use crate::receipt::Frame;
use crate::{App, Failure, code, receipt};

/// What a field says that was not asked, or asked and left empty (C6.2: never blank).
const NOT_GIVEN: &str = "not given";

/// What the consent record keeps: everything that stood on the page, no value of the person.
#[derive(Serialize)]
struct Record<'a> {
    submission_id: SubmissionId,
    receipt_id: ReceiptId,
    notice: NoticeShown<'a>,
    policy_version: &'a str,
    form: FormId,
    shown_sha256: Option<String>,
    button: &'a str,
    language: &'static str,
    channel: &'static str,
    source: Option<&'a str>,
    adult_declared: bool,
    actor: &'static str,
    purposes_offered: Vec<PurposeId>,
}

#[derive(Serialize)]
struct NoticeShown<'a> {
    id: NoticeId,
    version: &'a str,
    language: model::Locale,
    sha256: String,
}

/// The text of the consent record, as the store keeps it and as the receipt carries it.
pub(super) fn consent_record(
    app: &App,
    ctx: &ProcessingContext,
    submission: &Submission,
    checked: &Checked<'_>,
    submission_id: SubmissionId,
    receipt_id: ReceiptId,
) -> Result<Box<RawValue>, Failure> {
    let record = Record {
        submission_id,
        receipt_id,
        notice: NoticeShown {
            id: checked.notice.id,
            version: &checked.notice.version,
            language: checked.notice.language,
            sha256: checked.notice.sha256_hex(),
        },
        policy_version: app.policy().version(),
        form: checked.form.id,
        shown_sha256: submission.consent.shown_sha256.map(|hash| base64(&hash)),
        button: &submission.consent.button,
        language: ctx.locale.as_str(),
        channel: submission.consent.channel,
        source: submission.source.as_deref(),
        adult_declared: submission.consent.adult,
        actor: "self",
        purposes_offered: checked.form.purposes.iter().map(|offered| offered.id).collect(),
    };
    serde_json::value::to_raw_value(&record).map_err(|_| Failure::Conflict("consent-record"))
}

/// The consent receipt: the law's eight fields (art. 8(4)) and the keys of ISO/IEC TS 27560.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(flatten)]
    frame: Frame<'a>,
    consent_record_id: ConsentId,
    #[serde(rename = "pii_principal_id")]
    subject_id: SubjectId,
    law_94_v_art_8_4: Law<'a>,
    purposes: Vec<PurposeAsked<'a>>,
    record: &'a RawValue,
    withdrawal: Withdrawal,
}

#[derive(Serialize)]
struct Law<'a> {
    #[serde(rename = "1_operator")]
    operator: Operator<'a>,
    #[serde(rename = "2_data_subject")]
    data_subject: Named<'a>,
    #[serde(rename = "3_term")]
    term: Term,
    #[serde(rename = "4_transfer_to_third_parties")]
    transfer: &'static str,
    #[serde(rename = "5_cross_border_transfer")]
    cross_border: &'static str,
    #[serde(rename = "6_public_sources")]
    publication: &'static str,
    #[serde(rename = "7_data")]
    data: Vec<CategoryCode>,
    #[serde(rename = "8_other")]
    other: &'static str,
}

#[derive(Serialize)]
struct Operator<'a> {
    name: &'a str,
    bin: &'a str,
}

#[derive(Serialize)]
struct Named<'a> {
    surname: &'a str,
    given_name: &'a str,
    patronymic: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Term {
    Until(Instant),
    Reached(&'static str),
}

#[derive(Serialize)]
struct PurposeAsked<'a> {
    purpose_id: PurposeId,
    clause: ClauseId,
    status: &'static str,
    legal_basis: &'static str,
    ends: &'a str,
    expires_at: Option<Instant>,
    #[serde(rename = "pii_categories")]
    categories: Vec<CategoryCode>,
    recipients: &'a [RecipientId],
    live: &'static str,
}

#[derive(Serialize)]
struct Withdrawal {
    how: String,
    clause: &'static str,
}

/// What the receipt of a submission's consent says.
#[expect(
    clippy::too_many_arguments,
    reason = "one document with many sources; a struct would only rename them"
)]
pub(super) fn consent_body<'a>(
    app: &'a App,
    ctx: &ProcessingContext,
    checked: &'a Checked<'_>,
    receipt_id: ReceiptId,
    consent_id: ConsentId,
    subject: SubjectId,
    facts: &SubjectFacts,
    record: &'a RawValue,
) -> Body<'a> {
    let policy = app.policy();
    let named = |category: CategoryCode| {
        let held = checked.values.iter().find(|(held, ..)| *held == category);
        held.map_or(NOT_GIVEN, |(_, normalised, _)| normalised.as_str())
    };
    let purposes = checked.form.purposes.iter().filter_map(|offered| policy.purpose(offered.id));
    let purposes = purposes.map(|purpose| {
        let fact = facts.consent(purpose.id);
        PurposeAsked {
            purpose_id: purpose.id,
            clause: purpose.clause,
            status: if fact.is_some() { "given" } else { NOT_GIVEN },
            legal_basis: "consent",
            ends: &purpose.ends,
            expires_at: fact.and_then(|fact| fact.expires_at),
            categories: policy.codes(purpose.categories),
            recipients: &purpose.recipients,
            live: if purpose.needs_proven_contact { "after the contact is proven" } else { "at once" },
        }
    });
    let end = facts.consents.iter().filter_map(|fact| fact.expires_at).max();
    Body {
        frame: receipt::frame_of(app, "ConsentReceipt", receipt_id, ctx),
        consent_record_id: consent_id,
        subject_id: subject,
        law_94_v_art_8_4: Law {
            operator: Operator {
                name: policy.controller().name.get(ctx.locale),
                bin: &policy.controller().bin,
            },
            data_subject: Named {
                surname: named(code::SURNAME),
                given_name: named(code::GIVEN_NAME),
                patronymic: named(code::PATRONYMIC),
            },
            term: end.map_or(Term::Reached("until the purposes are reached"), Term::Until),
            transfer: NOT_GIVEN,
            cross_border: NOT_GIVEN,
            publication: NOT_GIVEN,
            data: checked.values.iter().map(|(category, ..)| *category).collect(),
            other: "none",
        },
        purposes: purposes.collect(),
        record,
        withdrawal: Withdrawal {
            how: format!("{}/{}/account", app.settings().base_url, ctx.locale),
            clause: "C6.1",
        },
    }
}
