//! What the server does by itself every few seconds: what is over is taken away, keys in memory are wiped, and
//! the latest instant is kept, so that a clock set back un-expires nothing.
//!
//! Clauses: C6.1, C11.6; RELIABILITY §2 "Time".

use model::Instant;
use store::Store;
use store::tables::{idempotency, meta, sessions, setup_links, signin_codes};

use crate::{App, Failure};

/// Where the latest instant is kept.
const LATEST: &str = "latest-instant";
/// Rows taken away at once.
const ROWS_PER_UNIT: u32 = 500;

/// The latest instant that the instance has seen, before it was last closed.
///
/// # Errors
/// Faults of the store.
pub fn latest(store: &Store) -> Result<Option<Instant>, store::Fault> {
    let bytes = store.read(|tx| meta::get(tx, LATEST))?;
    Ok(bytes
        .and_then(|bytes| bytes.try_into().ok())
        .map(|bytes| Instant::from_micros(i64::from_be_bytes(bytes))))
}

/// Keeps the instant now as the latest one.
///
/// # Errors
/// Faults of the store.
pub fn remember(app: &App) -> Result<(), Failure> {
    let now = app.now();
    Ok(app.store().write(move |tx| meta::put(tx, LATEST, &now.micros().to_be_bytes()))?)
}

/// Wipes unwrapped keys that have been in memory for too long.
pub fn wipe_keys(app: &App) {
    app.vault().sweep();
}

/// Takes away sessions, codes, links and idempotency rows that are over. Returns how many.
///
/// # Errors
/// Faults of the store.
pub fn sweep(app: &App) -> Result<usize, Failure> {
    let now = app.now();
    let kept = i64::from(app.policy().limits().idempotency_hours) * 3_600;
    Ok(app.store().write(move |tx| {
        Ok(sessions::sweep(tx, now)?
            + signin_codes::sweep(tx, now)?
            + setup_links::sweep(tx, now)?
            + idempotency::sweep(tx, now.plus_seconds(-kept), ROWS_PER_UNIT)?)
    })?)
}
