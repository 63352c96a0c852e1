//! Key epochs: opening a new one, re-wrapping, and destroying the old one's key.
//!
//! Order (DESIGN §2b): create the new epoch's key → open the epoch in the database → re-wrap in small
//! units → take the old epoch's row away (refused while anything refers to it), commit → only then destroy
//! its key in the keystore. A crash between any two steps leaves every living value readable; what was begun is
//! finished within moments of the next start, or by another node. On a database that several nodes share, one of them
//! rotates at a time (`lease.rs`), for all.
//!
//! Clauses: C10.7, C17.

use model::{EntryId, EntryKind, Instant, Witness as _};
use store::tables::{key_buckets, key_epochs, keyrings};

use crate::failure::clause_id;
use crate::held::{bucket_of, row_of, wrapped_of};
use crate::lease::{self, Fence, Lease};
use crate::{App, Failure};

pub use crate::lease::{ELSEWHERE, LEASE};

/// Buckets re-wrapped per unit.
const BUCKETS_PER_UNIT: u32 = 16;

/// Where keys stand.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Status {
    /// The open epoch.
    pub epoch: u32,
    /// Since when it is open.
    pub opened_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// Buckets in it.
    pub buckets: u64,
    /// Epochs whose keys the keystore holds.
    pub keystore_epochs: Vec<u32>,
}

/// What a rotation did.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Rotation {
    /// The epoch that is open now.
    pub epoch: u32,
    /// Buckets that only got a new wrapping.
    pub rewrapped: usize,
    /// Buckets that got a new key.
    pub renewed: usize,
    /// Epochs whose keys were destroyed.
    pub destroyed: Vec<u32>,
}

/// Where keys stand now.
///
/// # Errors
/// `Conflict("no-key-epoch")` before the first start.
pub fn status(app: &App) -> Result<Status, Failure> {
    let (current, buckets) = app.store().read(|tx| {
        let current = key_epochs::current(tx)?;
        let buckets = match &current {
            Some(current) => key_buckets::count_by_epoch(tx, current.epoch)?,
            None => 0,
        };
        Ok((current, buckets))
    })?;
    let current = current.ok_or(Failure::Conflict("no-key-epoch"))?;
    Ok(Status {
        epoch: current.epoch,
        opened_at: current.opened_at,
        ends_at: current.opened_at.plus_seconds(i64::from(app.policy().limits().key_epoch_hours) * 3_600),
        buckets,
        keystore_epochs: app.vault().epochs()?,
    })
}

/// When the open epoch ends: from then on, copies of wrapped keys of those erased before are dead.
pub(crate) fn epoch_ends(app: &App) -> Result<Instant, Failure> {
    let ends_at = status(app)?.ends_at;
    Ok(ends_at.max(app.now()))
}

/// Opens the first epoch on an empty database; later, makes sure that the keystore holds the key of every epoch, and
/// finishes what a rotation cut short left: keys of epochs that no row refers to any more are destroyed.
///
/// # Errors
/// Faults of keystore or store; a keystore without the key of an epoch, or with those of a store that was lost.
pub fn ensure_epoch(app: &App) -> Result<(), Failure> {
    let mut rows = app.store().read(key_epochs::list)?;
    loop {
        let held = app.vault().epochs()?;
        // Another node may rotate just now: what is judged is what stood on both sides of the look into the keystore.
        let again = app.store().read(key_epochs::list)?;
        if again != rows {
            rows = again;
            continue;
        }
        if rows.is_empty() && held.iter().all(|epoch| *epoch <= 1) {
            match open(app, 1, Fence::OPEN) {
                // Another node made the same first start.
                Err(Failure::Store(store::Fault::Conflict)) => {
                    rows = app.store().read(key_epochs::list)?;
                    continue;
                }
                done => return done,
            }
        }
        return ensure_keys(app, &rows, &held);
    }
}

fn ensure_keys(app: &App, rows: &[key_epochs::KeyEpoch], held: &[u32]) -> Result<(), Failure> {
    let Some(current) = rows.iter().map(|row| row.epoch).max() else {
        // The first start makes the first key before its row; a later one was made for rows that stood once.
        let epoch = held.iter().max().copied().unwrap_or_default();
        return Err(Failure::Keys(format!(
            "the keystore holds the key of epoch {epoch}, the database knows none: it was lost or exchanged; \
             restore both from a pair of backups"
        )));
    };
    if let Some(missing) = rows.iter().map(|row| row.epoch).find(|epoch| !held.contains(epoch)) {
        return Err(Failure::Keys(format!(
            "the keystore lacks the key of epoch {missing}, without which nothing stored can be opened; \
             restore the keystore from the key backup, or the token with its maker's means"
        )));
    }
    for epoch in held {
        if *epoch < current && rows.iter().all(|row| row.epoch != *epoch) {
            app.vault().destroy_epoch(*epoch)?;
        }
    }
    Ok(())
}

fn open(app: &App, epoch: u32, fence: Fence) -> Result<(), Failure> {
    // A key without a row was made by a start or a rotation cut short between the two: nothing is under it yet.
    if !app.vault().epochs()?.contains(&epoch) {
        match app.vault().create_epoch(epoch, app.entropy()) {
            // By another node, at this moment.
            Err(vault::Fault::Keystore(vault::KeystoreFault::Exists(_))) => {}
            made => made?,
        }
    }
    let at = app.now();
    let opened = app.store().write(move |tx| {
        fence.check(tx)?;
        key_epochs::open(tx, epoch, at)
    });
    opened.map_err(lease::lost_or)
}

/// Rotates to a new epoch and destroys the keys of all earlier ones.
///
/// # Errors
/// `Conflict` [`ELSEWHERE`] while another node does: wait for it; faults of keystore or store: rotating again finishes
/// what was begun.
pub fn rotate(app: &App) -> Result<Rotation, Failure> {
    let mut lease = Lease::take(app)?.ok_or_else(lease::lost)?;
    open_next(app, &lease)?;
    end_earlier(app, &mut lease)
}

/// Rotates if the epoch is over, or finishes a rotation that was cut short; `None` if there was nothing to do here, or
/// another node is at it.
///
/// # Errors
/// As [`rotate`].
pub fn rotate_if_due(app: &App) -> Result<Option<Rotation>, Failure> {
    let due = || {
        let rows = app.store().read(key_epochs::list)?;
        let is_cut_short = rows.iter().any(|row| row.state == key_epochs::EpochState::Closing);
        Ok::<_, Failure>((app.now() >= status(app)?.ends_at, is_cut_short))
    };
    if due()? == (false, false) {
        return Ok(None);
    }
    let Some(mut lease) = Lease::take(app)? else { return Ok(None) };
    // Another node may have ended between the two looks.
    match due()? {
        (false, false) => return Ok(None),
        (false, true) => {}
        (true, _) => open_next(app, &lease)?,
    }
    end_earlier(app, &mut lease).map(Some)
}

fn open_next(app: &App, lease: &Lease<'_>) -> Result<(), Failure> {
    let current = app.store().read(key_epochs::current)?.ok_or(Failure::Conflict("no-key-epoch"))?;
    open(app, current.epoch + 1, lease.fence())
}

/// Moves everything to the open epoch, and ends those before it.
fn end_earlier(app: &App, lease: &mut Lease<'_>) -> Result<Rotation, Failure> {
    let open = app.store().read(key_epochs::current)?.ok_or(Failure::Conflict("no-key-epoch"))?.epoch;
    let mut done = Rotation { epoch: open, rewrapped: 0, renewed: 0, destroyed: Vec::new() };
    move_buckets(app, lease, &mut done)?;
    let at = app.now();
    let entry = model::Entry {
        id: EntryId::new(at, app.entropy()),
        at,
        kind: EntryKind::KeysRotated,
        purpose: None,
        categories: Vec::new(),
        actor: app.system().actor,
        clause: clause_id("C17.4"),
        recipient: None,
        subjects: 0,
        payload: None,
        note: None,
    };
    let line = app.bare_line(entry);
    let close = |fence: Fence| {
        let line = line.clone();
        app.store().write(move |tx| {
            fence.check(tx)?;
            for epoch in key_epochs::list(tx)?.iter().filter(|epoch| epoch.epoch < open) {
                key_epochs::delete(tx, epoch.epoch)?;
            }
            tx.append(line.clone())
        })
    };
    // A form that was being written when the epoch opened may have put one more bucket into the old one.
    while let Err(fault) = close(lease.fence()) {
        match fault {
            store::Fault::Rollback(key_epochs::IN_USE) => move_buckets(app, lease, &mut done)?,
            other => return Err(lease::lost_or(other)),
        }
    }
    // Only after the commit that no row refers to them any more.
    app.vault().forget_keys();
    for epoch in app.vault().epochs()? {
        if epoch < open {
            app.vault().destroy_epoch(epoch)?;
            done.destroyed.push(epoch);
        }
    }
    Ok(done)
}

/// Moves every bucket of an earlier epoch.
fn move_buckets(app: &App, lease: &mut Lease<'_>, done: &mut Rotation) -> Result<(), Failure> {
    let next = done.epoch;
    loop {
        let buckets = app.store().read(move |tx| {
            let mut buckets = Vec::new();
            for epoch in key_epochs::list(tx)?.iter().filter(|epoch| epoch.epoch < next) {
                buckets.extend(key_buckets::list_by_epoch(tx, epoch.epoch, BUCKETS_PER_UNIT)?);
            }
            Ok(buckets)
        })?;
        if buckets.is_empty() {
            return Ok(());
        }
        for bucket in buckets {
            lease.beat()?;
            if move_bucket(app, bucket.bucket, next)? {
                done.renewed += 1;
            } else {
                done.rewrapped += 1;
            }
        }
    }
}

/// Moves one bucket to the epoch; `true` if it got a new key because one was destroyed in it.
fn move_bucket(app: &App, bucket: model::BucketId, epoch: u32) -> Result<bool, Failure> {
    crate::held::retry(|| {
        let (row, members) = app
            .store()
            .read(move |tx| {
                let row = key_buckets::fetch(tx, bucket)?;
                let members = keyrings::list_by_bucket(tx, bucket)?;
                Ok(row.map(|row| (row, members)))
            })?
            .ok_or(Failure::NotFound)?;
        let old = bucket_of(&row);
        let (new, keyrings) = if row.dirty {
            let wrapped: Vec<_> = members.iter().map(wrapped_of).collect();
            app.vault().renew_bucket(&old, epoch, &wrapped, app.entropy())?
        } else {
            (app.vault().rewrap_bucket(&old, epoch, app.entropy())?, Vec::new())
        };
        let renewed = row.dirty;
        let new_rows: Vec<_> = keyrings.iter().map(row_of).collect();
        app.store().write_protected(move |tx| {
            // First the bucket, so that no member comes or changes between the look and the exchange.
            key_buckets::hold(tx, bucket, row.epoch)?;
            // A renewed bucket re-seals exactly the keyrings that were read; a member more or less starts again.
            if renewed && keyrings::list_by_bucket(tx, bucket)? != members {
                return Err(store::Fault::Rollback(crate::held::CHANGED));
            }
            for keyring in &new_rows {
                keyrings::replace(tx, keyring)?;
            }
            key_buckets::replace(tx, bucket, row.epoch, row.dirty, new.epoch, &new.wrapped)
        })?;
        Ok(renewed)
    })
}
