//! The one writer: takes every unit that waits, runs them, integrates the log, writes what they did into the redo log, then
//! answers (group commit). The database's own commit follows: when somebody reads, when enough is gathered, or in the next
//! pause. Whoever comes while nobody writes and nobody waits is the writer for that one unit, on its own
//! thread: to hand it over and be woken again costs as much as a sync.
//!
//! Invariant: no answer leaves before the durable commit; after a storage error none leaves at all. A unit that
//! fails harms nobody else: units run together first, which saves each its savepoint, and when one of them fails
//! all is rolled back and each runs again in a savepoint of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tlog::Signer;

use crate::checkpointer::Checkpointer;
use crate::connection::{self, Reset};
use crate::fault::Fault;
use crate::integrate::Edge;
use crate::redo::{self, RedoLog, Written};
use crate::resident::Resident;
use crate::sqlite::Shared;
use crate::tx::Tx;

/// Most units in one commit.
const BATCH_MAX: usize = 256;
/// Bytes of write-ahead log after which it is copied back.
const CHECKPOINT_BYTES: u64 = 32 << 20;
/// How many times as many until the writer copies itself and lets everybody wait: then the disk cannot follow.
const CHECKPOINT_BEHIND: u64 = 4;
/// A pause after which the write-ahead log is copied back.
const IDLE: Duration = Duration::from_millis(500);
/// Pauses in a row after which the write-ahead log is cut, and the longest it is written over without being cut:
/// so long may a copy of a destroyed row stand in it.
const IDLES_UNTIL_CUT: u32 = 4;
const REUSE_MAX: Duration = Duration::from_mins(1);

/// Batches and bytes that are answered before the database commits them.
const UNSETTLED_MAX: usize = 64;
const UNSETTLED_BYTES_MAX: usize = 1 << 20;

/// Pages of write-ahead log after which they are synced, on another thread.
const SYNC_PAGES: u64 = 512;

/// How long the writer looks for the next unit before it sleeps: to be woken costs a client half as much as a sync.
const AWAKE: Duration = Duration::from_micros(150);

/// A unit of work with the way back to whoever waits for it.
pub(crate) trait Unit: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Fault>;
    fn is_protected(&self) -> bool;
    fn answer(self: Box<Self>, outcome: Result<(), Fault>);
}

pub(crate) struct Typed<F, R, D> {
    pub(crate) unit: F,
    pub(crate) result: Option<R>,
    /// Told the outcome, on the writer's thread.
    pub(crate) done: D,
    pub(crate) protected: bool,
}

impl<F, R, D> Unit for Typed<F, R, D>
where
    F: FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send,
    R: Send,
    D: FnOnce(Result<R, Fault>) + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.result = Some((self.unit)(tx)?);
        Ok(())
    }

    fn is_protected(&self) -> bool {
        self.protected
    }

    fn answer(self: Box<Self>, outcome: Result<(), Fault>) {
        let Self { unit, result, done, .. } = *self;
        // A unit may hold the last handle of whoever owns the store: it goes before the answer, so that the
        // store is never closed by its own writer.
        drop(unit);
        done(outcome.and_then(|()| result.ok_or(Fault::Panicked)));
    }
}

type Queued = Box<dyn Unit>;

/// What the writer's thread is sent.
pub(crate) enum Message {
    /// A unit to run.
    Unit(Queued),
    /// Somebody else wrote: there is a write-ahead log to look after.
    Look,
}

pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) signer: Arc<dyn Signer>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) edge: Edge,
    /// Bytes that only the protected lane may fill, when the size is limited.
    pub(crate) limit: Option<Limit>,
    /// Whether the reserve file was given back to the disk.
    pub(crate) is_reserve_out: bool,
    /// The page limit that is set now, in bytes.
    pub(crate) is_limited_to: Option<u64>,
    /// Pages in the write-ahead log after the last commit.
    pub(crate) wal_pages: Arc<AtomicU64>,
    /// Pages of write-ahead log at which the next checkpoint is tried.
    pub(crate) checkpoint_at: u64,
    /// Syncs the write-ahead log and copies it back meanwhile.
    pub(crate) checkpointer: Checkpointer,
    /// Pages in it when that was last asked for.
    pub(crate) synced_pages: u64,
    /// The facts of subjects, as committed.
    pub(crate) resident: Resident,
    /// How the write-ahead log is looked after.
    pub(crate) care: Care,
    /// What makes answers durable.
    pub(crate) redo: RedoLog,
    /// What was answered in the transaction that is open.
    pub(crate) unsettled: Unsettled,
}

/// Batches that are answered and stand in the open transaction, as the redo log has them: a roll-back does them again.
#[derive(Default)]
pub(crate) struct Unsettled {
    records: Vec<Written>,
    bytes: usize,
}

impl Unsettled {
    fn push(&mut self, record: Written) {
        self.bytes += record.len();
        self.records.push(record);
    }

    const fn is_enough(&self) -> bool {
        self.records.len() >= UNSETTLED_MAX || self.bytes >= UNSETTLED_BYTES_MAX
    }
}

/// When the write-ahead log is copied back and cut.
pub(crate) struct Care {
    /// Nothing stands in it.
    is_cut: bool,
    /// It must be cut then, even if nobody pauses.
    cut_due: Instant,
    /// Something was written since the last look.
    is_written: bool,
    /// Pauses in a row.
    idles: u32,
    /// The writer's thread was told to look and has not yet.
    is_told: bool,
}

impl Care {
    pub(crate) fn of(bytes: u64) -> Self {
        let cut_due = Instant::now() + REUSE_MAX;
        Self { is_cut: bytes == 0, cut_due, is_written: false, idles: 0, is_told: false }
    }
}

/// How large the file may grow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    /// For every unit.
    pub(crate) ordinary: u64,
    /// For withdrawals, restrictions and erasures.
    pub(crate) protected: u64,
}

/// Why a batch did not commit.
enum Broken {
    /// No room: nothing of it stands.
    Full,
    /// Another holder of the write lock: nothing of it stands.
    Busy,
    /// One of several units failed: nothing of it stands, each must run apart.
    Unit,
    /// The storage failed.
    Fatal(Fault),
}

/// How the units of a batch run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// One after the other in the batch's transaction.
    Together,
    /// Each in its savepoint.
    Apart,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Full => Self::Full,
            Fault::Busy => Self::Busy,
            fault => Self::Fatal(fault),
        }
    }
}

impl Writer {
    fn write(&mut self, units: Vec<Queued>) {
        if self.care.is_cut {
            self.care.cut_due = Instant::now() + REUSE_MAX;
        }
        // Whoever comes next hears of a fault: then the store is stopped.
        let _ = self.renew_redo();
        self.batch(units);
        self.care.is_cut = false;
        self.care.is_written = true;
        if self.unsettled.is_enough() {
            let _ = self.settle();
        }
    }

    /// Commits what was answered.
    pub(crate) fn settle(&mut self) -> Result<(), Fault> {
        if self.shared.is_stopped() {
            return Err(Fault::Stopped);
        }
        if self.connection.is_autocommit() {
            return Ok(());
        }
        let mut settled = self.commit_open();
        if settled == Err(Fault::Full) {
            // It was answered: it must find room.
            self.shared.folder.release_reserve();
            self.is_reserve_out = true;
            settled = self.roll_back().and_then(|()| self.commit_open());
        }
        settled.inspect_err(|_| self.shared.stop())?;
        self.unsettled = Unsettled::default();
        *self.shared.readable.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&self.edge.tiles);
        self.shared.is_open.store(false, Ordering::SeqCst);
        let pages = self.wal_pages.load(Ordering::Relaxed);
        if pages >= self.synced_pages + SYNC_PAGES {
            self.synced_pages = pages;
            self.checkpointer.ask_sync();
        }
        Ok(())
    }

    fn commit_open(&mut self) -> Result<(), Fault> {
        self.limit_to(None)?;
        if !self.unsettled.records.is_empty() {
            redo::mark(&self.connection, self.redo.number())?;
        }
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// Undoes what was not answered; what was stands in the open transaction again.
    fn roll_back(&mut self) -> Result<(), Fault> {
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        if !self.unsettled.records.is_empty() {
            self.limit_to(None)?;
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.unsettled.records.iter().try_for_each(|record| record.apply(&self.connection))?;
        }
        Ok(())
    }

    /// Lets a long redo log begin anew, all that it says being durable in the database.
    fn renew_redo(&mut self) -> Result<(), Fault> {
        if self.redo.is_long() {
            self.settle()?;
            self.shared.folder.sync_wal().inspect_err(|_| self.shared.stop())?;
            self.redo.restart();
        }
        Ok(())
    }

    fn limit_to(&mut self, bytes: Option<u64>) -> Result<(), Fault> {
        if self.limit.is_some() && self.is_limited_to != bytes {
            connection::limit_pages(&self.connection, bytes)?;
            self.is_limited_to = bytes;
        }
        Ok(())
    }

    /// Runs one unit on the thread that brings it; gives whether the writer's own must be told to look.
    pub(crate) fn lead(&mut self, unit: Queued) -> bool {
        let was_cut = self.care.is_cut;
        self.write(vec![unit]);
        if self.is_long() {
            self.checkpointer.ask();
        }
        let is_due = was_cut || self.checkpointer.is_done() || Instant::now() >= self.care.cut_due;
        is_due && !std::mem::replace(&mut self.care.is_told, true)
    }

    /// Copies the write-ahead log back, or cuts it, if it is time.
    fn look(&mut self) {
        self.care.is_told = false;
        // Also when commits are small and never pause: then the log is not long for a long time.
        if Instant::now() >= self.care.cut_due {
            let next = if self.checkpoint(Reset::Cut) { REUSE_MAX } else { IDLE };
            self.care.cut_due = Instant::now() + next;
        } else {
            self.steer_checkpoint();
        }
    }

    /// Commits what is open before the thread sleeps; gives whether it may sleep for good.
    fn rest(&mut self) -> bool {
        let _ = self.settle();
        self.care.is_cut
    }

    /// A time in which nothing was sent; it is a pause if nobody wrote on its own thread either.
    fn pause(&mut self) {
        if std::mem::take(&mut self.care.is_written) {
            self.care.idles = 0;
            let _ = self.settle();
            return self.look();
        }
        self.care.idles += 1;
        self.refill();
        let is_over = self.care.idles >= IDLES_UNTIL_CUT || Instant::now() >= self.care.cut_due;
        // A reader in the way: try again after the next pause.
        let is_done = self.checkpoint(if is_over { Reset::Cut } else { Reset::Reuse });
        self.care.is_cut = (is_done && is_over) || self.shared.is_stopped();
    }

    fn end(&mut self) {
        self.checkpointer.end();
        self.checkpoint(Reset::Cut);
    }

    /// Lets a long write-ahead log be copied back, and resets it once little is left to copy.
    fn steer_checkpoint(&mut self) {
        let pages = self.wal_pages.load(Ordering::Relaxed);
        if self.checkpointer.take_done() || pages >= self.checkpoint_at.saturating_mul(CHECKPOINT_BEHIND) {
            self.checkpoint(Reset::Reuse);
        } else if self.is_long() {
            self.checkpointer.ask();
        }
    }

    fn is_long(&self) -> bool {
        self.wal_pages.load(Ordering::Relaxed) >= self.checkpoint_at
    }

    fn batch(&mut self, units: Vec<Queued>) {
        let (protected, ordinary) = match self.commit(units, false) {
            Ok(()) => return,
            Err((units, Broken::Full)) => {
                units.into_iter().partition::<Vec<_>, _>(|unit| unit.is_protected())
            }
            Err((units, Broken::Busy | Broken::Unit)) => return refuse(units, &Fault::Busy),
            Err((units, Broken::Fatal(fault))) => return self.stop(units, &fault),
        };
        refuse(ordinary, &Fault::Full);
        if protected.is_empty() {
            return;
        }
        self.shared.folder.release_reserve();
        self.is_reserve_out = true;
        let again = self.commit(protected, true);
        match again {
            Ok(()) => {}
            Err((units, Broken::Full)) => refuse(units, &Fault::Full),
            Err((units, Broken::Busy | Broken::Unit)) => refuse(units, &Fault::Busy),
            Err((units, Broken::Fatal(fault))) => self.stop(units, &fault),
        }
    }

    /// Runs a batch, makes it durable and answers its units; gives them back unanswered when nothing of it stands.
    fn commit(&mut self, mut units: Vec<Queued>, protected: bool) -> Result<(), (Vec<Queued>, Broken)> {
        if self.shared.is_stopped() {
            return Err((units, Broken::Fatal(Fault::Stopped)));
        }
        let mut attempt = self.attempt(&mut units, protected, Run::Together);
        if matches!(attempt, Err(Broken::Unit)) {
            // What was answered is committed first, so that it is not done again for each unit that fails.
            attempt = self
                .roll_back()
                .and_then(|()| self.settle())
                .map_err(Broken::Fatal)
                .and_then(|()| self.attempt(&mut units, protected, Run::Apart));
        }
        match attempt {
            Ok((outcomes, edge)) => {
                // What is durable may be proven, and is missed by no reader from now on.
                self.shared.published.write().unwrap_or_else(PoisonError::into_inner).follow(&edge);
                self.edge = edge;
                self.shared.is_open.store(true, Ordering::SeqCst);
                // Where people read, they would all wait for this commit at once: then it comes before they are answered.
                // If it fails the store stops; what is durable is answered all the same.
                if self.shared.is_read.swap(false, Ordering::Relaxed) {
                    let _ = self.settle();
                }
                for (unit, outcome) in units.into_iter().zip(outcomes) {
                    unit.answer(outcome);
                }
                Ok(())
            }
            // After an error of storage nothing is touched again: the next start does from the redo log what is missing.
            Err(Broken::Fatal(fault)) => Err((units, Broken::Fatal(fault))),
            Err(broken) => match self.roll_back().and_then(|()| self.settle()) {
                Ok(()) => Err((units, broken)),
                Err(worse) => Err((units, Broken::Fatal(worse))),
            },
        }
    }

    fn attempt(
        &mut self,
        units: &mut [Queued],
        protected: bool,
        run: Run,
    ) -> Result<(Vec<Result<(), Fault>>, Edge), Broken> {
        self.limit_to(self.limit.map(|limit| if protected { limit.protected } else { limit.ordinary }))?;
        let is_open = !self.connection.is_autocommit();
        let mut tx = Tx::writer(&self.connection, self.edge.size(), &mut self.resident);
        if !is_open {
            tx.execute_unrecorded("BEGIN IMMEDIATE", &[])?;
        }
        let mut outcomes = Vec::with_capacity(units.len());
        for unit in units.iter_mut() {
            outcomes.push(match run {
                Run::Together => Ok(run_together(unit.as_mut(), &mut tx)?),
                Run::Apart => run_apart(unit.as_mut(), &mut tx)?,
            });
        }
        let size = tx.next_index().unwrap_or_else(|| self.edge.size());
        let edge = self.edge.integrate(&mut tx, size, self.signer.as_ref())?;
        #[cfg(test)]
        if let Some(fault) = self.shared.injected.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(fault.into());
        }
        let (changed, record) = tx.into_done();
        if !record.is_empty() {
            self.unsettled.push(self.redo.append(record)?);
        }
        for (subject, facts) in changed {
            // Of units that ran apart some were rolled back: what then stands is read when it is asked for.
            match facts.filter(|_| run == Run::Together) {
                Some(facts) => self.resident.put(&facts),
                None => self.resident.forget(subject),
            }
        }
        Ok((outcomes, edge))
    }

    fn stop(&self, units: Vec<Queued>, fault: &Fault) {
        self.shared.stop();
        refuse(units, if *fault == Fault::Stopped { &Fault::Stopped } else { fault });
    }

    /// Copies the write-ahead log back; gives whether nothing of it is needed any more.
    fn checkpoint(&mut self, reset: Reset) -> bool {
        if self.shared.is_stopped() {
            return false;
        }
        let checkpoint = self.settle().and_then(|()| connection::checkpoint(&self.connection, reset));
        let renewed = match (checkpoint, reset) {
            (Ok(false), Reset::Cut) => self.redo.cut().map(|()| false),
            (checkpoint, _) => checkpoint,
        };
        match renewed {
            Ok(false) => {
                self.redo.restart();
                self.wal_pages.store(0, Ordering::Relaxed);
                self.synced_pages = 0;
                self.reckon_checkpoint(0);
                true
            }
            // A reader holds an old snapshot, or the disk has no room: the log keeps all, try later.
            Ok(true) | Err(Fault::Busy | Fault::Full) => {
                self.reckon_checkpoint(self.wal_pages.load(Ordering::Relaxed));
                false
            }
            Err(_) => {
                self.shared.stop();
                false
            }
        }
    }

    /// Sets when the next checkpoint is due, `behind` pages being in the log that could not be copied back.
    fn reckon_checkpoint(&mut self, behind: u64) {
        let bytes = connection::page_bytes(&self.connection).unwrap_or(4096);
        let share = if behind == 0 { 1 } else { 4 };
        self.checkpoint_at = behind + CHECKPOINT_BYTES / bytes / share;
    }

    fn refill(&mut self) {
        if self.is_reserve_out && self.shared.folder.fill_reserve(self.shared.reserve).is_ok() {
            self.is_reserve_out = false;
        }
    }
}

/// The writer's thread: takes what waits until nobody can send any more.
pub(crate) fn serve(writer: &Mutex<Writer>, shared: &Shared, queue: &Receiver<Message>) {
    let lock = || writer.lock().unwrap_or_else(PoisonError::into_inner);
    lock().reckon_checkpoint(0);
    loop {
        let first = match await_awake(queue) {
            Some(first) => Ok(first),
            None if lock().rest() => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
            None => queue.recv_timeout(IDLE),
        };
        match first {
            Ok(first) => {
                let mut writer = lock();
                let units: Vec<Queued> = std::iter::once(first)
                    .chain(queue.try_iter().take(BATCH_MAX - 1))
                    .filter_map(|message| match message {
                        Message::Unit(unit) => Some(unit),
                        Message::Look => None,
                    })
                    .collect();
                shared.waiting.fetch_sub(units.len(), Ordering::SeqCst);
                if !units.is_empty() {
                    writer.write(units);
                }
                writer.look();
            }
            Err(RecvTimeoutError::Timeout) => lock().pause(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    lock().end();
}

/// The next message, if it comes while the thread would hardly have fallen asleep.
fn await_awake(queue: &Receiver<Message>) -> Option<Message> {
    let until = Instant::now() + AWAKE;
    loop {
        match queue.try_recv() {
            Ok(message) => return Some(message),
            Err(TryRecvError::Empty) if Instant::now() < until => std::thread::yield_now(),
            Err(_) => return None,
        }
    }
}

/// Runs one unit and finds what harms the whole batch.
fn run_unit(unit: &mut dyn Unit, tx: &mut Tx<'_>) -> Result<Result<(), Fault>, Broken> {
    let outcome = catch_unwind(AssertUnwindSafe(|| unit.run(tx))).unwrap_or(Err(Fault::Panicked));
    if let Some(fault) = tx.take_poison() {
        return Err(fault.into());
    }
    if tx.is_open() {
        Ok(outcome)
    } else {
        Err(Broken::Fatal(Fault::Corrupt("transaction ended inside a unit")))
    }
}

/// Runs one unit as if it could not fail.
fn run_together(unit: &mut dyn Unit, tx: &mut Tx<'_>) -> Result<(), Broken> {
    run_unit(unit, tx)?.map_err(|_| Broken::Unit)
}

/// Runs one unit in its savepoint. The outer error is what harms the whole batch.
fn run_apart(unit: &mut dyn Unit, tx: &mut Tx<'_>) -> Result<Result<(), Fault>, Broken> {
    let before = tx.next_index();
    let place = tx.place();
    tx.execute_unrecorded("SAVEPOINT unit", &[])?;
    let outcome = run_unit(unit, tx)?;
    if outcome.is_err() {
        tx.execute_unrecorded("ROLLBACK TO unit", &[])?;
        tx.undo_to(place.as_ref());
        if let Some(index) = before {
            tx.set_next_index(index);
        }
    }
    tx.execute_unrecorded("RELEASE unit", &[])?;
    Ok(outcome)
}

fn refuse(units: Vec<Queued>, fault: &Fault) {
    for unit in units {
        unit.answer(Err(fault.clone()));
    }
}
