//! The receipt for the door that took the consent in: a program hands it to the person who stands before it.
//!
//! Invariant: only the receipt of a consent that this very caller took in, and only for as long as its call could
//! be repeated; nothing else of the person opens by it. The person sees the look in the history.
//!
//! Clauses: C6.2, C11.4.

use model::{EntryKind, Operation, ProcessingContext, PurposeId, ReceiptId};
use policy::CategorySet;
use store::Tx;
use store::log;
use store::tables::receipts::{self, Receipt};
use store::tables::subjects;

use super::{RECORD_VERSION, place, reassemble, subject_of};
use crate::held::{self, Held};
use crate::{App, Failure, code};

/// Renders a receipt for the caller whose act made it.
///
/// # Errors
/// Not found also for a receipt that another caller made; erased; refused by the gate, or `operation-not-of-role`
/// when the time to fetch it is over.
pub fn hand_over(app: &App, ctx: &ProcessingContext, receipt: ReceiptId) -> Result<String, Failure> {
    let subject = subject_of(app, receipt)?;
    let (row, author) = app
        .store()
        .read(move |tx| {
            let Some(row) = receipts::fetch(tx, subject, receipt)? else { return Ok(None) };
            let author = author(tx, &row)?;
            Ok(Some((row, author)))
        })?
        .ok_or(Failure::NotFound)?;
    let author = author.ok_or(Failure::Conflict("not-integrated"))?;
    if author.actor != ctx.actor.principal.to_string() || author.kind != EntryKind::Consent.code() {
        return Err(Failure::NotFound);
    }
    let hours = i64::from(app.policy().limits().idempotency_hours);
    if author.at.plus_seconds(hours * 3_600) <= ctx.at {
        return Err(Failure::violation("operation-not-of-role", "C11.4"));
    }

    let held = app.hold(subject)?;
    let purpose = purpose(app, ctx, &held)?;
    let wanted = app.category_set(&[code::CORRESPONDENCE])?;
    let query = held::query(ctx, purpose, wanted, Operation::Receipt);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::ReceiptHandedOver, None)?;
    let inner = app.clone();
    let entry = row.entry;
    let outcome = app.store().write(move |tx| {
        let Some(facts) = subjects::facts(tx, subject)? else { return Ok(None) };
        let decided = drafts.decide(&inner, tx, &facts, &query)?;
        Ok(Some((decided, place(tx, entry)?)))
    })?;
    let (decided, place) = outcome.ok_or(Failure::Gone)?;
    let witnessed = decided.map_err(Failure::Refused)?;
    let place = place.ok_or(Failure::Conflict("not-integrated"))?;
    let value =
        vault::ValueRef { category: code::CORRESPONDENCE, record: row.record, version: RECORD_VERSION };
    let opened = app.vault().open(&witnessed, &held.keyring, &value, &row.sealed)?;
    reassemble(app, &row.kind, &opened, place)
}

/// Who did what when, as the log's own entry says.
#[derive(serde::Deserialize)]
struct Author {
    kind: String,
    actor: String,
    at: model::Instant,
}

fn author(tx: &mut Tx<'_>, row: &Receipt) -> Result<Option<Author>, store::Fault> {
    let entry = log::entry(tx, row.entry)?.and_then(|row| row.entry);
    Ok(entry.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The purpose under which the caller's role receives: the duty of the law, or one that the person consented to.
fn purpose(app: &App, ctx: &ProcessingContext, held: &Held) -> Result<PurposeId, Failure> {
    let policy = app.policy();
    let letters = app.category_set(&[code::CORRESPONDENCE])?;
    let live = held.facts.consents.iter().filter(|fact| fact.is_live(ctx.at)).map(|fact| fact.purpose);
    Ok(std::iter::once(code::RIGHTS)
        .chain(live)
        .find(|&purpose| {
            let covers = policy.purpose(purpose).map_or(CategorySet::EMPTY, |known| known.categories);
            covers.covers(letters) && policy.may(ctx.actor.role, purpose, Operation::Receipt)
        })
        .unwrap_or(code::RIGHTS))
}
