//! The plain replayer: the same engine, the same file settings that matter for durability, the same group
//! commit, and nothing of what the product does: no encryption, no decision, no log with proofs.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

/// As the product's writer: most units of a commit, pages before a checkpoint, pause before one.
const BATCH_MAX: usize = 256;
const CHECKPOINT_PAGES: i64 = (32 << 20) / 2048;
const IDLE: Duration = Duration::from_millis(500);

type Work = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;
type Answer = Result<(), String>;

enum Reply {
    Thread(SyncSender<Answer>),
    Task(oneshot::Sender<Answer>),
}

/// A plain database with one writer and group commit; `synchronous=FULL` in a write-ahead log.
pub(crate) struct Plain {
    queue: Option<SyncSender<(Work, Reply)>>,
    writer: Option<JoinHandle<()>>,
}

impl Plain {
    /// A fresh database with these tables.
    pub fn open(path: &Path, tables: &str) -> anyhow::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
             PRAGMA cache_size = -65536;",
        )?;
        connection.execute_batch(tables)?;
        let (queue, waiting) = sync_channel(4096);
        let writer = std::thread::Builder::new()
            .name("plain-writer".into())
            .spawn(move || write(&connection, &waiting))?;
        Ok(Self { queue: Some(queue), writer: Some(writer) })
    }

    fn send(&self, work: Work, reply: Reply) -> anyhow::Result<()> {
        let queue = self.queue.as_ref().ok_or_else(|| anyhow::anyhow!("closed"))?;
        queue.send((work, reply)).map_err(|_| anyhow::anyhow!("the plain writer ended"))
    }

    /// Writes and waits, on this thread, for the durable commit.
    pub fn write(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let (reply, answer) = sync_channel(1);
        self.send(Box::new(work), Reply::Thread(reply))?;
        answer.recv()?.map_err(anyhow::Error::msg)
    }

    /// The same for a task.
    pub async fn write_async(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let (reply, answer) = oneshot::channel();
        self.send(Box::new(work), Reply::Task(reply))?;
        answer.await?.map_err(anyhow::Error::msg)
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

fn write(connection: &Connection, queue: &Receiver<(Work, Reply)>) {
    loop {
        let first = match queue.recv_timeout(IDLE) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout) => {
                checkpoint(connection, 1);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let (works, replies): (Vec<Work>, Vec<Reply>) =
            std::iter::once(first).chain(queue.try_iter().take(BATCH_MAX - 1)).unzip();
        let done = commit(connection, works).map_err(|error| error.to_string());
        for reply in replies {
            // Whoever asked may have gone away.
            let _ = match reply {
                Reply::Thread(reply) => reply.send(done.clone()).is_ok(),
                Reply::Task(reply) => reply.send(done.clone()).is_ok(),
            };
        }
        checkpoint(connection, CHECKPOINT_PAGES);
    }
}

fn commit(connection: &Connection, works: Vec<Work>) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    for work in works {
        work(connection)?;
    }
    connection.prepare_cached("COMMIT")?.execute([]).map(drop)
}

/// As the product's writer: copied back when it is long, and written over from its beginning.
fn checkpoint(connection: &Connection, pages: i64) {
    let behind = connection
        .prepare_cached("PRAGMA wal_checkpoint(NOOP)")
        .and_then(|mut asked| asked.query_row([], |row| row.get::<_, i64>(1)));
    if behind.is_ok_and(|behind| behind < pages) {
        return;
    }
    let done = connection
        .prepare_cached("PRAGMA wal_checkpoint(RESTART)")
        .and_then(|mut asked| asked.query_row([], |row| row.get::<_, i64>(0)));
    if let Err(error) = done {
        eprintln!("plain checkpoint: {error}");
    }
}
