//! Intake: a form submission becomes a data subject of its own, with its consent, values and enquiry.
//!
//! Everything is checked before anything is stored, and stored in one transaction: undeclared field
//! refused (C5), values validated, notice compared with the one in force (C4.1), age and capacity
//! (C1.2), purposes one by one (C6.2), then the gate. A submission proves nothing about who sent it
//! (C9.0): it touches no other record, and its answer is the same whether a contact is known or not.
//!
//! Clauses: C1.2, C2, C3, C4, C5, C6, C9.0, C9.2, C10.

mod record;

use model::{
    ConsentEvent, ConsentEventKind, ConsentFact, ConsentId, EnquiryId, EntryId, EntryKind, FormId, Instant,
    LogLine, Operation, OperationSet, Part, Private, ProcessingContext, PurposeId, ReceiptId, SubjectFacts,
    SubjectId, SubmissionId, TermCode, TermField, Terms, Violation, Witness as _,
};
use policy::{Decision, Draft, Form};
use serde_json::json;
use store::tables::consent_events::{self, ConsentEventRow};
use store::tables::consents::{self, Consent};
use store::tables::enquiries::{self, Enquiry};
use store::tables::idempotency::{self, Idempotency as IdempotencyRow};
use store::tables::key_buckets::{self, KeyBucket};
use store::tables::keyrings::{self, KeyringRow};
use store::tables::receipts::{self, Receipt};
use store::tables::secrets::{self, Secret as SecretRow};
use store::tables::value_sets::{self, StoredValue, ValueSet};
use store::tables::{jobs, lookups, subjects};
use vault::WrappedBucket;

use crate::failure::violation;
use crate::held;
use crate::notice::Notice;
use crate::receipt::{self, Appended, Unplaced};
use crate::secret::Secret;
use crate::{App, Failure, code};

/// What a door hands over: still unchecked.
pub struct Submission {
    /// The form.
    pub form: FormId,
    /// Field names and values as typed.
    pub values: Vec<(String, Private<String>)>,
    /// What the person agreed to.
    pub consent: ConsentInput,
    /// Who acts for the person, if somebody does.
    pub representative: bool,
    /// Where the form stood, such as a page's path; data of the door, never of the person.
    pub source: Option<String>,
    /// The idempotency key of an API call.
    pub idempotency: Option<Idempotency>,
}

/// What the person agreed to, as the door saw it.
pub struct ConsentInput {
    /// Version of the notice shown.
    pub notice_version: String,
    /// Purposes whose boxes were ticked.
    pub purposes: Vec<PurposeId>,
    /// The declaration of full age and capacity.
    pub adult: bool,
    /// Hash of the consent text as rendered, if the door rendered it itself.
    pub shown_sha256: Option<[u8; 32]>,
    /// Label of the button pressed.
    pub button: String,
    /// `web-form`, `api`, `widget`.
    pub channel: &'static str,
}

/// An idempotency key with the body it came with.
pub struct Idempotency {
    /// Whose key it is: keys of two principals never meet.
    pub principal: String,
    /// The key.
    pub key: String,
    /// The whole body; only its MAC is kept.
    pub body: Private<Vec<u8>>,
}

/// A submission that is stored.
pub struct Submitted {
    /// Its id.
    pub submission_id: SubmissionId,
    /// The subject made for it.
    pub subject_id: SubjectId,
    /// The enquiry it opened, if its form opens one.
    pub enquiry_id: Option<EnquiryId>,
    /// The reference number to tell the person.
    pub number: Option<String>,
    /// The consent record.
    pub consent_id: ConsentId,
    /// The consent receipt's id.
    pub receipt_id: ReceiptId,
    /// The receipt file, unless its entry waits for integration.
    pub receipt: Option<String>,
    /// The secret that opens the account; shown once, never again.
    pub secret: Option<String>,
}

/// Why a unit gave up that found its idempotency key taken.
const REPEATED: &str = "idempotency-key-taken";

/// A submission that passed every check.
pub(crate) struct Checked<'a> {
    form: &'a Form,
    values: Vec<(model::CategoryCode, String, Private<String>)>,
    notice: Notice,
    purposes: Vec<PurposeId>,
    refused: Vec<PurposeId>,
}

/// Takes in a submission.
///
/// # Errors
/// [`Failure::Refused`] with every violation found, or a fault of the store; then nothing was stored.
pub fn submit(app: &App, ctx: &ProcessingContext, submission: &Submission) -> Result<Submitted, Failure> {
    if let Some(known) = replayed(app, ctx, submission)? {
        return Ok(known);
    }
    let checked = check(app, ctx, submission)?;
    match held::retry(|| store_checked(app, ctx, submission, &checked)) {
        // Two calls with one key at the same moment: the second answers as the first did.
        Err(Failure::Store(store::Fault::Rollback(REPEATED))) => {
            replayed(app, ctx, submission)?.ok_or(Failure::Conflict("idempotency-row"))
        }
        done => done,
    }
}

fn check<'a>(app: &'a App, ctx: &ProcessingContext, submission: &Submission) -> Result<Checked<'a>, Failure> {
    let policy = app.policy();
    let form = policy.form(submission.form).ok_or(Failure::NotFound)?;
    let mut violations = Vec::new();
    let values = check_values(app, ctx, form, submission, &mut violations);
    if !submission.consent.adult {
        violations.push(violation("adult-not-declared", "C1.2").of_field("adult"));
    }
    if submission.representative {
        // Representatives act in the account and on paper; a form proves no mandate (C9.1).
        violations.push(violation("representative-unproven", "C9.1").of_field("representative"));
    }
    let notice = crate::notice::head_in_force(app, ctx.locale, ctx.at)?;
    if submission.consent.notice_version != notice.version {
        violations.push(violation("notice-outdated", "C19").of_field("notice_version"));
    }
    let mut purposes = Vec::new();
    for &purpose in &submission.consent.purposes {
        if !form.purposes.iter().any(|offered| offered.id == purpose) {
            violations.push(violation("purpose-unknown", "C8").of_field("purposes"));
        } else if !purposes.contains(&purpose) {
            purposes.push(purpose);
        }
    }
    for offered in form.purposes.iter().filter(|offered| offered.required) {
        if !purposes.contains(&offered.id) {
            violations.push(violation("purpose-required", "C4.1").of_field("purposes"));
        }
    }
    let refused =
        form.purposes.iter().map(|offered| offered.id).filter(|id| !purposes.contains(id)).collect();
    if violations.is_empty() {
        Ok(Checked { form, values, notice, purposes, refused })
    } else {
        Err(Failure::Refused(violations))
    }
}

fn check_values(
    app: &App,
    ctx: &ProcessingContext,
    form: &Form,
    submission: &Submission,
    violations: &mut Vec<Violation>,
) -> Vec<(model::CategoryCode, String, Private<String>)> {
    let policy = app.policy();
    for (position, (name, _)) in submission.values.iter().enumerate() {
        let known = form.fields.iter().any(|field| &field.name == name);
        if !known {
            // An unknown name is the sender's text and may hold anything: it is not repeated.
            violations.push(violation("undeclared-field", "C5").of_field("?"));
        } else if submission.values[..position].iter().any(|(earlier, _)| earlier == name) {
            violations.push(violation("field-repeated", "C5").of_field(name.clone()));
        }
    }
    let mut values = Vec::new();
    for field in &form.fields {
        let given = submission
            .values
            .iter()
            .find(|(name, _)| *name == field.name)
            .map(|(_, value)| value)
            .filter(|value| !value.expose().trim().is_empty());
        let Some(given) = given else {
            if field.required {
                violations.push(violation("missing-field", "C5").of_field(field.name.clone()));
            }
            continue;
        };
        let Some(category) = policy.category(field.category) else { continue };
        match policy.validate_value(category, given.expose()) {
            Ok(normalised) => {
                if let Err(reason) = policy.check_adult(category, &normalised, ctx.at) {
                    violations.push(reason.of_field(field.name.clone()));
                }
                values.push((field.category, normalised.clone(), Private::new(normalised)));
            }
            Err(reason) => violations.push(reason.of_field(field.name.clone())),
        }
    }
    values
}

/// What an identical earlier call made, rendered again through the ordinary path.
fn replayed(
    app: &App,
    ctx: &ProcessingContext,
    submission: &Submission,
) -> Result<Option<Submitted>, Failure> {
    let Some(idempotent) = &submission.idempotency else { return Ok(None) };
    let (principal, key) = (idempotent.principal.clone(), idempotent.key.clone());
    let row = app.store().read(move |tx| idempotency::fetch(tx, &principal, &key))?;
    let Some(row) = row else { return Ok(None) };
    if row.at.plus_seconds(seconds_of_hours(app.policy().limits().idempotency_hours)) <= ctx.at {
        return Ok(None);
    }
    if row.status == idempotency::GONE {
        return Err(Failure::Gone);
    }
    if !app.vault().mac_matches("idempotency", idempotent.body.expose(), &row.body_mac) {
        return Err(Failure::IdempotencyMismatch);
    }
    let subject = row.subject.ok_or(Failure::Gone)?;
    let erased = app
        .store()
        .read(move |tx| subjects::facts(tx, subject))?
        .is_none_or(|facts| facts.status == model::SubjectStatus::Erased);
    if erased {
        return Err(Failure::Gone);
    }
    let ids: Ids = serde_json::from_str(&row.ids).map_err(|_| Failure::Conflict("idempotency-row"))?;
    let receipt_id = ids.receipt;
    // The first answer went to the same key; its holder hands the receipt to the person who submitted.
    let own = ProcessingContext {
        actor: model::Actor { principal: model::Principal::DataSubject(subject), role: code::DATA_SUBJECT },
        ..*ctx
    };
    let receipt = match receipt::render(app, &own, receipt_id) {
        Ok(receipt) => Some(receipt),
        Err(Failure::NotFound | Failure::Conflict(_)) => None,
        Err(other) => return Err(other),
    };
    Ok(Some(Submitted {
        submission_id: ids.submission,
        subject_id: subject,
        enquiry_id: ids.enquiry,
        number: ids.number,
        consent_id: ids.consent,
        receipt_id,
        receipt,
        secret: None,
    }))
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Ids {
    submission: SubmissionId,
    enquiry: Option<EnquiryId>,
    number: Option<String>,
    consent: ConsentId,
    receipt: ReceiptId,
}

fn seconds_of_hours(hours: u32) -> i64 {
    i64::from(hours) * 3_600
}

fn store_checked(
    app: &App,
    ctx: &ProcessingContext,
    submission: &Submission,
    checked: &Checked<'_>,
) -> Result<Submitted, Failure> {
    let (at, entropy, policy) = (ctx.at, app.entropy(), app.policy());
    let subject = SubjectId::new(at, entropy);
    let lease = app.lease_bucket(at)?;
    let mut keyring = app.vault().new_keyring(&lease.bucket, subject, entropy)?;

    // Ids first, so that a re-run of the unit is identical.
    let submission_id = SubmissionId::new(at, entropy);
    let consent_id = ConsentId::new(at, entropy);
    let receipt_id = ReceiptId::new(at, entropy);
    let enquiry_id = checked.form.enquiry.then(|| EnquiryId::new(at, entropy));
    let number = enquiry_id.map(|_| reference_number(app, at));
    let secret = Secret::draw(app);

    let mut facts = SubjectFacts::new(subject, submission.consent.adult);
    for &purpose in &checked.purposes {
        facts.set_consent(ConsentFact {
            purpose,
            consent: consent_id,
            given_at: at,
            expires_at: policy.purpose(purpose).map(|known| policy.period_ends_at(known.storage, at)),
            ended: None,
            // No box for a transfer stands on a form: it is not given (law art. 7(6); C11.3).
            withdrawn: Part::Transfer.operations(),
        });
    }

    // The gate: collection of each category must be permitted by at least one purpose given just now.
    let mut covered = policy::CategorySet::EMPTY;
    let categories: Vec<model::CategoryCode> =
        checked.values.iter().map(|(category, ..)| *category).collect();
    let wanted = app.category_set(&categories)?;
    let mut refusals = Vec::new();
    for &purpose in &checked.purposes {
        let serves = policy.purpose(purpose).map_or(policy::CategorySet::EMPTY, |purpose| purpose.categories);
        let query = held::query(ctx, purpose, serves.intersection(wanted), Operation::Collection);
        match policy::decide(policy, &facts, &query) {
            Decision::Permit(grant) => covered = covered.union(grant.categories()),
            Decision::Refuse(violations) => refusals.extend(violations),
        }
    }
    // A purpose that waits for a proven contact (8.5, 8.8) is consented to now and live later.
    refusals.retain(|refusal| refusal.code != "contact-unproven");
    if !refusals.is_empty() {
        return Err(Failure::Refused(refusals));
    }
    if let Some(&excess) = policy.codes(wanted.without(covered)).first() {
        return Err(Failure::Refused(vec![
            violation("category-not-for-purpose", "C10.5").of_category(excess),
        ]));
    }

    // Seal every value under its own record key.
    let mut set = ValueSet { subject, set: held::record(at, app), values: Vec::new(), place: None };
    let mut lookup_rows = Vec::new();
    for (category, normalised, value) in &checked.values {
        let record = held::record(at, app);
        let sealed = keyring.seal(*category, record, 1, value, entropy)?;
        let mac = policy
            .category(*category)
            .filter(|category| category.lookup)
            .map(|_| app.blind_index(*category, normalised));
        if let Some(mac) = mac {
            lookup_rows.push((*category, mac));
        }
        set.values.push(StoredValue {
            record,
            category: *category,
            version: 1,
            as_of: at,
            source: format!("form:{}", checked.form.id),
            mac,
            proven: false,
            sealed,
        });
    }

    let record = record::consent_record(app, ctx, submission, checked, submission_id, receipt_id)?;
    let body = record::consent_body(app, ctx, checked, receipt_id, consent_id, subject, &facts, &record);
    let unplaced = Unplaced::new(app, receipt_id, "consent", &body);
    let consent_entry_id = EntryId::new(at, entropy);
    let consent_entry = model::Entry {
        id: consent_entry_id,
        at,
        kind: EntryKind::Consent,
        purpose: (checked.purposes.len() == 1).then(|| checked.purposes[0]),
        categories: sorted(categories.clone()),
        actor: ctx.actor,
        clause: crate::failure::clause_id("C4.1"),
        recipient: None,
        subjects: 1,
        payload: Some(unplaced.payload()),
        note: None,
    };
    let receipt_row = unplaced.seal(app, &mut keyring, held::record(at, app), consent_entry_id)?;
    let consent_line = app.line(&keyring, consent_entry)?;
    let appended = Appended::of(&consent_line);

    // The collection itself is the gate's own entry, under the first purpose given.
    let main =
        checked.purposes.first().copied().ok_or_else(|| Failure::violation("purpose-required", "C4.1"))?;
    let serves = policy.purpose(main).map_or(policy::CategorySet::EMPTY, |purpose| purpose.categories);
    let query = held::query(ctx, main, serves.intersection(wanted), Operation::Collection);
    let entry_id = EntryId::new(at, entropy);
    let entry = policy.entry_for(&query, entry_id, EntryKind::Collection, None);
    let LogLine { salt, history, .. } = app.line(&keyring, entry)?;
    let draft = Draft { id: entry_id, kind: EntryKind::Collection, payload: None, salt, history };

    let given = ConsentEvent {
        consent: consent_id,
        number: 0,
        kind: ConsentEventKind::Given,
        purposes: checked.purposes.clone(),
        operations: OperationSet::ALL,
        at,
        previous: [0; 32],
    };
    let refused = (!checked.refused.is_empty()).then(|| ConsentEvent {
        consent: consent_id,
        number: 1,
        kind: ConsentEventKind::Refused,
        purposes: checked.refused.clone(),
        operations: OperationSet::ALL,
        at,
        previous: crate::consent::hash(&given),
    });
    let consent_row = Consent {
        subject,
        consent: consent_id,
        notice: checked.notice.id,
        record: record.get().to_owned(),
        given_at: at,
    };
    let enquiry_row = enquiry_id.zip(number.clone()).map(|(enquiry, number)| Enquiry {
        subject,
        enquiry,
        number,
        form: checked.form.id,
        purpose: main,
        status: crate::enquiry::RECEIVED.to_owned(),
        opened_at: at,
        changed_at: at,
    });
    let has_email = categories.contains(&code::EMAIL);
    let mail = if has_email {
        let told = Private::new(number.clone().unwrap_or_else(|| consent_id.to_string()));
        Some(crate::outbox::draft(
            app,
            ctx,
            &mut keyring,
            "consent-given",
            &[("number", &told)],
            code::RIGHTS,
            0,
        )?)
    } else {
        None
    };
    let wrapped = app.vault().close_keyring(&lease.bucket, &keyring, entropy)?;
    let secret_row = SecretRow { secret_mac: secret.mac(app), subject, created_at: at };
    let idempotency_row = submission.idempotency.as_ref().map(|idempotent| IdempotencyRow {
        principal: idempotent.principal.clone(),
        key: idempotent.key.clone(),
        body_mac: app.vault().mac("idempotency", idempotent.body.expose()).to_vec(),
        operation: "submission".to_owned(),
        status: 201,
        ids: json!({
            "submission": submission_id, "enquiry": enquiry_id, "number": number,
            "consent": consent_id, "receipt": receipt_id,
        })
        .to_string(),
        subject: Some(subject),
        at,
    });

    let unit = std::sync::Arc::new(Unit {
        app: app.clone(),
        query,
        draft,
        facts,
        bucket: lease.bucket.clone(),
        bucket_is_new: lease.is_new,
        keyring: held::row_of(&wrapped),
        set,
        terms: terms_of(main, checked.form.id),
        lookups: lookup_rows,
        consent: consent_row,
        events: std::iter::once(given).chain(refused).collect(),
        consent_line,
        consent_entry_id,
        receipt: receipt_row,
        enquiry: enquiry_row,
        secret: secret_row,
        mail,
        idempotency: idempotency_row,
    });
    let index = match app.store().write(move |tx| unit.store(tx)) {
        Ok(index) => {
            lease.filled();
            index
        }
        Err(fault) => {
            lease.discard();
            return Err(fault.into());
        }
    };

    let receipt = receipt::placed(app, unplaced, appended, index)?;
    Ok(Submitted {
        submission_id,
        subject_id: subject,
        enquiry_id,
        number,
        consent_id,
        receipt_id,
        receipt,
        secret: Some(secret.text),
    })
}

/// Everything one submission writes, drawn and sealed before the transaction.
struct Unit {
    app: App,
    query: policy::Query,
    draft: Draft,
    facts: SubjectFacts,
    bucket: WrappedBucket,
    bucket_is_new: bool,
    keyring: KeyringRow,
    set: ValueSet,
    terms: Terms,
    lookups: Vec<(model::CategoryCode, [u8; 32])>,
    consent: Consent,
    events: Vec<ConsentEvent>,
    consent_line: LogLine,
    consent_entry_id: EntryId,
    receipt: Receipt,
    enquiry: Option<Enquiry>,
    secret: SecretRow,
    mail: Option<jobs::Job>,
    idempotency: Option<IdempotencyRow>,
}

impl Unit {
    /// Gives the index of the consent's log line, where it has one already.
    fn store(&self, tx: &mut store::Tx<'_>) -> Result<Option<u64>, store::Fault> {
        let at = self.query.at;
        if let Some(row) = &self.idempotency {
            // Two calls with one key at the same moment: the second starts again and finds the first.
            if idempotency::fetch(tx, &row.principal, &row.key)?.is_some_and(|held| {
                held.at.plus_seconds(seconds_of_hours(self.app.policy().limits().idempotency_hours)) > at
            }) {
                return Err(store::Fault::Rollback(REPEATED));
            }
            idempotency::insert(tx, row)?;
        }
        if self.bucket_is_new {
            let (bucket, epoch) = (self.bucket.bucket, self.bucket.epoch);
            let wrapped = self.bucket.wrapped.clone();
            key_buckets::insert(tx, &KeyBucket { bucket, epoch, wrapped, dirty: false })?;
        }
        key_buckets::hold(tx, self.bucket.bucket, self.bucket.epoch)?;
        match policy::decide(self.app.policy(), &self.facts, &self.query) {
            Decision::Permit(grant) => {
                grant.witness(self.app.policy(), self.draft.clone(), tx)?;
            }
            Decision::Refuse(_) => return Err(store::Fault::Rollback("refused")),
        }
        subjects::insert(tx, &self.facts, self.bucket.bucket, at, Some(&self.secret.secret_mac))?;
        keyrings::insert(tx, &self.keyring)?;
        value_sets::insert_under(tx, &self.set, &self.terms)?;
        for (category, mac) in &self.lookups {
            lookups::insert(tx, *category, mac, self.facts.subject, false)?;
        }
        consents::insert(tx, &self.consent)?;
        for event in &self.events {
            let (subject, event) = (self.facts.subject, event.clone());
            consent_events::insert(
                tx,
                &ConsentEventRow { subject, event, entry: Some(self.consent_entry_id) },
            )?;
        }
        if let Some(row) = &self.enquiry {
            enquiries::insert(tx, row)?;
        }
        receipts::insert(tx, &self.receipt)?;
        secrets::insert(tx, &self.secret)?;
        if let Some(mail) = &self.mail {
            jobs::enqueue(tx, mail)?;
        }
        tx.append(self.consent_line.clone())?;
        Ok(tx.last_index())
    }
}

/// Under what the values of a form stand: collected for its first purpose, from this form.
fn terms_of(purpose: PurposeId, form: FormId) -> Terms {
    let codes = [(TermField::Purpose, purpose.as_str()), (TermField::Source, form.as_str())];
    codes.into_iter().fold(Terms::default(), |terms, (field, code)| {
        terms.with(field, TermCode::new(code).ok()).unwrap_or(terms)
    })
}

fn sorted(mut categories: Vec<model::CategoryCode>) -> Vec<model::CategoryCode> {
    categories.sort_unstable();
    categories.dedup();
    categories
}

/// Eight characters that say nothing of how many enquiries there are.
pub(crate) fn reference_number(app: &App, at: Instant) -> String {
    let id = EnquiryId::new(at, app.entropy()).to_string();
    let tail = &id[id.len() - 8..];
    format!("{}-{}", &tail[..4], &tail[4..]).to_uppercase()
}
