//! The embedded default: a writer thread with group commit, reader connections, one data folder held alone.
//!
//! Invariant: an answer of [`Sqlite::write`] leaves after what was done is durable; a read that begins then sees it; after a storage error every call
//! answers [`Fault::Stopped`] (DESIGN §1, invariants 5 and 6).

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, TryLockError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tlog::tile::EdgeTiles;

use crate::checkpointer::Checkpointer;
use crate::connection;
use crate::fault::Fault;
use crate::files::{Folder, RESERVE_BYTES};
use crate::integrate::{self, Edge, Published};
use crate::log::Inclusion;
use crate::migrations;
use crate::redo::RedoLog;
use crate::resident::Resident;
use crate::store::Options;
use crate::tx::Tx;
use crate::writer::{self, Care, Limit, Message, Typed, Unit, Unsettled, Writer};

/// Units that may wait for the writer before [`Fault::Busy`] is answered.
const QUEUE: usize = 4096;

/// What the writer and the readers share.
pub(crate) struct Shared {
    pub(crate) folder: Folder,
    pub(crate) reserve: u64,
    /// The tree as answered.
    pub(crate) published: RwLock<Published>,
    /// The edge of the tree that readers of the database find in it, or of one before it.
    pub(crate) readable: RwLock<Arc<EdgeTiles>>,
    stopped: AtomicBool,
    /// Something was answered that the database has not committed: a reader must not miss it.
    pub(crate) is_open: AtomicBool,
    /// Somebody read since the last commit: the next batch is committed before it is answered, so that nobody waits for it.
    pub(crate) is_read: AtomicBool,
    /// Units sent to the writer's thread and not taken by it.
    pub(crate) waiting: AtomicUsize,
    #[cfg(test)]
    pub(crate) injected: Mutex<Option<Fault>>,
}

impl Shared {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }
}

/// One file and its threads.
pub(crate) struct Sqlite {
    shared: Arc<Shared>,
    queue: Option<SyncSender<Message>>,
    writer: Arc<Mutex<Writer>>,
    thread: Option<JoinHandle<()>>,
    readers: Readers,
}

impl Sqlite {
    /// Opens the database of a folder, or makes it: migrates, and holds the log against its checkpoint.
    pub(crate) fn open(folder: Folder, options: Options) -> Result<Self, Fault> {
        let mut connection = connection::writer(&folder.database())?;
        let redo = match RedoLog::recover(folder.redo()?, &connection) {
            // What was answered must find room on a full disk too.
            Err(Fault::Full) => {
                folder.release_reserve();
                RedoLog::recover(folder.redo()?, &connection)?
            }
            recovered => recovered?,
        };
        migrations::apply(&connection)?;
        let limit = options
            .max_bytes
            .map(|bytes| Limit { ordinary: bytes - RESERVE_BYTES.min(bytes / 4), protected: bytes });
        let reserve = options.max_bytes.map_or(RESERVE_BYTES, |bytes| RESERVE_BYTES.min(bytes / 4));
        // On a full disk the folder still opens: the protected lane must work after a restart too.
        let is_reserve_out = match folder.fill_reserve(reserve) {
            Ok(()) => false,
            Err(Fault::Full) => true,
            Err(fault) => return Err(fault),
        };
        let edge = {
            let mut tx = Tx::new(&connection, None);
            tx.execute("BEGIN IMMEDIATE", &[])?;
            let mut edge = Edge::load(&mut tx, options.log.as_ref())?;
            // Only a backup of a server's database, restored here, brings entries that wait.
            let taken = integrate::take_pending(&mut tx, edge.size(), u32::MAX)?;
            edge = edge.integrate(&mut tx, edge.size() + u64::from(taken), options.log.as_ref())?;
            tx.execute("COMMIT", &[])?;
            edge
        };
        // What the redo log's records will stand on.
        folder.sync_wal()?;
        let wal_pages = connection::count_wal_pages(&mut connection)?;
        let readers = Readers::open(&folder, options.readers.max(1))?;
        let shared = Arc::new(Shared {
            folder,
            reserve,
            published: RwLock::new(Published::of(&edge)),
            readable: RwLock::new(Arc::clone(&edge.tiles)),
            stopped: AtomicBool::new(false),
            is_open: AtomicBool::new(false),
            is_read: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            #[cfg(test)]
            injected: Mutex::new(None),
        });
        let (synced, stopped) = (Arc::clone(&shared), Arc::clone(&shared));
        let copying = connection::checkpointer(&shared.folder.database())?;
        let writer = Writer {
            connection,
            redo,
            unsettled: Unsettled::default(),
            checkpointer: Checkpointer::start(
                copying,
                move || synced.folder.sync_wal(),
                move || stopped.stop(),
            )?,
            synced_pages: 0,
            signer: options.log,
            shared: Arc::clone(&shared),
            edge,
            limit,
            is_reserve_out,
            is_limited_to: None,
            wal_pages,
            checkpoint_at: 0,
            resident: Resident::default(),
            care: Care::of(shared.folder.wal_bytes()),
        };
        let writer = Arc::new(Mutex::new(writer));
        let (queue, waiting) = sync_channel(QUEUE);
        let (serving, sharing) = (Arc::clone(&writer), Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer::serve(&serving, &sharing, &waiting))?;
        Ok(Self { shared, queue: Some(queue), writer, thread: Some(thread), readers })
    }

    /// Runs a unit and waits for its answer: here if nobody else writes or waits, else on the writer's thread.
    /// `protected` ones work on a full disk too.
    pub(crate) fn write<R, F>(&self, unit: F, protected: bool) -> Result<R, Fault>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        let done = move |outcome| {
            // Whoever asked may have gone away; what is committed stands all the same.
            let _ = reply.send(outcome);
        };
        if let Some(unit) = self.lead(Box::new(Typed { unit, result: None, done, protected })) {
            self.send(unit);
        }
        answer.recv().unwrap_or(Err(Fault::Stopped))
    }

    /// Hands a unit to the writer's thread; `done` is told the outcome once, on that thread unless it is refused here.
    pub(crate) fn write_then<R, F, D>(&self, unit: F, protected: bool, done: D)
    where
        F: FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send + 'static,
        R: Send + 'static,
        D: FnOnce(Result<R, Fault>) + Send + 'static,
    {
        self.send(Box::new(Typed { unit, result: None, done, protected }));
    }

    /// Runs a unit on this thread, or gives it back: others write or wait, who would each wait for a sync of their own.
    fn lead(&self, unit: Box<dyn Unit>) -> Option<Box<dyn Unit>> {
        if self.shared.waiting.load(Ordering::SeqCst) > 0 {
            return Some(unit);
        }
        let mut writer = match self.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Some(unit),
        };
        let is_told = writer.lead(unit);
        drop(writer);
        if let Some(queue) = self.queue.as_ref().filter(|_| is_told) {
            // A full queue keeps the writer's thread awake without it.
            let _ = queue.try_send(Message::Look);
        }
        None
    }

    fn send(&self, unit: Box<dyn Unit>) {
        let Some(queue) = self.queue.as_ref().filter(|_| !self.is_stopped()) else {
            return unit.answer(Err(Fault::Stopped));
        };
        self.shared.waiting.fetch_add(1, Ordering::SeqCst);
        let (message, fault) = match queue.try_send(Message::Unit(unit)) {
            Ok(()) => return,
            Err(TrySendError::Full(message)) => (message, Fault::Busy),
            Err(TrySendError::Disconnected(message)) => (message, Fault::Stopped),
        };
        self.shared.waiting.fetch_sub(1, Ordering::SeqCst);
        if let Message::Unit(unit) = message {
            unit.answer(Err(fault));
        }
    }

    /// Runs a function on one snapshot of everything committed; waits for a free reader.
    pub(crate) fn read<R>(&self, mut f: impl FnMut(&mut Tx<'_>) -> Result<R, Fault>) -> Result<R, Fault> {
        if self.is_stopped() {
            return Err(Fault::Stopped);
        }
        self.shared.is_read.store(true, Ordering::Relaxed);
        let reader = self.readers.take();
        let Some(connection) = reader.connection.as_ref() else { return Err(Fault::Busy) };
        self.settle()?;
        let edge = Arc::clone(&self.shared.readable.read().unwrap_or_else(PoisonError::into_inner));
        let mut tx = Tx::reader(connection, edge);
        let answer = tx.execute("BEGIN", &[]).and_then(|_| f(&mut tx));
        if tx.take_poison().is_some_and(|fault| fault.is_fatal()) {
            self.shared.stop();
        }
        answer
    }

    /// Commits what was answered, if the database has not yet.
    fn settle(&self) -> Result<(), Fault> {
        if !self.shared.is_open.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).settle()
    }

    /// The proof for a leaf that was appended not long ago; `None` for one that must be read.
    pub(crate) fn known_inclusion(&self, index: u64) -> Option<Inclusion> {
        self.shared.published.read().unwrap_or_else(PoisonError::into_inner).inclusion(index)
    }

    /// Whether a storage error ended all acknowledgement.
    pub(crate) fn is_stopped(&self) -> bool {
        self.shared.is_stopped()
    }

    /// The file, with all in it that was answered.
    pub(crate) fn database(&self) -> Result<PathBuf, Fault> {
        self.settle()?;
        Ok(self.shared.folder.database())
    }

    #[cfg(test)]
    pub(crate) fn inject(&self, fault: Fault) {
        *self.shared.injected.lock().unwrap() = Some(fault);
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.queue = None;
        // A caller that gave up waiting may leave the last handle to the writer: it cannot wait for itself.
        if let Some(thread) =
            self.thread.take().filter(|thread| thread.thread().id() != std::thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

/// The pool of reader connections.
struct Readers {
    free: Mutex<Vec<Connection>>,
    returned: Condvar,
}

/// A reader on loan; it goes back when dropped, its transaction ended.
struct Reader<'a> {
    pool: &'a Readers,
    connection: Option<Connection>,
}

impl Readers {
    fn open(folder: &Folder, count: usize) -> Result<Self, Fault> {
        let free = (0..count).map(|_| connection::reader(&folder.database())).collect::<Result<_, _>>()?;
        Ok(Self { free: Mutex::new(free), returned: Condvar::new() })
    }

    fn take(&self) -> Reader<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free =
            self.returned.wait_while(free, |free| free.is_empty()).unwrap_or_else(PoisonError::into_inner);
        Reader { pool: self, connection: free.pop() }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if !connection.is_autocommit() {
                let ended = connection.prepare_cached("ROLLBACK").and_then(|mut end| end.execute([]));
                // It cannot fail on a read; if it did, the next BEGIN would say so.
                drop(ended);
            }
            self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            self.pool.returned.notify_one();
        }
    }
}
