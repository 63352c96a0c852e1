//! Integration on a server that several nodes share: whoever holds the row of the newest checkpoint gives the waiting
//! entries their index, tiles and root, and signs.
//!
//! Invariant: the row lock is the lease and ends with its transaction or its connection; the checkpoint is compared
//! and swapped besides, so that two sequencers could never both move it (RELIABILITY §1.6). Leaves are hashed from
//! what storage gives back.
//!
//! Clauses: L11; DESIGN §2c.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::EntryId;
use tlog::Signer;
use tokio::runtime::Handle;

use super::{Session, fault};
use crate::fault::Fault;
use crate::integrate::{self, Edge};
use crate::params;
use crate::tx::{Lock, Tx};

/// Most entries of one integration.
const ENTRIES_MAX: u32 = 8192;
/// Between two looks when nobody asks (DESIGN §2c: at most 20 ms).
const PAUSE: Duration = Duration::from_millis(20);
/// After a fault.
const PAUSE_AFTER_FAULT: Duration = Duration::from_millis(200);
/// Entries whose index is remembered for those who wait.
const REMEMBERED: usize = 32_768;

/// What the node's threads share with its integrator.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) is_closed: AtomicBool,
    known: Mutex<Known>,
    changed: Condvar,
}

#[derive(Default)]
struct Known {
    /// Somebody committed entries since the last look.
    is_asked: bool,
    indexes: HashMap<EntryId, u64>,
    order: VecDeque<EntryId>,
}

impl Shared {
    /// Says that entries may wait.
    pub(super) fn wake(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).is_asked = true;
        self.changed.notify_all();
    }

    /// The index of an entry; `elsewhere` asks storage, where another node may have put it.
    pub(super) fn index_within(
        &self,
        entry: EntryId,
        at_most: Duration,
        mut elsewhere: impl FnMut() -> Result<Option<u64>, Fault>,
    ) -> Result<Option<u64>, Fault> {
        let until = Instant::now() + at_most;
        loop {
            {
                let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(&index) = known.indexes.get(&entry) {
                    return Ok(Some(index));
                }
                let (known, _) = self
                    .changed
                    .wait_timeout_while(known, PAUSE, |known| !known.indexes.contains_key(&entry))
                    .unwrap_or_else(PoisonError::into_inner);
                if let Some(&index) = known.indexes.get(&entry) {
                    return Ok(Some(index));
                }
            }
            if let Some(index) = elsewhere()? {
                return Ok(Some(index));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
        }
    }

    fn remember(&self, integrated: Vec<(EntryId, u64)>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for (entry, index) in integrated {
            known.indexes.insert(entry, index);
            known.order.push_back(entry);
        }
        while known.order.len() > REMEMBERED {
            if let Some(oldest) = known.order.pop_front() {
                known.indexes.remove(&oldest);
            }
        }
        drop(known);
        self.changed.notify_all();
    }
}

/// The node's sequencer.
pub(super) struct Integrator {
    runtime: Handle,
    pool: deadpool_postgres::Pool,
    shared: Arc<Shared>,
    signer: Arc<dyn Signer>,
    edge: Edge,
}

impl Integrator {
    /// Reads the edge and holds it against checkpoint and key; begins an empty log.
    pub(super) fn open(
        runtime: Handle,
        pool: deadpool_postgres::Pool,
        shared: Arc<Shared>,
        signer: Arc<dyn Signer>,
    ) -> Result<Self, Fault> {
        let mut session = session(&runtime, &pool)?;
        session.begin("BEGIN");
        let edge = {
            let mut tx = Tx::postgres(&mut session, true);
            // The first node begins the log; the next waits here and finds it.
            tx.query_one("SELECT pg_advisory_xact_lock(?1)", params![BEGINNING])?;
            // Nobody integrates while the entries are held against their checkpoint.
            tx.query_locked("SELECT size FROM log_state WHERE id = 1", &[], Lock::Row)?;
            Edge::load(&mut tx, signer.as_ref())?
        };
        session.commit()?;
        Ok(Self { runtime, pool, shared, signer, edge })
    }

    pub(super) fn run(mut self) {
        while !self.shared.is_closed.load(Ordering::SeqCst) {
            let pause = match self.integrate() {
                Ok(true) => continue,
                Ok(false) => PAUSE,
                Err(_) => PAUSE_AFTER_FAULT,
            };
            let known = self.shared.known.lock().unwrap_or_else(PoisonError::into_inner);
            let (mut known, _) = self
                .shared
                .changed
                .wait_timeout_while(known, pause, |known| !known.is_asked)
                .unwrap_or_else(PoisonError::into_inner);
            known.is_asked = false;
        }
    }

    /// One round; gives whether there may be more.
    fn integrate(&mut self) -> Result<bool, Fault> {
        let mut session = session(&self.runtime, &self.pool)?;
        session.begin(super::WRITE);
        let mut tx = Tx::postgres(&mut session, true);
        let lease = tx.query_locked("SELECT size FROM log_state WHERE id = 1", &[], Lock::Free)?;
        // Another node is at it.
        let Some(row) = lease.first() else {
            session.roll_back()?;
            return Ok(false);
        };
        let size: u64 = row.int(0)?;
        if size != self.edge.size() {
            self.edge = Edge::load(&mut tx, self.signer.as_ref())?;
        }
        let taken = integrate::take_pending(&mut tx, size, ENTRIES_MAX)?;
        if taken == 0 {
            session.roll_back()?;
            return Ok(false);
        }
        let edge = self.edge.integrate(&mut tx, size + u64::from(taken), self.signer.as_ref())?;
        let integrated = tx
            .query_all("SELECT entry_id, log_index FROM log_entries WHERE log_index >= ?1", params![size])?
            .iter()
            .map(|row| Ok((row.id(0)?, row.int(1)?)))
            .collect::<Result<Vec<(EntryId, u64)>, Fault>>()?;
        session.commit()?;
        self.edge = edge;
        self.shared.remember(integrated);
        Ok(taken == ENTRIES_MAX)
    }
}

/// One number for all nodes: whoever holds it may begin the log.
const BEGINNING: i64 = 0x7365_6e69_6d02;

fn session(runtime: &Handle, pool: &deadpool_postgres::Pool) -> Result<Session, Fault> {
    let client = runtime.block_on(pool.get()).map_err(fault::of_pool)?;
    Ok(Session::new(runtime.clone(), client, true))
}
