//! What a consent leaves behind: the record without values, and the body of its receipt.
//!
//! Clauses: C4.1, C6.2; law 94-V art. 8(4); ISO/IEC TS 27560.

use model::entry::base64;
use model::{ConsentId, Instant, ProcessingContext, ReceiptId, SubjectFacts, SubjectId, SubmissionId};
use serde_json::json;

use super::{Checked, Submission};
use crate::{App, code, receipt};

/// What the consent record keeps: everything that stood on the page, no value of the person.
pub(super) fn consent_record(
    app: &App,
    ctx: &ProcessingContext,
    submission: &Submission,
    checked: &Checked<'_>,
    submission_id: SubmissionId,
    receipt_id: ReceiptId,
) -> serde_json::Value {
    json!({
        "submission_id": submission_id,
        "receipt_id": receipt_id,
        "notice": {
            "id": checked.notice.id,
            "version": checked.notice.version,
            "language": checked.notice.language,
            "sha256": checked.notice.sha256_hex(),
        },
        "policy_version": app.policy().version(),
        "form": checked.form.id,
        "shown_sha256": submission.consent.shown_sha256.map(|hash| base64(&hash)),
        "button": submission.consent.button,
        "language": ctx.locale.as_str(),
        "channel": submission.consent.channel,
        "source": submission.source,
        "adult_declared": submission.consent.adult,
        "actor": "self",
        "purposes_offered": checked.form.purposes.iter().map(|offered| offered.id).collect::<Vec<_>>(),
    })
}

/// The consent receipt: the law's eight fields (art. 8(4)) and the keys of ISO/IEC TS 27560.
#[expect(
    clippy::too_many_arguments,
    reason = "one document with many sources; a struct would only rename them"
)]
pub(super) fn consent_body(
    app: &App,
    ctx: &ProcessingContext,
    checked: &Checked<'_>,
    receipt_id: ReceiptId,
    consent_id: ConsentId,
    subject: SubjectId,
    facts: &SubjectFacts,
    record: &serde_json::Value,
) -> serde_json::Value {
    let policy = app.policy();
    let named = |category: model::CategoryCode| {
        checked
            .values
            .iter()
            .find(|(held, ..)| *held == category)
            .map_or("not given", |(_, normalised, _)| normalised.as_str())
            .to_owned()
    };
    let purposes: Vec<serde_json::Value> = checked
        .form
        .purposes
        .iter()
        .filter_map(|offered| policy.purpose(offered.id))
        .map(|purpose| {
            let fact = facts.consent(purpose.id);
            json!({
                "purpose_id": purpose.id,
                "clause": purpose.clause,
                "status": if fact.is_some() { "given" } else { "not given" },
                "legal_basis": "consent",
                "ends": purpose.ends,
                "expires_at": fact.and_then(|fact| fact.expires_at),
                "pii_categories": policy.codes(purpose.categories),
                "recipients": purpose.recipients,
                "live": if purpose.needs_proven_contact { "after the contact is proven" } else { "at once" },
            })
        })
        .collect();
    let ends: Vec<Instant> = facts.consents.iter().filter_map(|fact| fact.expires_at).collect();
    let mut body = receipt::frame(app, "ConsentReceipt", receipt_id, ctx);
    body["consent_record_id"] = json!(consent_id);
    body["pii_principal_id"] = json!(subject);
    body["law_94_v_art_8_4"] = json!({
        "1_operator": { "name": policy.controller().name.get(ctx.locale), "bin": policy.controller().bin },
        "2_data_subject": {
            "surname": named(code::SURNAME),
            "given_name": named(code::GIVEN_NAME),
            "patronymic": named(code::PATRONYMIC),
        },
        "3_term": ends.iter().max().map_or_else(|| json!("until the purposes are reached"), |end| json!(end)),
        "4_transfer_to_third_parties": "not given",
        "5_cross_border_transfer": "not given",
        "6_public_sources": "not given",
        "7_data": checked.values.iter().map(|(category, ..)| *category).collect::<Vec<_>>(),
        "8_other": "none",
    });
    body["purposes"] = json!(purposes);
    body["record"] = record.clone();
    body["withdrawal"] = json!({
        "how": format!("{}/{}/account", app.settings().base_url, ctx.locale),
        "clause": "C6.1",
    });
    body
}
