//! Copies the write-ahead log back into the file beside the writer, so that nobody waits for it.
//!
//! Invariant: copying changes nothing of what is committed, and only the writer resets the log, when it has little
//! left to copy; an error of storage here stops the store as one of the writer does (DESIGN §1, invariant 6).

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::connection;
use crate::fault::Fault;

/// Passes in a row: each finds less, since it takes less time than the one before.
const PASSES_MAX: usize = 3;
/// Pages left over for the writer after which another pass is not worth its sync.
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

struct Shared {
    copy: Mutex<Copy>,
    changed: Condvar,
}

impl Shared {
    fn copy(&self) -> MutexGuard<'_, Copy> {
        self.copy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that copies, owned by the writer.
pub(crate) struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread on a connection of its own; `failed` hears of an error of storage.
    pub(crate) fn start(connection: Connection, failed: impl Fn() + Send + 'static) -> Result<Self, Fault> {
        let shared = Arc::new(Shared { copy: Mutex::new(Copy::Idle), changed: Condvar::new() });
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("store-copy".into()).spawn(move || {
            while wait_for_work(&own) {
                if copy_back(&connection).is_err() {
                    failed();
                }
                let mut copy = own.copy();
                if *copy == Copy::Running {
                    *copy = Copy::Done;
                }
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Asks for a copy, unless one is under way.
    pub(crate) fn ask(&self) {
        let mut copy = self.shared.copy();
        if *copy == Copy::Idle {
            *copy = Copy::Running;
            self.shared.changed.notify_all();
        }
    }

    /// Whether a copy was finished since the last [`Checkpointer::take_done`].
    pub(crate) fn is_done(&self) -> bool {
        *self.shared.copy() == Copy::Done
    }

    /// Whether a copy was finished since the last look.
    pub(crate) fn take_done(&self) -> bool {
        let mut copy = self.shared.copy();
        let is_done = *copy == Copy::Done;
        if is_done {
            *copy = Copy::Idle;
        }
        is_done
    }

    /// Ends the thread.
    pub(crate) fn end(&mut self) {
        *self.shared.copy() = Copy::Over;
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

fn wait_for_work(shared: &Shared) -> bool {
    let copy = shared
        .changed
        .wait_while(shared.copy(), |copy| matches!(copy, Copy::Idle | Copy::Done))
        .unwrap_or_else(PoisonError::into_inner);
    *copy == Copy::Running
}

fn copy_back(connection: &Connection) -> Result<(), Fault> {
    for _ in 0..PASSES_MAX {
        match connection::copy_back(connection) {
            Ok(left) if left <= PAGES_LEFT => return Ok(()),
            // The writer is at it himself, or the disk has no room: the log keeps all.
            Ok(_) | Err(Fault::Busy | Fault::Full) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}
