//! Erasure in the database: one bounded transaction that ends all access, then sweeps of ciphertext rows.
//!
//! Invariant: after [`shred`] commits nothing of the person can be opened (from the end of the key epoch on,
//! not even from old copies), found or sent; what [`sweep_rows`] still removes is ciphertext.
//!
//! Clauses: C16, C17; DESIGN §2b, §3.

use model::SubjectId;

use crate::fault::Fault;
use crate::tables::fence_journal::{self, Fence};
use crate::tables::tombstones::{self, Tombstone};
use crate::tables::{
    dossier, enquiries, idempotency, jobs, key_buckets, keyrings, lookups, requests, secrets, sessions,
    signin_codes, subjects, value_sets,
};
use crate::tx::Tx;

/// Most rows one sweep may delete (DESIGN §3).
pub const SWEEP_MAX: u32 = 500;

/// Deletes up to so many rows of a person from one table.
type Sweep = fn(&mut Tx<'_>, SubjectId, u32) -> Result<usize, Fault>;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Rows deleted, without those of indexes.
    pub rows: usize,
    /// Whether nothing is left; the tombstone says so from now on.
    pub done: bool,
}

/// Erases a living person: keyring, facts, lookups, sessions, codes, secrets, jobs, used keys; writes the
/// tombstone and the fence. Enqueue notices about it afterwards, about nobody (`subject: None`).
///
/// # Errors
/// [`Fault::Affected`] when there is no such person, [`Fault::Conflict`] when the tombstone stands already.
pub fn shred(tx: &mut Tx<'_>, tombstone: &Tombstone, fence: &Fence) -> Result<(), Fault> {
    let subject = tombstone.subject;
    if subjects::facts(tx, subject)?.is_none() {
        return Err(Fault::Missing("subjects"));
    }
    forget(tx, subject)?;
    tombstones::insert(tx, tombstone)?;
    fence_journal::insert(tx, fence)
}

/// What [`shred`] removes, for whatever of it stands; a restore uses it alone.
pub(crate) fn forget(tx: &mut Tx<'_>, subject: SubjectId) -> Result<(), Fault> {
    // The lookups are found through the values' own blind indexes: no third index to keep for each contact.
    for set in value_sets::list(tx, subject)? {
        for value in set.values {
            if let Some(mac) = value.mac {
                lookups::delete(tx, value.category, &mac, subject)?;
                signin_codes::delete(tx, &mac)?;
            }
        }
    }
    let keyring = keyrings::fetch(tx, subject)?;
    if keyring.is_some() {
        keyrings::delete(tx, subject)?;
    }
    sessions::delete_by_subject(tx, subject)?;
    secrets::delete_by_subject(tx, subject)?;
    jobs::delete_by_subject(tx, subject)?;
    idempotency::forget_by_subject(tx, subject)?;
    if subjects::facts(tx, subject)?.is_some() {
        subjects::delete(tx, subject)?;
    }
    // Last, because all who share the bucket wait here for one another.
    keyring.map_or(Ok(()), |keyring| key_buckets::mark_dirty(tx, keyring.bucket))
}

/// Deletes up to `limit` (at most [`SWEEP_MAX`]) rows of an erased person; repeat until it is done.
///
/// # Errors
/// [`Fault::Missing`] when the person is not erased.
pub fn sweep_rows(tx: &mut Tx<'_>, subject: SubjectId, limit: u32) -> Result<Swept, Fault> {
    let tombstone = tombstones::fetch(tx, subject)?.ok_or(Fault::Missing("tombstones"))?;
    let limit = limit.clamp(1, SWEEP_MAX);
    let mut rows = 0;
    let sweeps: [Sweep; 3] =
        [dossier::delete_by_subject, enquiries::delete_by_subject, requests::delete_by_subject];
    for sweep in sweeps {
        let left = limit - u32::try_from(rows).unwrap_or(limit).min(limit);
        if left == 0 {
            return Ok(Swept { rows, done: false });
        }
        rows += sweep(tx, subject, left)?;
    }
    let done = rows < limit as usize;
    if done && !tombstone.rows_gone {
        tombstones::set_rows_gone(tx, subject)?;
    }
    Ok(Swept { rows, done })
}
