//! Syncs the write-ahead log and copies it back into the file beside the writer, so that nobody waits for it.
//!
//! Invariant: copying changes nothing of what is committed, and only the writer resets the log, when it has little
//! left to copy; an error of storage here stops the store as one of the writer does (DESIGN §1, invariant 6).

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::connection;
use crate::fault::Fault;

/// Passes in a row: each finds less, since it takes less time than the one before.
const PASSES_MAX: usize = 8;
/// Pages that came during a pass after which another is not worth its sync: the writer copies what is left.
const PAGES_LEFT: u64 = 512;

/// Where a copy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copy {
    /// Nobody asked.
    Idle,
    /// Asked for or under way.
    Running,
    /// Done: the writer may reset the log.
    Done,
    /// The thread is to end.
    Over,
}

struct Work {
    copy: Copy,
    /// There is something to sync.
    is_written: bool,
}

struct Shared {
    work: Mutex<Work>,
    changed: Condvar,
}

impl Shared {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that copies, owned by the writer.
pub(crate) struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread on a connection of its own; `sync` makes the log durable, `failed` hears of an error of storage.
    pub(crate) fn start(
        connection: Connection,
        sync: impl Fn() -> Result<(), Fault> + Send + 'static,
        failed: impl Fn() + Send + 'static,
    ) -> Result<Self, Fault> {
        let work = Work { copy: Copy::Idle, is_written: false };
        let shared = Arc::new(Shared { work: Mutex::new(work), changed: Condvar::new() });
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("store-copy".into()).spawn(move || {
            while let Some(copy) = wait_for_work(&own) {
                let done = if copy == Copy::Running { copy_back(&connection) } else { sync() };
                if done.is_err() {
                    failed();
                }
                let mut work = own.work();
                if copy == Copy::Running && work.copy == Copy::Running {
                    work.copy = Copy::Done;
                }
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Asks for a copy, unless one is under way.
    pub(crate) fn ask(&self) {
        let mut work = self.shared.work();
        if work.copy == Copy::Idle {
            work.copy = Copy::Running;
            self.shared.changed.notify_all();
        }
    }

    /// Asks for a sync: many small ones hinder others less than one before a copy.
    pub(crate) fn ask_sync(&self) {
        self.shared.work().is_written = true;
        self.shared.changed.notify_all();
    }

    /// Whether a copy was finished since the last [`Checkpointer::take_done`].
    pub(crate) fn is_done(&self) -> bool {
        self.shared.work().copy == Copy::Done
    }

    /// Whether a copy was finished since the last look.
    pub(crate) fn take_done(&self) -> bool {
        let mut work = self.shared.work();
        let is_done = work.copy == Copy::Done;
        if is_done {
            work.copy = Copy::Idle;
        }
        is_done
    }

    /// Ends the thread.
    pub(crate) fn end(&mut self) {
        self.shared.work().copy = Copy::Over;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // It cannot panic; if it did, the writer's own last copy says whether all is well.
            let _ = thread.join();
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.end();
    }
}

/// What is to be done: a copy, or else a sync.
fn wait_for_work(shared: &Shared) -> Option<Copy> {
    let mut work = shared
        .changed
        .wait_while(shared.work(), |work| matches!(work.copy, Copy::Idle | Copy::Done) && !work.is_written)
        .unwrap_or_else(PoisonError::into_inner);
    work.is_written = false;
    (work.copy != Copy::Over).then_some(work.copy)
}

fn copy_back(connection: &Connection) -> Result<(), Fault> {
    let mut copied = 0;
    for _ in 0..PASSES_MAX {
        match connection::copy_back(connection) {
            Ok((pages, left)) if left == 0 && pages.saturating_sub(copied) <= PAGES_LEFT => return Ok(()),
            Ok((pages, left)) => copied = pages - left,
            // The writer is at it himself, or the disk has no room: the log keeps all.
            Err(Fault::Busy | Fault::Full) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}
