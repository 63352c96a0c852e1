//! Single values of a person: corrected, deleted.
//!
//! Clauses: C9.2, C11.6.1, C16.2.

use model::{EntryKind, Operation, Private, ProcessingContext, ReceiptId, RecordId, SubjectId};
use serde_json::json;
use store::tables::value_sets::{self, StoredValue};
use store::tables::{lookups, subjects};

use crate::receipt::{self, Change, Unplaced};
use crate::{App, Failure, code, held};

/// A rectification or deletion that is done.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Changed {
    /// Its receipt.
    pub receipt: Option<String>,
    /// The receipt's id.
    pub receipt_id: ReceiptId,
    /// The record that holds the new value, if there is one.
    pub record: Option<RecordId>,
}

/// Corrects a value: the new one is sealed under a new key, the old one's key is destroyed, so that the
/// old value is gone (C16.2). A changed e-mail or phone counts as unproven until proven again.
///
/// # Errors
/// Refused (not one's own data, the validator's rule), not found, erased.
pub fn edit(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: RecordId,
    new: &Private<String>,
) -> Result<Changed, Failure> {
    change(app, ctx, subject, record, Some(new))
}

/// Deletes a value: its key is destroyed (C11.6.1).
///
/// # Errors
/// Refused, not found, erased.
pub fn delete(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: RecordId,
) -> Result<Changed, Failure> {
    change(app, ctx, subject, record, None)
}

fn change(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: RecordId,
    new: Option<&Private<String>>,
) -> Result<Changed, Failure> {
    let operation = if new.is_some() { Operation::Rectification } else { Operation::Deletion };
    if !held::may_exercise_rights(app, ctx, subject, operation) {
        return Err(Failure::violation("not-own-data", "C16.1"));
    }
    held::retry(|| change_once(app, ctx, subject, record, new))
}

fn change_once(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    record: RecordId,
    new: Option<&Private<String>>,
) -> Result<Changed, Failure> {
    let mut held = app.hold(subject)?;
    let (mut set, old) = held
        .values()
        .find(|(_, value)| value.record == record)
        .map(|(set, value)| (set.clone(), value.clone()))
        .ok_or(Failure::NotFound)?;
    let category = app.policy().category(old.category).ok_or(Failure::NotFound)?;
    set.values.retain(|value| value.record != record);

    let mut new_mac = None;
    let mut new_record = None;
    if let Some(new) = new {
        let wrong = |reason: model::Violation| Failure::Refused(vec![reason.of_field(old.category.as_str())]);
        let normalised = app.policy().validate_value(category, new.expose()).map_err(wrong)?;
        app.policy().check_adult(category, &normalised, ctx.at).map_err(wrong)?;
        let fresh = held::record(ctx.at, app);
        let version = old.version + 1;
        new_mac = category.lookup.then(|| app.blind_index(old.category, &normalised));
        let sealed =
            held.keyring.seal(old.category, fresh, version, &Private::new(normalised), app.entropy())?;
        set.values.push(StoredValue {
            record: fresh,
            category: old.category,
            version,
            as_of: ctx.at,
            source: source_of(ctx),
            mac: new_mac,
            proven: false,
            sealed,
        });
        new_record = Some(fresh);
    }
    held.keyring.destroy(record);
    // A record without a value is no more: what rules it met stays in the person's own history.
    let left = crate::record::leave(app, &held, set.values.is_empty().then_some(&set))?;

    let (kind, operation, receipt_kind) = if new.is_some() {
        (EntryKind::Rectification, Operation::Rectification, "rectification")
    } else {
        (EntryKind::Deletion, Operation::Deletion, "deletion")
    };
    let receipt_id = ReceiptId::new(ctx.at, app.entropy());
    let mut body = receipt::frame(app, "RectificationReceipt", receipt_id, ctx);
    body["pii_principal_id"] = json!(subject);
    body["category"] = json!(old.category);
    body["old_value"] = json!({ "as_of": old.as_of, "source": old.source, "key": "destroyed" });
    body["new_value"] = json!(new_record.map(|_| json!({ "as_of": ctx.at, "source": source_of(ctx) })));
    let unplaced = Unplaced::new(app, receipt_id, receipt_kind, &body);
    let query = held::query(ctx, code::RIGHTS, app.category_set(&[old.category])?, operation);
    let stays = |is: &dyn Fn(&StoredValue) -> bool| {
        held.values().any(|(_, value)| value.record != record && is(value))
    };
    let is_told =
        stays(&|value| value.category == code::EMAIL) || (new.is_some() && old.category == code::EMAIL);
    // Another record of the same person may hold the same value: then the lookup row stays.
    let still_indexed = stays(&|value| value.mac.is_some() && value.mac == old.mac);
    let change = Change::new(app, ctx, &mut held, (kind, query), unplaced, is_told)?;
    let done = change.carry_out(app, move |tx, mut facts| {
        if set.values.is_empty() {
            value_sets::delete(tx, subject, set.set)?;
            left.store(tx)?;
        } else {
            value_sets::replace(tx, &set)?;
        }
        if let Some(mac) = old.mac.filter(|_| !still_indexed) {
            lookups::delete(tx, old.category, &mac, subject)?;
        }
        if let Some(mac) = new_mac {
            lookups::insert(tx, old.category, &mac, subject, false)?;
        }
        let is_proven = |value: &StoredValue| value.proven;
        if old.proven && !value_sets::list(tx, subject)?.iter().flat_map(|set| &set.values).any(is_proven) {
            facts.contact_proven = false;
            subjects::set_facts(tx, &facts)?;
        }
        Ok(())
    })?;
    Ok(Changed { receipt: done.receipt, receipt_id, record: new_record })
}

fn source_of(ctx: &ProcessingContext) -> String {
    if ctx.actor.role == code::DATA_SUBJECT { "account".into() } else { format!("role:{}", ctx.actor.role) }
}
