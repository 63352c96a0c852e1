//! What an idempotency key did: found again before an act is repeated, claimed in the transaction of the act.
//!
//! Invariant: the row holds the caller, the key, a keyed hash of the body and the ids made, never an answer; who
//! was erased since is answered with "gone", the same key with another body or for another act with "mismatch".
//!
//! Clauses: C10.6; DESIGN §6.

use model::{Instant, ProcessingContext, SubjectId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::tables::idempotency::{self, Idempotency as Row};
use store::tables::subjects;

use crate::intake::Idempotency;
use crate::{App, Failure};

/// Why a unit gave up that found its key taken.
const TAKEN: &str = "idempotency-key-taken";

/// Acts once for a key: an identical earlier call is answered by `again` from the ids it made.
pub(crate) fn once<I: DeserializeOwned, R>(
    app: &App,
    ctx: &ProcessingContext,
    call: Option<&Idempotency>,
    operation: &str,
    act: impl FnOnce() -> Result<R, Failure>,
    again: impl Fn(SubjectId, I) -> Result<R, Failure>,
) -> Result<R, Failure> {
    if let Some((subject, ids)) = found(app, ctx, call, operation)? {
        return again(subject, ids);
    }
    match act() {
        // Two calls with one key at the same moment: the second answers as the first did.
        Err(Failure::Store(store::Fault::Rollback(TAKEN))) => {
            let (subject, ids) =
                found(app, ctx, call, operation)?.ok_or(Failure::Conflict("idempotency-row"))?;
            again(subject, ids)
        }
        done => done,
    }
}

fn found<I: DeserializeOwned>(
    app: &App,
    ctx: &ProcessingContext,
    call: Option<&Idempotency>,
    operation: &str,
) -> Result<Option<(SubjectId, I)>, Failure> {
    let Some(call) = call else { return Ok(None) };
    let (principal, key) = (call.principal.clone(), call.key.clone());
    let row = app.store().read(move |tx| idempotency::fetch(tx, &principal, &key))?;
    let Some(row) = row.filter(|row| is_live(app, row, ctx.at)) else { return Ok(None) };
    if row.status == idempotency::GONE {
        return Err(Failure::Gone);
    }
    if row.operation != operation
        || !app.vault().mac_matches("idempotency", call.body.expose(), &row.body_mac)
    {
        return Err(Failure::IdempotencyMismatch);
    }
    let subject = row.subject.ok_or(Failure::Gone)?;
    let facts = app.store().read(move |tx| subjects::facts(tx, subject))?;
    if facts.is_none_or(|facts| facts.status == model::SubjectStatus::Erased) {
        return Err(Failure::Gone);
    }
    let ids = serde_json::from_str(&row.ids).map_err(|_| Failure::Conflict("idempotency-row"))?;
    Ok(Some((subject, ids)))
}

fn is_live(app: &App, row: &Row, at: Instant) -> bool {
    row.at.plus_seconds(i64::from(app.policy().limits().idempotency_hours) * 3_600) > at
}

/// The row of a call, drawn before the transaction.
pub(crate) fn row(
    app: &App,
    ctx: &ProcessingContext,
    call: Option<&Idempotency>,
    operation: &str,
    subject: SubjectId,
    ids: &impl Serialize,
) -> Option<Row> {
    let call = call?;
    Some(Row {
        principal: call.principal.clone(),
        key: call.key.clone(),
        body_mac: app.vault().mac("idempotency", call.body.expose()).to_vec(),
        operation: operation.to_owned(),
        status: 201,
        ids: serde_json::to_string(ids).unwrap_or_default(),
        subject: Some(subject),
        at: ctx.at,
    })
}

/// Claims the key in the transaction of the act, or rolls the act back if it is taken.
pub(crate) fn claim(app: &App, tx: &mut store::Tx<'_>, row: Option<&Row>) -> Result<(), store::Fault> {
    let Some(row) = row else { return Ok(()) };
    if idempotency::fetch(tx, &row.principal, &row.key)?.is_some_and(|held| is_live(app, &held, row.at)) {
        return Err(store::Fault::Rollback(TAKEN));
    }
    idempotency::insert(tx, row)
}
